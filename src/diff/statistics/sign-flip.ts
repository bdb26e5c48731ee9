import { StatisticsError } from './errors.ts';
import { mcnemarExact } from './mcnemar.ts';
import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  RESAMPLING_STEPS,
  resamplesWithin,
} from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { twoSidedNormal } from './normal.ts';
import { asP } from './p-value.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';
import { finiteOnly } from './samples.ts';
import { SignedSums } from './signed-sums.ts';
import { subsetSumLower } from './subset-sum.ts';

export interface SignFlip {
  /** Mean of the differences used; 0 of none. */
  mean: number;
  p: number;
  method: Method;
  /** Differences used, the clusters they fall into, and those that were not finite. */
  n: number;
  clusters: number;
  left_out: number;
  /** Resamples drawn, where the method is Monte Carlo. */
  B?: number;
}

/** Differences are often shares k/r of a few runs, or decimals: these make whole numbers of them. */
const SCALES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 30, 60, 100, 120, 840, 1000, 2520, 10_000];

/**
 * The sign-flip (one-sample permutation) test of a mean difference, two-sided: the share of all
 * 2^n choices of signs whose |sum| is at least the observed one. Zeros change nothing. Exact, as long
 * as it takes under 10^7 steps: where all |d| are equal it is exact McNemar, at any n; where the
 * differences are multiples of one number, by counting subset sums; at up to 22 others one by one.
 * Then up to `B` seeded resamples (`monteCarlo`), while at least 999 fit in 2·10^8 steps; then the
 * normal approximation z = Σd/√Σd², whose variance is the permutations' own.
 *
 * Fisher 1935, The Design of Experiments, §21.
 * @param d one difference an input; not finite ones are left out and counted
 * @param cluster what each difference belongs to (its conversation): a cluster flips as one
 * @param B resamples wanted, where it comes to that
 * @param budget steps they may take, where it is less than 2·10^8
 */
export function pairedPermutationMean(argument: {
  d: ArrayLike<number>;
  cluster?: ArrayLike<string | number>;
  B?: number;
  seed?: number;
  budget?: number;
}): SignFlip {
  const { d, cluster, B = RESAMPLES, seed = DEFAULT_SEED, budget = RESAMPLING_STEPS } = argument;
  const used = finiteOnly(d);
  const sums = cluster ? clusterSums(d, cluster) : used;
  // Scaled to at most 1, so that no sum is too large to hold.
  let largest = 0;
  for (const value of sums) largest = Math.max(largest, Math.abs(value));
  const changed = sums.filter((sum) => sum !== 0);
  let mean = 0;
  for (const value of used) mean += value / used.length;
  const rest = { n: used.length, clusters: sums.length, left_out: d.length - used.length };
  return { mean, ...flipped(changed, largest, B, seed, budget), ...rest };
}

/** @param changed none of them 0 */
function flipped(
  changed: Float64Array,
  largest: number,
  B: number,
  seed: number,
  budget: number,
): { p: number; method: Method; B?: number } {
  const n = changed.length;
  if (n === 0) return { p: 1, method: 'exact' };
  if (changed.every((value) => Math.abs(value) === largest)) {
    const b = changed.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
    const { p, method } = mcnemarExact({ b, c: n - b });
    return { p, method };
  }
  const p = counted(changed);
  if (p !== null) return { p, method: 'exact' };
  const effects = changed.map((value) => value / largest);
  const observed = Math.abs(effects.reduce((sum, effect) => sum + effect, 0)) * (1 - 1e-12);
  if (2 ** n * 2 < EXACT_STEPS) return { p: enumerated(effects, observed), method: 'exact' };
  const sums = new SignedSums(effects.map(Math.abs).sort());
  const resamples = resamplesWithin(sums.steps, B, budget);
  if (resamples >= Math.min(B, FEWEST_RESAMPLES)) {
    const random = seededRandom(seed);
    const found = monteCarlo(resamples, () => Math.abs(sums.draw(random)) >= observed);
    return { ...found, method: 'monte-carlo' };
  }
  const squares = effects.reduce((sum, effect) => sum + effect * effect, 0);
  return { p: twoSidedNormal(observed / Math.sqrt(squares)), method: 'asymptotic' };
}

/** p by subset sums of whole numbers; null where they aren't, or are too many or too large. */
function counted(changed: Float64Array): number | null {
  const whole = wholeNumbers(changed);
  if (!whole) return null;
  const observed = Math.abs(whole.reduce((sum, value) => sum + value, 0));
  const weights = whole.map(Math.abs);
  const limit = (weights.reduce((sum, weight) => sum + weight, 0) - observed) / 2;
  if (whole.length * (limit + 1) >= EXACT_STEPS) return null;
  return observed === 0 ? 1 : asP(2 * subsetSumLower(weights, limit));
}

/** One sum a cluster, in the order they first appear. Throws `bad-shape`. */
export function clusterSums(
  d: ArrayLike<number>,
  cluster: ArrayLike<string | number>,
): Float64Array {
  if (d.length !== cluster.length) {
    throw new StatisticsError(
      'bad-shape',
      `${d.length} differences, but ${cluster.length} clusters.`,
    );
  }
  const sums = new Map<string | number, number>();
  for (let i = 0; i < d.length; i++) {
    if (Number.isFinite(d[i]!)) sums.set(cluster[i]!, (sums.get(cluster[i]!) ?? 0) + d[i]!);
  }
  return Float64Array.from(sums.values());
}

/**
 * The differences, none of them 0, as whole numbers, where a scale makes them so up to rounding: in
 * their own unit or in the smallest difference, so that the unit they come in doesn't matter.
 */
function wholeNumbers(d: Float64Array): Float64Array | null {
  const smallest = d.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
  for (const scale of [...SCALES, ...SCALES.map((each) => each / smallest)]) {
    const isWhole = (value: number) => {
      const scaled = Math.abs(value * scale);
      return scaled > 0.5 && scaled < 1e7 && Math.abs(scaled - Math.round(scaled)) < 1e-9 * scaled;
    };
    if (d.every(isWhole)) return d.map((value) => Math.round(value * scale));
  }
  return null;
}

/** All sign choices in Gray code order, one flip apart, the first sign fixed: the other half mirrors. */
function enumerated(effects: Float64Array, observed: number): number {
  const signed = effects.map(Math.abs);
  const slack = observed - 1e-12 * signed.length;
  const choices = 2 ** (signed.length - 1);
  let sum = signed.reduce((total, effect) => total + effect, 0);
  let hits = 0;
  for (let i = 1; ; i++) {
    if (Math.abs(sum) >= slack) hits++;
    if (i === choices) return hits / choices;
    const flip = 1 + (31 - Math.clz32(i & -i));
    sum -= 2 * signed[flip]!;
    signed[flip] = -signed[flip]!;
  }
}
