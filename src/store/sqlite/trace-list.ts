/** Lists of traces, newest first, by every filter of the contract. */
import { eq, sql } from 'drizzle-orm';
import { traces } from '#schema';
import type { Run } from '../../lineage/timeline.ts';
import { labelGlob } from '../label-glob.ts';
import type { TraceFilter, TraceKey, TracePage } from '../store.ts';
import type { History } from './history.ts';
import type { LabelRow, Labels } from './labels.ts';
import type { Db } from './open.ts';
import { type Condition, conditions, JOINED, type Part, type Range } from './trace-filter.ts';
import type { TraceRow } from './traces.ts';

interface Key extends TraceKey {
  seq: number;
}

const ALL_TIME: Range = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

const PART: Record<Part, string[]> = {
  all: [],
  declared: ['t.blob_id IS NOT NULL'],
  undeclared: ['t.blob_id IS NULL'],
};

export class TraceList {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #history: History;
  readonly #row;

  constructor(db: Db, labels: Labels, history: History) {
    this.#db = db;
    this.#row = db
      .select()
      .from(traces)
      .where(eq(traces.seq, sql.placeholder('seq')))
      .prepare();
    this.#labels = labels;
    this.#history = history;
  }

  page(filter: TraceFilter, { limit, before }: TracePage): TraceRow[] {
    const keys = conditions(filter).flatMap((condition) =>
      filter.label === undefined && condition.ranges === null && condition.part === 'all'
        ? this.#keys(filter, condition, null, ALL_TIME, before, limit)
        : this.#keysByLabel(filter, condition, before, limit),
    );
    return this.#rows(keys.sort(newestFirst).slice(0, limit));
  }

  #keysByLabel(
    filter: TraceFilter,
    condition: Condition,
    before: TraceKey | null,
    limit: number,
  ): Key[] {
    const wanted = filter.label === undefined ? null : labelGlob(filter.label);
    const found: Key[] = [];
    for (const { id, name } of this.#labels.names(false)) {
      if (wanted && !wanted.test(name)) continue;
      const label = this.#labels.byId(id);
      const ofLabel: Key[] = [];
      for (const range of this.#ranges(condition, label)) {
        if (ofLabel.length >= limit) break;
        const rest = limit - ofLabel.length;
        ofLabel.push(...this.#keys(filter, condition, id, range, before, rest));
      }
      found.push(...ofLabel);
    }
    return found;
  }

  #ranges(condition: Condition, label: LabelRow): Range[] {
    if (!condition.ranges) return [ALL_TIME];
    const runs: Run[] = this.#history.all(label.id);
    return condition.ranges(label, runs);
  }

  #keys(
    filter: TraceFilter,
    condition: Condition,
    labelId: number | null,
    range: Range,
    before: TraceKey | null,
    limit: number,
  ): Key[] {
    const from = Math.max(range.from, filter.from ?? range.from);
    const to = Math.min(range.to, filter.to ?? range.to, before ? before.startedAt + 1 : range.to);
    if (from >= to) return [];
    const where = ['t.started_at >= :from AND t.started_at < :to', ...PART[condition.part]];
    if (labelId !== null) where.push('t.label_id = :labelId');
    if (before) where.push('(t.started_at < :at OR t.id < :id)');
    if (filter.decision !== undefined) where.push('t.decision = :decision');
    const source = condition.where.length > 0 ? JOINED : 'traces t';
    const statement = this.#db.$client.prepare(
      `SELECT t.seq, t.started_at AS startedAt, t.id FROM ${source}
       WHERE ${[...where, ...condition.where].join('\n AND ')}
       ORDER BY t.started_at DESC, t.id DESC LIMIT :limit`,
    );
    const { artifact, candidate, decision } = filter;
    const values = { artifact, candidate, decision, from, to, labelId, limit };
    return statement.all({ ...values, at: before?.startedAt, id: before?.id }) as Key[];
  }

  #rows(keys: Key[]): TraceRow[] {
    return keys.flatMap(({ seq }) => this.#row.get({ seq }) ?? []);
  }
}

function newestFirst(a: Key, b: Key): number {
  return b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1);
}
