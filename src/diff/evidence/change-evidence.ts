/**
 * Does the decision go another way since a label moved? Of each input the first run before and the
 * first run after are a pair, complete when the later of the two was recorded; of a conversation its
 * first pair alone counts. Pairs come in the order of completion, which has nothing to do with what
 * they say, so that the evidence may be looked at after each: that it ever reaches 20 by chance has
 * probability 1/20 at most.
 *
 * What no reading confirms yet may still turn out to be of the other artifact. So nothing recorded
 * after the first such trace counts yet: what counts once counts for good.
 */

import { Inputs } from '../cohorts/inputs.ts';
import { IntegerRows, NumberRows } from '../cohorts/rows.ts';
import type { CohortTrace, Side } from '../source.ts';
import { flipEvalue } from '../statistics/index.ts';

/** Evidence of this much is told: 1 in 20. */
export const TOLD_AT = 20;

export interface FlipCount {
  /** Null: no decision was made. */
  before: string | null;
  after: string | null;
  pairs: number;
}

export interface ChangeEvidence {
  /** Pairs with a decision on either side. */
  pairs: number;
  flipped: number;
  /** The commonest first. */
  flips: FlipCount[];
  /** E of all flips together, and its natural logarithm. 1 of none; E stops at the largest double. */
  e: number;
  logE: number;
  /** Traces of either side that no reading confirms yet. */
  unconfirmed: number;
}

type Seen = Pick<CohortTrace, 'ref' | 'inputHash' | 'context' | 'turn' | 'decision' | 'leftOut'>;

/** Give it every trace of both sides, each once, in any order. */
export class EvidenceTally {
  readonly #inputs = new Inputs();
  readonly #first = { before: new FirstRuns(), after: new FirstRuns() };
  readonly #decisions = new Map<string | null, number>();
  #unconfirmed = 0;
  #firstUnconfirmed = Infinity;

  add(side: Side, trace: Seen): void {
    const { ref, inputHash, context, turn, leftOut } = trace;
    if (leftOut === 'provisional') {
      this.#unconfirmed++;
      this.#firstUnconfirmed = Math.min(this.#firstUnconfirmed, ref);
    }
    if (leftOut !== null || inputHash === null) return;
    const input = this.#inputs.numberOf({ inputHash, context, turn });
    this.#first[side].note(input, ref, this.#numberOf(trace.decision));
  }

  result(): ChangeEvidence {
    const names = [...this.#decisions.keys()];
    const counts = new Map<number, number>();
    let pairs = 0;
    for (const { before, after } of this.#pairs()) {
      if (names[before] === null && names[after] === null) continue;
      pairs++;
      const move = before * names.length + after;
      if (before !== after) counts.set(move, (counts.get(move) ?? 0) + 1);
    }
    const flips = [...counts].map(([move, count]): FlipCount => {
      const [before, after] = [Math.floor(move / names.length), move % names.length];
      return { before: names[before]!, after: names[after]!, pairs: count };
    });
    const logE = logEvidence(flips);
    return {
      pairs,
      flipped: flips.reduce((sum, flip) => sum + flip.pairs, 0),
      flips: flips.sort(byCount),
      e: Math.min(Number.MAX_VALUE, Math.exp(logE)),
      logE,
      unconfirmed: this.#unconfirmed,
    };
  }

  /** In the order of completion, of each conversation the first. */
  #pairs(): { before: number; after: number }[] {
    const { before, after } = this.#first;
    const all = Uint32Array.from({ length: this.#inputs.size }, (_, input) => input);
    const clusters = this.#inputs.clusters(all);
    const complete = (input: number) => Math.max(before.refOf(input), after.refOf(input));
    const order = all
      .filter((input) => complete(input) < this.#firstUnconfirmed)
      .sort((a, b) => complete(a) - complete(b));
    const counted = new Set<number>();
    const pairs: { before: number; after: number }[] = [];
    for (const input of order) {
      if (clusters && counted.size === counted.add(clusters[input]!).size) continue;
      pairs.push({ before: before.decisionOf(input), after: after.decisionOf(input) });
    }
    return pairs;
  }

  #numberOf(decision: string | null): number {
    const known = this.#decisions.get(decision);
    if (known !== undefined) return known;
    this.#decisions.set(decision, this.#decisions.size);
    return this.#decisions.size - 1;
  }
}

/** Of each input the run that was recorded first. */
class FirstRuns {
  readonly #decisions = new IntegerRows();
  readonly #refs = new NumberRows();

  note(input: number, ref: number, decision: number): void {
    if (this.#decisions.get(input) >= 0 && this.#refs.get(input) <= ref) return;
    this.#refs.set(input, ref);
    this.#decisions.set(input, decision);
  }

  /** Infinite where it never ran. */
  refOf(input: number): number {
    return this.#decisions.get(input) < 0 ? Infinity : this.#refs.get(input);
  }

  decisionOf(input: number): number {
    return this.#decisions.get(input);
  }
}

/**
 * Of two decisions, flips from one to the other and back are coin tosses where nothing goes one way.
 * Each two have an e-value of their own; as every toss is fair given those before it, their product is
 * one as well.
 */
function logEvidence(flips: readonly FlipCount[]): number {
  const ways = new Map<string, { b: number; c: number }>();
  for (const { before, after, pairs } of flips) {
    const [one, other] = [JSON.stringify(before), JSON.stringify(after)];
    const key = one < other ? `${one} ${other}` : `${other} ${one}`;
    const both = ways.get(key) ?? { b: 0, c: 0 };
    if (one < other) both.b += pairs;
    else both.c += pairs;
    ways.set(key, both);
  }
  // Sorted, so that the same flips give the same sum to the last digit.
  return [...ways]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((sum, [, both]) => sum + flipEvalue(both).log_e, 0);
}

function byCount(a: FlipCount, b: FlipCount): number {
  const name = ({ before, after }: FlipCount) => JSON.stringify([before, after]);
  return b.pairs - a.pairs || (name(a) < name(b) ? -1 : 1);
}
