import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  resamplesWithin,
} from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { asP } from './p-value.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';
import { relabelled, relabelSteps } from './relabel.ts';
import { ordered } from './samples.ts';

export interface TwoSamples {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** The numbers of both sides in order, as what is left of them once each tie is passed. */
interface Walk {
  m: number;
  n: number;
  /** max |i n − j m| over all points passed: D · m · n, a whole number. */
  gap: number;
  /** How many numbers each tie block ends after, from 1 to m + n. */
  ends: number[];
  leftOut: number;
}

/**
 * The two-sample Kolmogorov-Smirnov test: D = max |F − G|. The exact p = 1 − (lattice paths with
 * |i/m − j/n| < D)/C(m+n, n), summed over the paths that do leave, so that a small p keeps its
 * digits; while that takes under 10^7 steps, then Kolmogorov's limit 2 Σ (−1)^(k−1) e^(−2k²t²),
 * t = D √(mn/(m + n)). Both are for numbers without ties; with ties p is too large, never too
 * small, and `ks2Ties` has the test given the ties. NaN is left out, ±Infinity stays at the ends. An
 * empty side: D 0, p 1.
 *
 * Hodges 1958, Ark Mat 3:469; Kolmogorov 1933, Smirnov 1939.
 */
export function ks2({ x, y }: TwoSamples): {
  D: number;
  p: number;
  method: Method;
  left_out: number;
} {
  const walk = walkOf(x, y);
  return { ...pWithoutTies(walk), left_out: walk.leftOut };
}

/**
 * The same D where numbers repeat: `p_exact_noties` as `ks2` has it (too large here), and
 * `p_permutation`, the share of all C(m+n, m) relabellings of the pooled numbers with a D as large:
 * exact while m · n < 10^7, then up to `B` seeded relabellings (`monteCarlo`), while at least 999 fit
 * in 2·10^8 steps; then the p without ties.
 */
export function ks2Ties(argument: TwoSamples & { B?: number; seed?: number }): {
  D: number;
  p_exact_noties: number;
  p_permutation: number;
  method: Method;
  B?: number;
  left_out: number;
} {
  const { x, y, B = RESAMPLES, seed = DEFAULT_SEED } = argument;
  const walk = walkOf(x, y);
  const { m, n, leftOut: left_out } = walk;
  const { D, p: p_exact_noties, method } = pWithoutTies(walk);
  const found = { D, p_exact_noties, left_out };
  if (walk.ends.length === m + n) return { ...found, p_permutation: p_exact_noties, method };
  if (m * n < EXACT_STEPS) {
    const checked = new Uint8Array(m + n + 1);
    for (const end of walk.ends) checked[end] = 1;
    const p_permutation = walk.gap === 0 ? 1 : asP(leavingShare(walk, checked));
    return { ...found, p_permutation, method: 'exact' };
  }
  const counts = walk.ends.map((end, k) => end - (walk.ends[k - 1] ?? 0));
  const resamples = resamplesWithin(relabelSteps(counts, m, n), B);
  if (resamples < Math.min(B, FEWEST_RESAMPLES))
    return { ...found, p_permutation: p_exact_noties, method };
  const { p: p_permutation, B: drawn } = resampled(walk, counts, resamples, seed);
  return { ...found, p_permutation, method: 'monte-carlo', B: drawn };
}

/** The shorter side first, so that swapped sides are the same walk. */
function walkOf(x: ArrayLike<number>, y: ArrayLike<number>): Walk {
  const [one, other] = [ordered(x), ordered(y)];
  const swap = one.sorted.length > other.sorted.length;
  const [a, b] = swap ? [other.sorted, one.sorted] : [one.sorted, other.sorted];
  const [m, n] = [a.length, b.length];
  const ends: number[] = [];
  let gap = 0;
  for (let i = 0, j = 0; i < m || j < n; ) {
    const at = j >= n || (i < m && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    while (i < m && a[i] === at) i++;
    while (j < n && b[j] === at) j++;
    ends.push(i + j);
    gap = Math.max(gap, Math.abs(i * n - j * m));
  }
  if (m === 0) gap = 0;
  return { m, n, gap, ends, leftOut: one.leftOut + other.leftOut };
}

function pWithoutTies(walk: Walk): { D: number; p: number; method: Method } {
  const { m, n, gap } = walk;
  if (gap === 0) return { D: 0, p: 1, method: 'exact' };
  const D = gap / (m * n);
  if (m * n * Math.min(1, 2 * D) < EXACT_STEPS) {
    return { D, p: asP(leavingShare(walk, null)), method: 'exact' };
  }
  return { D, p: asP(kolmogorovTail(D * Math.sqrt((m / (m + n)) * n))), method: 'asymptotic' };
}

/**
 * The probability that a random order of m and n items reaches |i n − j m| ≥ gap, at any point or
 * (`checked`) at points after so many items only. Row by row: mass[j] is the probability of
 * passing (i, j) without having got that far.
 */
function leavingShare({ m, n, gap }: Walk, checked: Uint8Array | null): number {
  const mass = new Float64Array(n + 1);
  let left = 0;
  for (let i = 0; i <= m; i++) {
    // From where the row before began: a step to this row may pass the border by many cells.
    const from = checked ? 0 : Math.max(0, Math.floor(((i - 1) * n - gap) / m));
    const to = checked ? n : Math.min(n, Math.ceil((i * n + gap) / m));
    for (let j = from; j <= to; j++) {
      let here = i === 0 && j === 0 ? 1 : 0;
      if (i > 0) here += (mass[j]! * (m - i + 1)) / (m + n - i + 1 - j);
      if (j > from) here += (mass[j - 1]! * (n - j + 1)) / (m + n - i - j + 1);
      if (Math.abs(i * n - j * m) >= gap && (!checked || checked[i + j] === 1)) {
        left += here;
        here = 0;
      }
      mass[j] = here;
    }
  }
  return left;
}

function kolmogorovTail(t: number): number {
  let sum = 0;
  if (t < 1) {
    for (let k = 1; k < 20; k += 2) sum += Math.exp((-(k * k) * Math.PI * Math.PI) / (8 * t * t));
    return 1 - (Math.sqrt(2 * Math.PI) / t) * sum;
  }
  for (let k = 1; k < 20; k++) sum += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return sum;
}

function resampled(
  walk: Walk,
  counts: readonly number[],
  B: number,
  seed: number,
): { p: number; B: number } {
  const { m, n, gap } = walk;
  const random = seededRandom(seed);
  return monteCarlo(B, () => {
    let [i, j] = [0, 0];
    for (const count of counts) {
      const taken = relabelled(random, count, m - i, m + n - i - j);
      i += taken;
      j += count - taken;
      if (Math.abs(i * n - j * m) >= gap) return true;
    }
    return false;
  });
}
