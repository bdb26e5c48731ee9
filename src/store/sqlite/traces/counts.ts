/** Traces of a label by time, for charts: from the counts of hours, or one by one where there are few. */
import {
  type CountedPeriod,
  HOUR_MS,
  type TraceCount,
  type TraceCounts,
} from '../../trace-count.ts';
import type { LabelRow } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Certainties, Effort } from './certainties.ts';
import { decisionOfKey, hourOf, OTHERS } from './hour-counts.ts';
import type { TraceHours } from './trace-hours.ts';

interface Row {
  bucket: number;
  decision: string;
  traces: number;
  declared: number;
}

interface Found {
  rows: Row[];
  /** When the first bucket begins, and the last ends; ms. */
  start: number;
  end: number;
  stepMs: number;
}

/** Decisions that are told by name, those of the most traces. */
const MOST_NAMED = 8;
/** So many are counted one by one: some 5 ms. */
const MOST_ONE_BY_ONE = 2000;

export class Counts {
  readonly #hours: TraceHours;
  readonly #certainties: Certainties;
  readonly #ofHours;
  readonly #count;
  readonly #ofTraces;
  readonly #extent;

  constructor(db: Db, hours: TraceHours, certainties: Certainties) {
    this.#hours = hours;
    this.#certainties = certainties;
    const { $client: client } = db;
    this.#ofHours = client.prepare<object, Row>(
      `SELECT (hour - CAST(:first AS INTEGER)) / CAST(:hours AS INTEGER) AS bucket, decision,
         sum(traces) AS traces, sum(declared) AS declared
       FROM trace_hours
       WHERE label_id = CAST(:labelId AS INTEGER)
         AND hour >= CAST(:first AS INTEGER) AND hour < CAST(:until AS INTEGER)
       GROUP BY 1, 2 HAVING sum(traces) > 0`,
    );
    const within = `label_id = CAST(:labelId AS INTEGER)
       AND started_at >= CAST(:from AS INTEGER) AND started_at < CAST(:to AS INTEGER)`;
    this.#count = client
      .prepare<object, number>(
        `SELECT count(*) FROM (SELECT 1 FROM traces INDEXED BY traces_label_time
           WHERE ${within} LIMIT CAST(:limit AS INTEGER))`,
      )
      .pluck();
    this.#ofTraces = client.prepare<object, Row>(
      `SELECT (started_at - CAST(:from AS INTEGER)) / CAST(:stepMs AS INTEGER) AS bucket,
         CASE WHEN decision IS NULL THEN '' ELSE '=' || decision END AS decision,
         count(*) AS traces, count(blob_id) AS declared
       FROM traces INDEXED BY traces_label_time WHERE ${within} GROUP BY 1, 2`,
    );
    this.#extent = client.prepare<[number, number], { first: number | null; last: number | null }>(
      `SELECT (SELECT min(started_at) FROM traces WHERE label_id = CAST(? AS INTEGER)) AS first,
         (SELECT max(started_at) FROM traces WHERE label_id = CAST(? AS INTEGER)) AS last`,
    );
  }

  /** When the first and the last of its traces began, ms; null: it has none. */
  extentOf({ id }: LabelRow): { from: number; to: number } | null {
    const { first, last } = this.#extent.get(id, id)!;
    return first === null || last === null ? null : { from: first, to: last };
  }

  of(label: LabelRow, period: CountedPeriod, effort: Effort): TraceCounts {
    const found = this.#oneByOne(label, period) ?? this.#byTheHour(label, period);
    const { rows, start, end, stepMs } = found;
    const named = mostOf(rows);
    const byBucket = [...Map.groupBy(rows, ({ bucket }) => bucket)].sort(([a], [b]) => a - b);
    const asked = byBucket.map(([bucket, own]) => ({
      from: start + bucket * stepMs,
      to: Math.min(start + (bucket + 1) * stepMs, end),
      traces: sum(own, 'traces') - sum(own, 'declared'),
    }));
    const certain = this.#certainties.of(label, asked, effort);
    const buckets = byBucket.map(([, own], i): TraceCount => {
      const { counts, uncounted } = certain[i]!;
      const { from, to } = asked[i]!;
      const certainties = { declared: sum(own, 'declared'), ...counts };
      return { from, to, ...decided(own, named), certainties, uncounted };
    });
    return { buckets, stepMs, complete: this.#hours.counting.isDone };
  }

  /** Null where hours do, or there are too many. */
  #oneByOne({ id }: LabelRow, { from, to, stepMs }: CountedPeriod): Found | null {
    if (stepMs >= HOUR_MS) return null;
    const bound = { labelId: id, from, to };
    if (this.#count.get({ ...bound, limit: MOST_ONE_BY_ONE + 1 })! > MOST_ONE_BY_ONE) return null;
    return { rows: this.#ofTraces.all({ ...bound, stepMs }), start: from, end: to, stepMs };
  }

  #byTheHour({ id }: LabelRow, { from, to, stepMs }: CountedPeriod): Found {
    const hours = Math.max(1, Math.floor(stepMs / HOUR_MS));
    const first = hourOf(from);
    const until = Math.ceil(to / HOUR_MS);
    const rows = this.#ofHours.all({ labelId: id, first, until, hours });
    for (const { hour, ...count } of this.#hours.unwrittenOf(id)) {
      if (hour < first || hour >= until) continue;
      rows.push({ bucket: Math.floor((hour - first) / hours), ...count });
    }
    const whole = { start: first * HOUR_MS, stepMs: hours * HOUR_MS };
    return { rows, ...whole, end: Number.POSITIVE_INFINITY };
  }
}

function decided(rows: readonly Row[], named: ReadonlySet<string>) {
  const own = rows.filter(({ decision }) => named.has(decision));
  const traces = sum(rows, 'traces');
  // What is written, and what isn't yet.
  const decisions = [...Map.groupBy(own, ({ decision }) => decision)]
    .map(([decision, some]) => ({ decision: decisionOfKey(decision), traces: sum(some, 'traces') }))
    .sort((a, b) => b.traces - a.traces);
  return { traces, decisions, otherDecisions: traces - sum(own, 'traces') };
}

function mostOf(rows: readonly Row[]): ReadonlySet<string> {
  const totals = new Map<string, number>();
  for (const { decision, traces } of rows) {
    if (decision !== OTHERS) totals.set(decision, (totals.get(decision) ?? 0) + traces);
  }
  const most = [...totals].sort(([, a], [, b]) => b - a).slice(0, MOST_NAMED);
  return new Set(most.map(([decision]) => decision));
}

function sum(rows: readonly Row[], column: 'traces' | 'declared'): number {
  return rows.reduce((total, row) => total + row[column], 0);
}
