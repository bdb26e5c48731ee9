import { shareOfChoices } from './binomial.ts';
import type { TwoSamples } from './ks.ts';
import { EXACT_STEPS, type Method } from './method.ts';
import { twoSidedNormal } from './normal.ts';
import { asP } from './p-value.ts';
import { ordered } from './samples.ts';

export interface MannWhitney {
  /** Pairs with x > y, and half of those with x = y. */
  U1: number;
  /** Two-sided; null where counting takes 10^7 steps or more. */
  p_exact: number | null;
  /** By the normal distribution, corrected for ties and continuity. */
  p_asym_cc: number;
  /** The exact p where there is one, else the other. */
  p: number;
  method: Method;
  /** P(x > y) − P(x < y), from −1 to 1; 0 without data. */
  cliffs_delta: number;
  /** P(x > y) + ½ P(x = y), from 0 to 1; ½ without data. */
  A12: number;
  left_out: number;
}

/** What the pooled numbers say: U of x, and ties as the ranks they give (doubled, whole numbers). */
interface Ranks {
  u: number;
  /** Twice the midrank of each pooled number, in order. */
  doubled: Float64Array;
  /** Σ t³ − t over groups of t equal numbers. */
  ties: number;
}

/**
 * The Mann-Whitney test, two-sided, with the effect sizes that belong to it. Exact p: the share of
 * relabellings with U as far from mn/2 (without ties by the coefficients of the Gaussian binomial,
 * with ties by counting rank sums). Else z = (|U − mn/2| − ½)/√(mn/12 · (N + 1 − Σ(t³ − t)/(N(N − 1)))).
 * NaN is left out, ±Infinity ranks at the ends. An empty side, or all numbers equal: p 1.
 *
 * Mann and Whitney 1947; Cliff 1993 (δ = 2U/(mn) − 1); Vargha and Delaney 2000 (A₁₂ = U/(mn)).
 */
export function mannWhitney({ x, y }: TwoSamples): MannWhitney {
  const [a, b] = [ordered(x), ordered(y)];
  const [m, n] = [a.sorted.length, b.sorted.length];
  const left_out = a.leftOut + b.leftOut;
  if (m === 0 || n === 0) {
    const nothing = { U1: 0, p_exact: 1, p_asym_cc: 1, p: 1, cliffs_delta: 0, A12: 0.5 };
    return { ...nothing, method: 'exact', left_out };
  }
  const ranks = ranksOf(a.sorted, b.sorted);
  const U1 = ranks.u;
  const far = Math.abs(U1 - (m * n) / 2);
  const N = m + n;
  const variance = ((m * n) / 12) * (N + 1 - ranks.ties / (N * (N - 1)));
  const p_asym_cc =
    far <= 0.5 || !(variance > 0) ? 1 : twoSidedNormal((far - 0.5) / Math.sqrt(variance));
  const p_exact = ranks.ties === 0 ? exactWithoutTies(m, n, U1) : exactWithTies(m, n, ranks);
  return {
    U1,
    p_exact,
    p_asym_cc,
    p: p_exact ?? p_asym_cc,
    method: p_exact === null ? 'asymptotic' : 'exact',
    cliffs_delta: (2 * U1) / (m * n) - 1,
    A12: U1 / (m * n),
    left_out,
  };
}

/** Cliff's δ alone: how much likelier x is above y than below, −1 … 1; 0 without data. */
export function cliffsDelta({ x, y }: TwoSamples): { delta: number } {
  const [a, b] = [ordered(x).sorted, ordered(y).sorted];
  if (a.length === 0 || b.length === 0) return { delta: 0 };
  return { delta: (2 * ranksOf(a, b).u) / (a.length * b.length) - 1 };
}

function ranksOf(a: Float64Array, b: Float64Array): Ranks {
  const [m, n] = [a.length, b.length];
  const doubled = new Float64Array(m + n);
  let [u, ties] = [0, 0];
  for (let i = 0, j = 0; i < m || j < n; ) {
    const at = j >= n || (i < m && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const [i0, j0] = [i, j];
    while (i < m && a[i] === at) i++;
    while (j < n && b[j] === at) j++;
    u += (i - i0) * (j0 + (j - j0) / 2);
    const t = i - i0 + (j - j0);
    if (t > 1) ties += t ** 3 - t;
    doubled.fill(i0 + j0 + i + j + 1, i0 + j0, i + j);
  }
  return { u, doubled, ties };
}

/** Relabellings with U ≤ u are counted by the coefficients of Π (1 − q^(n+i))/(1 − q^i), i = 1 … m. */
function exactWithoutTies(first: number, second: number, u1: number): number | null {
  const [m, n] = first < second ? [first, second] : [second, first];
  const u = Math.min(u1, first * second - u1);
  if (2 * m * (u + 1) >= EXACT_STEPS) return null;
  const counts = new Float64Array(u + 1);
  counts[0] = 1;
  for (let i = 1; i <= m; i++) {
    for (let s = u; s >= n + i; s--) counts[s] = counts[s]! - counts[s - n - i]!;
    for (let s = i; s <= u; s++) counts[s] = counts[s]! + counts[s - i]!;
  }
  const tail = counts.reduce((sum, count) => sum + count, 0);
  if (!Number.isFinite(tail)) return null;
  return asP(2 * shareOfChoices(tail, m + n, m));
}

/** Given the ties: how many choices of m numbers have each sum of doubled ranks. */
function exactWithTies(m: number, n: number, { doubled, u }: Ranks): number | null {
  const size = Math.min(m, n);
  const lowest = doubled[0]!;
  const weights = doubled.map((rank) => rank - lowest);
  const highest = weights.subarray(m + n - size).reduce((sum, weight) => sum + weight, 0);
  if ((m + n) * size * (highest + 1) >= EXACT_STEPS) return null;
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(highest + 1));
  ways[0]![0] = 1;
  for (const [taken, weight] of weights.entries()) {
    for (let k = Math.min(taken + 1, size); k > 0; k--) {
      const [to, from] = [ways[k]!, ways[k - 1]!];
      for (let s = weight; s <= highest; s++) to[s] = to[s]! + from[s - weight]!;
    }
  }
  // U = rank sum − size (size + 1)/2, and mn/2 is where it stands in the middle, for either side.
  const far = Math.abs(2 * u - m * n);
  let [hits, all] = [0, 0];
  for (const [s, count] of ways[size]!.entries()) {
    all += count;
    if (Math.abs(s + size * lowest - size * (size + 1) - m * n) >= far) hits += count;
  }
  return asP(hits / all);
}
