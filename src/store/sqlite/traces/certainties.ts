/**
 * How certain the traces of a label are, counted without looking at them: at most times only one word can
 * hold for what begins then (see `observedRanges`). Only where several can, traces are looked at, and no
 * more of them than can be for a page; of the others it is said that it wasn't.
 */
import type { Observed } from '../../../lineage/attribution.ts';
import type { Run } from '../../../lineage/timeline.ts';
import type { History } from '../history.ts';
import type { LabelRow } from '../labels.ts';
import type { LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';
import { JOINED, observedConditions, observedRanges } from './trace-filter.ts';
import type { Range } from './trace-keys.ts';

const WORDS = ['bracketed', 'ambiguous', 'provisional', 'unobserved'] as const;

/** What may be asked for one page: it is used up. */
export interface Effort {
  /** Statements. */
  questions: number;
  /** Traces whose certainty is looked at. */
  looked: number;
  /** Traces that are passed in an index. */
  passed: number;
}

/** Traces that name no blob and begin within the range. */
export interface Uncertain extends Range {
  traces: number;
}

export interface CertaintyCount {
  counts: Record<Observed, number>;
  /** It wasn't looked at how certain they are. */
  uncounted: number;
}

interface Segment extends Range {
  words: readonly Observed[];
}

type Looked = Record<Observed, number>;

/** Past so many changes in a range nobody asks one by one. */
const MOST_RUNS = 3000;

export class Certainties {
  readonly #history: History;
  readonly #lost: LostStretches;
  readonly #look;
  readonly #pass;

  constructor(db: Db, history: History, lost: LostStretches) {
    this.#history = history;
    this.#lost = lost;
    const { $client: client } = db;
    const within =
      'started_at >= CAST(:from AS INTEGER) AND started_at < CAST(:to AS INTEGER) LIMIT CAST(:limit AS INTEGER)';
    const holds = observedConditions(lost.all.length > 0);
    const is = WORDS.map((word) => `(${holds[word]}) AS ${word}`).join(', ');
    const sums = WORDS.map((word) => `coalesce(sum(${word}), 0) AS ${word}`).join(', ');
    this.#look = client.prepare<object, Looked>(
      `SELECT ${sums} FROM (SELECT ${is} FROM ${JOINED}
       WHERE t.label_id = CAST(:labelId AS INTEGER) AND t.blob_id IS NULL AND t.${within})`,
    );
    const passing = (index: string, also: string) =>
      `(SELECT count(*) FROM (SELECT 1 FROM traces INDEXED BY ${index}
        WHERE label_id = CAST(:labelId AS INTEGER) ${also} AND ${within}))`;
    this.#pass = client.prepare<object, { all: number; declared: number }>(
      `SELECT ${passing('traces_label_time', '')} AS "all",
         ${passing('traces_declared', 'AND blob_id IS NOT NULL')} AS declared`,
    );
  }

  /** @param asked oldest first, not overlapping */
  of(label: LabelRow, asked: readonly Uncertain[], effort: Effort): CertaintyCount[] {
    const [first, last] = [asked[0], asked.at(-1)];
    if (!first || !last) return [];
    const cuts = this.#lost.cutsOf(label);
    const start = first.from - label.clockSkewMs - label.servingLagMs;
    const runs = this.#history.runsFrom(label.id, start, MOST_RUNS);
    // What begins behind the last of so many was not read.
    const known =
      runs.length < MOST_RUNS
        ? Number.POSITIVE_INFINITY
        : runs.at(-1)!.after - label.longestTraceMs;
    const possible = WORDS.map((word) => ({
      word,
      ranges: observedRanges(word, label, () => runs, cuts),
    }));
    const sure = surelyAmbiguous(label, runs);
    const bound = { labelId: label.id, cuts: JSON.stringify(cuts) };
    return asked.map((range) => {
      if (range.to > known) return { counts: none(), uncounted: range.traces };
      return this.#count(range, segmentsOf(range, possible, sure), bound, effort);
    });
  }

  #count(
    range: Uncertain,
    segments: readonly Segment[],
    bound: { labelId: number; cuts: string },
    effort: Effort,
  ): CertaintyCount {
    const counts = none();
    const main = mainWord(segments);
    let uncounted = 0;
    let rest = range.traces;
    for (const segment of segments.toSorted((a, b) => a.words.length - b.words.length)) {
      const isMain = segment.words.length === 1 && segment.words[0] === main;
      if (isMain || rest <= 0) continue;
      const passed = this.#passed(segment, bound, effort);
      if (passed === null) return { counts, uncounted: uncounted + rest };
      rest -= passed;
      if (passed === 0) continue;
      if (segment.words.length === 1) {
        counts[segment.words[0]!] += passed;
        continue;
      }
      const looked = this.#looked(segment, bound, Math.min(passed, effort.looked));
      for (const word of WORDS) counts[word] += looked[word];
      const seen = WORDS.reduce((sum, word) => sum + looked[word], 0);
      effort.looked -= seen;
      uncounted += passed - seen;
    }
    counts[main] += Math.max(rest, 0);
    return { counts, uncounted };
  }

  /** How many traces without a blob there are; null: more than may be passed. */
  #passed({ from, to }: Range, bound: { labelId: number }, effort: Effort): number | null {
    if (effort.questions <= 0) return null;
    effort.questions--;
    const limit = effort.passed + 1;
    const { all, declared } = this.#pass.get({ labelId: bound.labelId, from, to, limit })!;
    if (all > effort.passed) return null;
    effort.passed -= all;
    return all - declared;
  }

  #looked({ from, to }: Range, bound: { labelId: number; cuts: string }, limit: number): Looked {
    if (limit <= 0) return none();
    return this.#look.get({ ...bound, from, to, limit })!;
  }
}

/** The word of the longest time in which no other can hold: what is left when all others are counted. */
function mainWord(segments: readonly Segment[]): Observed {
  const lengths = none();
  for (const { from, to, words } of segments) {
    if (words.length === 1) lengths[words[0]!] += to - from;
  }
  return WORDS.reduce((main, word) => (lengths[word] > lengths[main] ? word : main));
}

/** What begins then surely reaches both sides of a change, however short it is: unless it is unobserved. */
function surelyAmbiguous({ clockSkewMs, servingLagMs }: LabelRow, runs: readonly Run[]): Range[] {
  return runs.slice(1).map(({ after, firstReceivedAt }) => ({
    from: after - clockSkewMs + 1,
    to: firstReceivedAt + clockSkewMs + servingLagMs,
  }));
}

function segmentsOf(
  { from, to }: Range,
  possible: readonly { word: Observed; ranges: readonly Range[] }[],
  sure: readonly Range[],
): Segment[] {
  const ambiguous = sure.filter((range) => range.from < to && range.to > from);
  const within = possible.map(({ word, ranges }) => ({
    word,
    ranges: ranges.filter((range) => range.from < to && range.to > from),
  }));
  const all = [...within.flatMap(({ ranges }) => ranges), ...ambiguous];
  const edges = all.flatMap((range) => [range.from, range.to]);
  const inside = edges.filter((edge) => edge > from && edge < to);
  const points = [...new Set([from, ...inside, to])].sort((a, b) => a - b);
  return points.slice(1).map((end, i) => {
    const begin = points[i]!;
    const holds = (range: Range) => range.from <= begin && range.to >= end;
    const words = within.filter(({ ranges }) => ranges.some(holds)).map(({ word }) => word);
    const isSure = !words.includes('unobserved') && ambiguous.some(holds);
    return { from: begin, to: end, words: isSure ? ['ambiguous'] : words };
  });
}

function none(): Record<Observed, number> {
  return { bracketed: 0, ambiguous: 0, provisional: 0, unobserved: 0 };
}
