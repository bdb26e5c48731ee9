import { EXACT_STEPS, type Method } from './method.ts';
import { twoSidedNormal } from './normal.ts';
import { asP } from './p-value.ts';
import { subsetSumLower } from './subset-sum.ts';

export interface SignedRank {
  /** Sums of the ranks of positive and negative differences, zeros dropped before ranking. */
  Wplus: number;
  Wminus: number;
  p: number;
  method: Method;
  /** The same with zeros ranked first and dropped then (Pratt): they hold the others' ranks up. */
  Wplus_pratt: number;
  Wminus_pratt: number;
  p_pratt: number;
  method_pratt: Method;
  /** Differences used, zeros among them, and those that were NaN. */
  n: number;
  zeros: number;
  left_out: number;
}

/**
 * Wilcoxon's signed-rank test on differences after − before, two-sided, given the ties: midranks
 * of |d|, and p = 2 P(W ≤ min(W+, W−)) over all 2^n signs, exact by counting subset sums of
 * doubled ranks while that takes under 10^7 steps (n to about 270); then the normal
 * approximation with variance Σ rank²/4 (which accounts for ties and Pratt's zeros) and a
 * continuity correction of ½. ±Infinity ranks last. Nothing but zeros: p 1.
 *
 * Wilcoxon 1945; Pratt 1959, JASA 54:655; Hollander and Wolfe, Nonparametric Statistical Methods.
 * @param d one difference an input (of independent inputs)
 */
export function wilcoxonSignedRank({ d }: { d: ArrayLike<number> }): SignedRank {
  const sizes = new Float64Array(d.length);
  let n = 0;
  let zeros = 0;
  for (let i = 0; i < d.length; i++) {
    if (Number.isNaN(d[i]!)) continue;
    if (d[i] === 0) zeros++;
    sizes[n++] = Math.abs(d[i]!);
  }
  const sorted = sizes.subarray(0, n).sort();
  const positive = positives(d);
  const dropped = rankSums(sorted.subarray(zeros), positive, 0);
  const pratt = zeros === 0 ? dropped : rankSums(sorted.subarray(zeros), positive, zeros);
  return {
    Wplus: dropped.plus,
    Wminus: dropped.minus,
    p: dropped.p,
    method: dropped.method,
    Wplus_pratt: pratt.plus,
    Wminus_pratt: pratt.minus,
    p_pratt: pratt.p,
    method_pratt: pratt.method,
    n,
    zeros,
    left_out: d.length - n,
  };
}

function positives(d: ArrayLike<number>): Float64Array {
  let n = 0;
  const sizes = new Float64Array(d.length);
  for (let i = 0; i < d.length; i++) if (d[i]! > 0) sizes[n++] = d[i]!;
  return sizes.subarray(0, n).sort();
}

/** @param sizes sorted |d| without zeros; @param positive those of d > 0, sorted; @param first ranks below all */
function rankSums(sizes: Float64Array, positive: Float64Array, first: number) {
  const n = sizes.length;
  const doubled = new Float64Array(n); // twice the midrank: a whole number
  let plus = 0;
  let squares = 0;
  let total = 0;
  let taken = 0;
  for (let from = 0; from < n; ) {
    let to = from;
    while (to < n && sizes[to] === sizes[from]) to++;
    const rank = 2 * first + from + to + 1;
    for (let i = from; i < to; i++) doubled[i] = rank;
    for (; taken < positive.length && positive[taken] === sizes[from]; taken++) plus += rank;
    squares += (to - from) * rank * rank;
    total += (to - from) * rank;
    from = to;
  }
  const fewer = Math.min(plus, total - plus);
  const exact = n * (fewer + 1) < EXACT_STEPS;
  const gap = Math.max(0, total / 2 - fewer - 1); // doubled ranks: a correction of ½ is 1 here
  const p = exact
    ? asP(2 * subsetSumLower(doubled, fewer))
    : twoSidedNormal(gap / Math.sqrt(squares / 4));
  const method: Method = exact ? 'exact' : 'asymptotic';
  return { plus: plus / 2, minus: (total - plus) / 2, p, method };
}
