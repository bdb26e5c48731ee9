/** Lists of traces, newest first, by every filter of the contract. */
import { eq, sql } from 'drizzle-orm';
import { traces } from '#schema';
import type { Run } from '../../lineage/timeline.ts';
import { labelGlob } from '../label-glob.ts';
import type { TraceFilter, TraceKey, TracePage } from '../store.ts';
import type { History } from './history.ts';
import type { LabelRow, Labels } from './labels.ts';
import type { Cut, LostStretches } from './lost.ts';
import type { Db } from './open.ts';
import { type Condition, conditions, JOINED, type Part, type Range } from './trace-filter.ts';
import type { TraceRow } from './traces.ts';

interface Key extends TraceKey {
  seq: number;
}

/** The newest `limit` keys of a label (null: of all) within a range. */
type Ask = (label: { id: number; cuts: string } | null, range: Range, limit: number) => Key[];

/** Characters of text after which a page ends: a thousand traces may have 16 MiB each. */
const PAGE_TEXT = 16 * 2 ** 20;

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
  readonly #lost: LostStretches;
  readonly #row;

  constructor(db: Db, labels: Labels, history: History, lost: LostStretches) {
    this.#db = db;
    this.#row = db
      .select()
      .from(traces)
      .where(eq(traces.seq, sql.placeholder('seq')))
      .prepare();
    this.#labels = labels;
    this.#history = history;
    this.#lost = lost;
  }

  /** A page, cut short where its texts would fill the memory; `more` where another may follow. */
  page(filter: TraceFilter, page: TracePage): { rows: TraceRow[]; more: boolean } {
    const isCut = this.#lost.all.length > 0;
    const keys = conditions(filter, isCut).flatMap((condition) => {
      const everywhere =
        filter.label === undefined &&
        condition.ranges === null &&
        condition.part === 'all' &&
        !(isCut && condition.where.length > 0);
      const ask = this.#question(filter, condition, page, everywhere ? null : ':labelId');
      return everywhere
        ? ask(null, ALL_TIME, page.limit)
        : this.#keysByLabel(filter, condition, page.limit, ask);
    });
    const wanted = keys.sort(newestFirst).slice(0, page.limit);
    const rows = this.#rows(wanted);
    return { rows, more: rows.length < wanted.length || wanted.length === page.limit };
  }

  #keysByLabel(filter: TraceFilter, condition: Condition, limit: number, ask: Ask): Key[] {
    const wanted = filter.label === undefined ? null : labelGlob(filter.label);
    return this.#labels.all().flatMap((label) => {
      if (wanted && !wanted.test(label.name)) return [];
      const cuts = condition.where.length > 0 ? this.#lost.cutsOf(label) : [];
      const asked = { id: label.id, cuts: JSON.stringify(cuts) };
      const found: Key[] = [];
      for (const range of this.#ranges(condition, label, cuts)) {
        if (found.length >= limit) break;
        found.push(...ask(asked, range, limit - found.length));
      }
      return found;
    });
  }

  #ranges(condition: Condition, label: LabelRow, cuts: readonly Cut[]): Range[] {
    if (!condition.ranges) return [ALL_TIME];
    const runs: Run[] = label.firstReceivedAt === null ? [] : this.#history.all(label.id);
    return condition.ranges(label, runs, cuts);
  }

  /** The statement is planned once, and asked for each label and range. */
  #question(
    filter: TraceFilter,
    condition: Condition,
    { before }: TracePage,
    labelId: string | null,
  ): Ask {
    const where = [
      't.started_at >= CAST(:from AS INTEGER) AND t.started_at < CAST(:to AS INTEGER)',
      ...PART[condition.part],
      ...condition.where,
    ];
    if (labelId) where.push(`t.label_id = CAST(${labelId} AS INTEGER)`);
    if (before) where.push('(t.started_at < :at OR t.id < :id)');
    if (filter.decision !== undefined) where.push('t.decision = :decision');
    const source = condition.where.length > 0 ? JOINED : 'traces t';
    const statement = this.#db.$client.prepare(
      `SELECT t.seq, t.started_at AS startedAt, t.id FROM ${source}
       WHERE ${where.join('\n AND ')}
       ORDER BY t.started_at DESC, t.id DESC LIMIT CAST(:limit AS INTEGER)`,
    );
    const { artifact, candidate, decision } = filter;
    const fixed = { artifact, candidate, decision, at: before?.startedAt, id: before?.id };
    return (label, range, limit) => {
      const from = Math.max(range.from, filter.from ?? range.from);
      const end = before ? before.startedAt + 1 : range.to;
      const to = Math.min(range.to, filter.to ?? range.to, end);
      if (from >= to) return [];
      const own = { labelId: label?.id, cuts: label?.cuts };
      return statement.all({ ...fixed, ...own, from, to, limit }) as Key[];
    };
  }

  #rows(keys: Key[]): TraceRow[] {
    const rows: TraceRow[] = [];
    let length = 0;
    for (const { seq } of keys) {
      if (length > PAGE_TEXT) break;
      const row = this.#row.get({ seq })!;
      rows.push(row);
      for (const text of [row.input, row.output, row.attributes]) length += text?.length ?? 0;
    }
    return rows;
  }
}

function newestFirst(a: Key, b: Key): number {
  // As SQLite orders texts: by UTF-8, which differs from UTF-16 past U+FFFF.
  return b.startedAt - a.startedAt || Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}
