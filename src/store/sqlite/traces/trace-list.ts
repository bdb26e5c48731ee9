/** Lists of traces, newest first, by every filter of the contract. */
import type { Run } from '../../../lineage/timeline.ts';
import { labelGlob } from '../../label-glob.ts';
import type { TraceFilter, TraceKey, TracePage } from '../../store.ts';
import type { History } from '../history.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Cut, LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';
import { type Condition, conditions, JOINED, type Part, type Range } from './trace-filter.ts';
import type { TraceRow, TraceRows } from './trace-rows.ts';

interface Key extends TraceKey {
  seq: number;
}

/** The newest `limit` keys of a label (null: of all) within a range. */
type Ask = (label: { id: number; cuts: string } | null, range: Range, limit: number) => Key[];

/** Bytes of text after which a page ends: a thousand traces may have 16 MiB each. */
const PAGE_TEXT = 16 * 2 ** 20;

const ALL_TIME: Range = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

const UNCONDITIONAL: Condition = { where: [], part: 'all', ranges: null };
const OF_LABEL = 't.label_id = CAST(:labelId AS INTEGER)';

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
  readonly #rows: TraceRows;

  constructor(db: Db, rows: TraceRows, labels: Labels, history: History, lost: LostStretches) {
    this.#db = db;
    this.#rows = rows;
    this.#labels = labels;
    this.#history = history;
    this.#lost = lost;
  }

  /** A page, cut short where its texts would fill the memory; `more` where another may follow. */
  page(filter: TraceFilter, page: TracePage): { rows: TraceRow[]; more: boolean } {
    const keys = isPlain(filter)
      ? this.#question(filter, UNCONDITIONAL, page, null)(null, ALL_TIME, page.limit)
      : [...this.#labelled(filter, page), ...this.#unlabelled(filter, page)];
    const wanted = keys.sort(newestFirst).slice(0, page.limit);
    const seqs = wanted.map(({ seq }) => seq);
    const rows = this.pageOf(seqs, page.texts ?? true, page.bytes);
    return { rows, more: rows.length < wanted.length || wanted.length === page.limit };
  }

  #labelled(filter: TraceFilter, page: TracePage): Key[] {
    if (filter.unmapped === true) return [];
    const isCut = this.#lost.all.length > 0;
    return conditions(filter, isCut).flatMap((condition) => {
      const everywhere =
        filter.label === undefined &&
        condition.ranges === null &&
        condition.part === 'all' &&
        !(isCut && condition.where.length > 0);
      const ofLabel = everywhere ? 't.label_id IS NOT NULL' : OF_LABEL;
      const ask = this.#question(filter, condition, page, ofLabel);
      return everywhere
        ? ask(null, ALL_TIME, page.limit)
        : this.#keysByLabel(filter, condition, page.limit, ask);
    });
  }

  /** Those that no label has: without readings all of them are unobserved, or what they declare. */
  #unlabelled(filter: TraceFilter, page: TracePage): Key[] {
    const part = partWithoutLabel(filter);
    if (!part) return [];
    const ask = this.#question(filter, { ...UNCONDITIONAL, part }, page, 't.label_id IS NULL');
    return ask(null, ALL_TIME, page.limit);
  }

  #keysByLabel(filter: TraceFilter, condition: Condition, limit: number, ask: Ask): Key[] {
    const newest = new Newest(limit);
    for (const label of this.#labelsOf(filter)) {
      const cuts = condition.where.length > 0 ? this.#lost.cutsOf(label) : [];
      const asked = { id: label.id, cuts: JSON.stringify(cuts) };
      let left = limit;
      for (const range of this.#ranges(condition, label, cuts)) {
        const from = Math.max(range.from, newest.from);
        if (left <= 0 || from >= range.to) break;
        const found = ask(asked, { from, to: range.to }, left);
        left -= found.length;
        newest.add(found);
      }
    }
    return newest.keys;
  }

  #labelsOf({ label }: TraceFilter): LabelRow[] {
    if (label === undefined) return this.#labels.all();
    if (!/[*?]/.test(label)) return [this.#labels.find(label) ?? []].flat();
    return this.#labels.matching(labelGlob(label));
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
    ofLabel: string | null,
  ): Ask {
    const where = [
      't.started_at >= CAST(:from AS INTEGER) AND t.started_at < CAST(:to AS INTEGER)',
      ...PART[condition.part],
      ...condition.where,
      ...(ofLabel === null ? [] : [ofLabel]),
    ];
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

  /** The first of these traces, as many as their texts allow. */
  pageOf(seqs: readonly number[], withTexts: boolean, bytes = PAGE_TEXT): TraceRow[] {
    const rows: TraceRow[] = [];
    let length = 0;
    for (const seq of seqs) {
      if (withTexts && length > bytes) break;
      const row = this.#rows.get(seq)!;
      rows.push(row);
      length += row.bytes;
    }
    return rows;
  }
}

/** The newest so far, and how old another one may be to be among them. */
class Newest {
  keys: Key[] = [];
  from = Number.MIN_SAFE_INTEGER;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(found: readonly Key[]): void {
    if (found.length === 0) return;
    this.keys = [...this.keys, ...found].sort(newestFirst).slice(0, this.#limit);
    if (this.keys.length === this.#limit) this.from = this.keys.at(-1)!.startedAt;
  }
}

/** Nothing in it has to do with a label. */
function isPlain(filter: TraceFilter): boolean {
  const { label, artifact, candidate, certainty, observed, conflict, unmapped } = filter;
  const asked = [label, artifact, candidate, certainty, observed, conflict, unmapped];
  return asked.every((value) => value === undefined);
}

/** Which of the traces without a label the filter leaves; null: none. */
function partWithoutLabel(filter: TraceFilter): Part | null {
  const { unmapped, label, artifact, candidate, conflict, observed, certainty } = filter;
  if (unmapped === false || label !== undefined || artifact || candidate || conflict) return null;
  if (observed && observed !== 'unobserved') return null;
  if (certainty === undefined) return 'all';
  if (certainty === 'declared') return 'declared';
  return certainty === 'unobserved' ? 'undeclared' : null;
}

function newestFirst(a: Key, b: Key): number {
  // As SQLite orders texts: by UTF-8, which differs from UTF-16 past U+FFFF.
  return b.startedAt - a.startedAt || Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}
