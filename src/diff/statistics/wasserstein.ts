import { logChoose } from './binomial.ts';
import type { TwoSamples } from './ks.ts';
import { EXACT_STEPS, type Method, resamplesWithin } from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { DEFAULT_SEED, type Random, seededRandom } from './random.ts';
import { relabelled, relabelSteps } from './relabel.ts';
import { finite } from './samples.ts';

/** With more different numbers than this they are relabelled in bins, which is quicker from here on. */
const MOST_PLACES = 12_288;
const BINS = 512;
const RESAMPLES = 4999;

/** The pooled numbers: how many stand at each place, how many of them of the one side, and how far the next place is. */
interface Pooled {
  counts: Float64Array;
  ofX: Float64Array;
  gaps: Float64Array;
  m: number;
  n: number;
}

/**
 * The Wasserstein-1 (earth mover's) distance of two samples, ∫ |F − G| dx, in the units of the
 * numbers. NaN and ±Infinity are left out and counted; an empty side: 0.
 */
export function wasserstein1({ x, y }: TwoSamples): { w1: number; left_out: number } {
  const { pooled, left_out } = pool(x, y);
  return { w1: distance(pooled), left_out };
}

/**
 * The permutation test of that distance: is it larger than relabelled numbers give? All
 * C(m+n, m) relabellings while they take under 10^7 steps, else up to `B` seeded ones (4999) as
 * `monteCarlo` draws them, as many as fit in 2·10^8 steps. More than 12,288 different numbers are put into 512
 * bins of about equal count first, each standing for its mean, and `bins` says so: what is tested is
 * then a slightly coarser distance than `w1`, but it is tested rightly.
 */
export function wasserstein1Permutation(argument: TwoSamples & { B?: number; seed?: number }): {
  w1: number;
  p: number;
  method: Method;
  B?: number;
  bins?: number;
  left_out: number;
} {
  const { x, y, B = RESAMPLES, seed = DEFAULT_SEED } = argument;
  const { pooled, left_out } = pool(x, y);
  const { m, n, gaps } = pooled;
  const w1 = distance(pooled);
  const found = { w1, left_out };
  if (w1 === 0) return { ...found, p: 1, method: 'exact' };
  const N = m + n;
  if (logChoose(N, m) + Math.log(N) < Math.log(EXACT_STEPS)) {
    return { ...found, p: enumerated(pooled, w1), method: 'exact' };
  }
  const random = seededRandom(seed);
  if (gaps.length <= MOST_PLACES) {
    const resamples = resamplesWithin(relabelSteps(pooled.counts, m, n), B);
    return { ...found, ...resampled(pooled, resamples, random), method: 'monte-carlo' };
  }
  const binned = binsOf(x, y, pooled);
  const resamples = resamplesWithin(relabelSteps(binned.counts, m, n), B);
  const result = resampled(binned, resamples, random);
  return { ...found, ...result, method: 'monte-carlo', bins: binned.counts.length };
}

function pool(x: ArrayLike<number>, y: ArrayLike<number>): { pooled: Pooled; left_out: number } {
  const [a, b] = [finite(x), finite(y)];
  return { pooled: merged(a.sorted, b.sorted), left_out: a.leftOut + b.leftOut };
}

/** The shorter side is the one relabelled, so that swapped sides give the same draws. */
function merged(one: Float64Array, other: Float64Array): Pooled {
  const [a, b] = one.length > other.length ? [other, one] : [one, other];
  const [m, n] = [a.length, b.length];
  const counts = new Float64Array(m + n);
  const ofX = new Float64Array(m + n);
  const gaps = new Float64Array(m + n);
  let size = 0;
  let last = 0;
  for (let i = 0, j = 0; i < m || j < n; size++) {
    const at = j >= n || (i < m && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const [i0, j0] = [i, j];
    while (i < m && a[i] === at) i++;
    while (j < n && b[j] === at) j++;
    ofX[size] = i - i0;
    counts[size] = i - i0 + (j - j0);
    if (size > 0) gaps[size - 1] = Math.min(at - last, Number.MAX_VALUE);
    last = at;
  }
  return {
    counts: counts.subarray(0, size),
    ofX: ofX.subarray(0, size),
    gaps: gaps.subarray(0, size),
    m,
    n,
  };
}

function distance({ counts, ofX, gaps, m, n }: Pooled): number {
  if (m === 0 || n === 0) return 0;
  let [sum, i, j] = [0, 0, 0];
  for (let k = 0; k < gaps.length; k++) {
    i += ofX[k]!;
    j += counts[k]! - ofX[k]!;
    sum += Math.abs(i / m - j / n) * gaps[k]!;
  }
  return Math.min(sum, Number.MAX_VALUE); // two doubles can lie further apart than a double can say
}

function enumerated({ counts, gaps, m, n }: Pooled, w1: number): number {
  const atLeast = w1 * (1 - 1e-12);
  let [hits, all] = [0, 0];
  const visit = (k: number, i: number, j: number, sum: number, ways: number): void => {
    if (k === gaps.length) {
      all += ways;
      if (sum >= atLeast) hits += ways;
      return;
    }
    const count = counts[k]!;
    let choices = 1;
    for (let taken = 0; taken <= count; taken++) {
      const [nextI, nextJ] = [i + taken, j + count - taken];
      if (nextI <= m && nextJ <= n) {
        visit(
          k + 1,
          nextI,
          nextJ,
          sum + Math.abs(nextI / m - nextJ / n) * gaps[k]!,
          ways * choices,
        );
      }
      choices *= (count - taken) / (taken + 1);
    }
  };
  visit(0, 0, 0, 0, 1);
  return hits / all;
}

function resampled(pooled: Pooled, B: number, random: Random): { p: number; B: number } {
  const { counts, gaps, m, n } = pooled;
  const widest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  const scaled = gaps.map((gap) => gap / widest / m / n); // for |i n − j m| instead of |i/m − j/n|
  const atLeast = (distance(pooled) / widest) * (1 - 1e-12);
  return monteCarlo(B, () => {
    let [sum, i, j] = [0, 0, 0];
    for (let k = 0; k < gaps.length; k++) {
      const taken = relabelled(random, counts[k]!, m - i, m + n - i - j);
      i += taken;
      j += counts[k]! - taken;
      sum += Math.abs(i * n - j * m) * scaled[k]!;
    }
    return sum >= atLeast;
  });
}

/** Neighbouring places put together until each bin holds N/512 numbers or more. */
function binsOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { counts, gaps, ofX, m, n }: Pooled,
): Pooled {
  const least = (m + n) / BINS;
  const smallest = Math.min(finite(x).sorted[0]!, finite(y).sorted[0]!);
  const bins: { count: number; ofX: number; mean: number }[] = [];
  let bin = { count: 0, ofX: 0, mean: 0 };
  let at = smallest;
  for (let k = 0; k < counts.length; k++) {
    bin.count += counts[k]!;
    bin.ofX += ofX[k]!;
    bin.mean += (at - bin.mean) * (counts[k]! / bin.count);
    at += gaps[k]!;
    if (bin.count >= least || k === counts.length - 1) {
      bins.push(bin);
      bin = { count: 0, ofX: 0, mean: 0 };
    }
  }
  return {
    counts: Float64Array.from(bins, ({ count }) => count),
    ofX: Float64Array.from(bins, (each) => each.ofX),
    gaps: Float64Array.from(bins, ({ mean }, k) => (bins[k + 1] ? bins[k + 1]!.mean - mean : 0)),
    m,
    n,
  };
}
