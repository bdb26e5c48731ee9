/** Traces of a label by time, for charts: from the counts of hours, never from the traces themselves. */
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

/** Decisions that are told by name, those of the most traces. */
const MOST_NAMED = 8;

export class Counts {
  readonly #hours: TraceHours;
  readonly #certainties: Certainties;
  readonly #rows;
  readonly #extent;

  constructor(db: Db, hours: TraceHours, certainties: Certainties) {
    this.#hours = hours;
    this.#certainties = certainties;
    const { $client: client } = db;
    this.#rows = client.prepare<object, Row>(
      `SELECT (hour - CAST(:first AS INTEGER)) / CAST(:hours AS INTEGER) AS bucket, decision,
         sum(traces) AS traces, sum(declared) AS declared
       FROM trace_hours
       WHERE label_id = CAST(:labelId AS INTEGER)
         AND hour >= CAST(:first AS INTEGER) AND hour < CAST(:until AS INTEGER)
       GROUP BY 1, 2 HAVING sum(traces) > 0`,
    );
    this.#extent = client.prepare<[number, number], { first: number | null; last: number | null }>(
      `SELECT (SELECT min(hour) FROM trace_hours WHERE label_id = CAST(? AS INTEGER)) AS first,
         (SELECT max(hour) FROM trace_hours WHERE label_id = CAST(? AS INTEGER)) AS last`,
    );
  }

  /** Between which hours its traces began, ms; null: none is counted. */
  extentOf({ id }: LabelRow): { from: number; to: number } | null {
    const { first, last } = this.#extent.get(id, id)!;
    const written = first === null || last === null ? [] : [first, last];
    const hours = [...written, ...this.#hours.unwrittenOf(id).map(({ hour }) => hour)];
    if (hours.length === 0) return null;
    return { from: Math.min(...hours) * HOUR_MS, to: (Math.max(...hours) + 1) * HOUR_MS };
  }

  of(label: LabelRow, { from, to, hours }: CountedPeriod, effort: Effort): TraceCounts {
    const first = hourOf(from);
    const until = Math.ceil(to / HOUR_MS);
    const rows = this.#rows.all({ labelId: label.id, first, until, hours });
    for (const { hour, ...count } of this.#hours.unwrittenOf(label.id)) {
      if (hour < first || hour >= until) continue;
      rows.push({ bucket: Math.floor((hour - first) / hours), ...count });
    }
    const named = mostOf(rows);
    const byBucket = [...Map.groupBy(rows, ({ bucket }) => bucket)].sort(([a], [b]) => a - b);
    const asked = byBucket.map(([bucket, own]) => ({
      from: (first + bucket * hours) * HOUR_MS,
      to: (first + (bucket + 1) * hours) * HOUR_MS,
      traces: sum(own, 'traces') - sum(own, 'declared'),
    }));
    const certain = this.#certainties.of(label, asked, effort);
    const buckets = byBucket.map(([, own], i): TraceCount => {
      const { counts, uncounted } = certain[i]!;
      const { from: begin, to: end } = asked[i]!;
      const certainties = { declared: sum(own, 'declared'), ...counts };
      return { from: begin, to: end, ...decided(own, named), certainties, uncounted };
    });
    return { buckets, complete: this.#hours.counting.isDone };
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
