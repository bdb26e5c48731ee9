/** Questions for the newest traces within a range of time, each one walk along an index. */
import type { TraceFilter, TracePage } from '../../store.ts';
import type { Db } from '../open.ts';
import { KeptStatements } from './kept-statements.ts';
import { type Condition, JOINED, type Part } from './trace-filter.ts';
import type { Key, Range } from './trace-keys.ts';

/** Whose traces: anybody's, those of any label, of none, of one, or of several. */
export type Scope = 'any' | 'labelled' | 'unlabelled' | 'label' | 'labels';

/** The label or the labels, by id; and the label's cuts, where a condition asks for them. */
interface Whose {
  labelId?: number;
  cuts?: string;
  labelIds?: string;
}

/** The newest `limit` keys within a range. */
export type Ask = (range: Range, limit: number, whose?: Whose) => Key[];

/** A range of one label. */
export interface LabelRange extends Range {
  labelId: number;
}

/** The newest `limit` keys of several such ranges together. */
export type AskSeveral = (ranges: readonly LabelRange[], limit: number) => Key[];

const SCOPE: Record<Scope, string[]> = {
  any: [],
  labelled: ['t.label_id IS NOT NULL'],
  unlabelled: ['t.label_id IS NULL'],
  label: ['t.label_id = CAST(:labelId AS INTEGER)'],
  // The sign keeps it from the index of labels: all traces are gone through in order of time.
  labels: ['+t.label_id IN (SELECT value FROM json_each(:labelIds))'],
};

const PART: Record<Part, string[]> = {
  all: [],
  declared: ['t.blob_id IS NOT NULL'],
  undeclared: ['t.blob_id IS NULL'],
};

const WITHIN = `t.started_at >= CAST(:from AS INTEGER) AND t.started_at < CAST(:to AS INTEGER)`;

/** `a` is the range that is asked for: a label, from, to. */
const OF_RANGE = [
  't.label_id = CAST(a.value ->> 0 AS INTEGER)',
  't.started_at >= CAST(a.value ->> 1 AS INTEGER)',
  't.started_at < CAST(a.value ->> 2 AS INTEGER)',
];

export class KeyQuestions {
  readonly #statements: KeptStatements<Key>;
  readonly #startedAfter;

  constructor(db: Db) {
    this.#statements = new KeptStatements(db);
    this.#startedAfter = db.$client
      .prepare<[object], number>(
        `SELECT t.started_at FROM traces t WHERE ${WITHIN}
         ORDER BY t.started_at DESC LIMIT 1 OFFSET CAST(:count AS INTEGER)`,
      )
      .pluck();
  }

  /** The statement is found once, and asked for each label and range. */
  of(filter: TraceFilter, condition: Condition, page: TracePage, scope: Scope): Ask {
    const statement = this.#statements.of(
      `SELECT t.seq, t.started_at AS startedAt, t.id
       ${newestOf([WITHIN, ...SCOPE[scope]], filter, condition, page)}`,
    );
    const fixed = fixedOf(filter, page);
    return (range, limit, whose) => {
      const { from, to } = askedOf(range, filter, page);
      return from < to ? statement.all({ ...fixed, ...whose, from, to, limit }) : [];
    };
  }

  /** One statement for several ranges, each one walk, none longer than until its `limit` newest are found. */
  ofRanges(filter: TraceFilter, condition: Condition, page: TracePage): AskSeveral {
    const statement = this.#statements.of(
      `SELECT k.seq, k.started_at AS startedAt, k.id
       FROM json_each(:asked) a CROSS JOIN traces k ON k.seq IN (
         SELECT t.seq ${newestOf(OF_RANGE, filter, condition, page)})
       ORDER BY k.started_at DESC, k.id DESC LIMIT CAST(:limit AS INTEGER)`,
    );
    const fixed = fixedOf(filter, page);
    return (ranges, limit) => {
      const asked = ranges.flatMap(({ labelId, ...range }) => {
        const { from, to } = askedOf(range, filter, page);
        return from < to ? [[labelId, from, to]] : [];
      });
      if (asked.length === 0) return [];
      return statement.all({ ...fixed, asked: JSON.stringify(asked), limit });
    };
  }

  /** The newest part of a range, in which no more than `count` traces begin, whosever they are. */
  newestOf(range: Range, count: number, filter: TraceFilter, page: TracePage): Range {
    const { from, to } = askedOf(range, filter, page);
    const next = from < to ? this.#startedAfter.get({ from, to, count }) : undefined;
    return { from: next === undefined ? from : next + 1, to };
  }
}

function newestOf(
  within: readonly string[],
  filter: TraceFilter,
  { where, part }: Condition,
  { before }: TracePage,
): string {
  const all = [...within, ...PART[part], ...where];
  if (before) all.push('(t.started_at < :at OR t.id < :id)');
  if (filter.decision !== undefined) all.push('t.decision = :decision');
  return `FROM ${where.length > 0 ? JOINED : 'traces t'} WHERE ${all.join('\n AND ')}
    ORDER BY t.started_at DESC, t.id DESC LIMIT CAST(:limit AS INTEGER)`;
}

function fixedOf({ artifact, candidate, decision }: TraceFilter, { before }: TracePage) {
  return { artifact, candidate, decision, at: before?.startedAt, id: before?.id };
}

/** What of a range the filter and the page leave. */
function askedOf(range: Range, filter: TraceFilter, { before }: TracePage): Range {
  const end = before ? before.startedAt + 1 : range.to;
  return {
    from: Math.max(range.from, filter.from ?? range.from),
    to: Math.min(range.to, filter.to ?? range.to, end),
  };
}
