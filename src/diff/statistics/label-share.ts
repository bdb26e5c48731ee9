import { chi2sf } from './chi-square.ts';
import { factorOf, solveLower } from './cholesky.ts';
import { StatisticsError } from './errors.ts';
import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  RESAMPLING_STEPS,
  resamplesWithin,
} from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';
import { pairedPermutationMean, type SignFlip } from './sign-flip.ts';
import { SignedVectors } from './signed-vectors.ts';

/** The labels one input got: `a` from its runs before, `b` from its runs after. */
export interface InputRuns {
  a: readonly string[];
  b: readonly string[];
}

/**
 * Did the share of one label change? Each input gives one difference, its share after − its share
 * before, and the sign-flip test over inputs decides; with one run a side that is exact McNemar.
 * Runs of an input that say the same again make no evidence. Inputs without a run on one side are left out.
 */
export function labelShareSignFlip(argument: {
  runs: readonly InputRuns[];
  label: string;
  B?: number;
  seed?: number;
}): SignFlip {
  const { runs, label, ...settings } = argument;
  const shareOf = (labels: readonly string[]) =>
    labels.filter((one) => one === label).length / labels.length;
  const { mean, ...rest } = pairedPermutationMean({
    d: runs.map(({ a, b }) => shareOf(b) - shareOf(a)), // 0/0 is NaN: left out
    ...settings,
  });
  return { mean, ...rest };
}

/**
 * Did the share of any label change? The sign-flip test over inputs for all labels at once: with dᵢ
 * the vector of an input's differences, V = Σ dᵢ dᵢᵀ and S = Σ dᵢ, χ² = Sᵀ V⁻ S; flipping the sign
 * of a whole input leaves V as it is. With one run a side χ² and its asymptotic p are those of
 * Stuart-Maxwell, and with two labels the test is `labelShareSignFlip` of either. All flips are
 * tried while that takes under 10^7 steps, then up to `B` seeded ones (`monteCarlo`), then χ² with
 * df = rank of V.
 *
 * @param cluster what each input belongs to (its conversation): a cluster's differences are summed and
 * flip as one. Throws `bad-shape`
 */
export function labelSharesSignFlip(argument: {
  runs: readonly InputRuns[];
  cluster?: ArrayLike<string | number>;
  B?: number;
  seed?: number;
}): SharesSignFlip & { n: number } {
  const { runs, cluster, ...settings } = argument;
  if (cluster && cluster.length !== runs.length) {
    throw new StatisticsError(
      'bad-shape',
      `${runs.length} inputs, but ${cluster.length} clusters.`,
    );
  }
  const used = runs.flatMap(({ a, b }, i) => (a.length > 0 && b.length > 0 ? [i] : []));
  const labels = [...new Set(used.flatMap((i) => [...runs[i]!.a, ...runs[i]!.b]))].sort();
  const place = new Map(labels.map((label, i) => [label, i]));
  const each = used.map((i) => differenceOf(runs[i]!, place));
  const differences = cluster ? summed(each, (k) => cluster[used[k]!]!) : each;
  return { ...sharesSignFlip({ differences, ...settings }), n: used.length };
}

export interface SharesSignFlip {
  chi2: number;
  df: number;
  p: number;
  method: Method;
  B?: number;
}

/**
 * `labelSharesSignFlip` of differences that are worked out already.
 * @param differences one vector an input or cluster, all of one length
 * @param budget steps the resamples may take, where it is less than 2·10^8
 */
export function sharesSignFlip(argument: {
  differences: readonly (readonly number[])[];
  B?: number;
  seed?: number;
  budget?: number;
}): SharesSignFlip {
  const { B = RESAMPLES, seed = DEFAULT_SEED, budget = RESAMPLING_STEPS } = argument;
  const differences = argument.differences.filter((d) => d.some((x) => x !== 0));
  const labels = (differences[0] ?? []).map((_, i) => i);
  const { kept, lower } = factorOf(covarianceOf(differences, labels.length));
  const df = kept.length;
  const scoreOf = (d: ArrayLike<number>) =>
    solveLower(
      lower,
      kept.map((i) => d[i]!),
    );
  const sums = labels.map((_, i) => differences.reduce((sum, d) => sum + d[i]!, 0));
  const chi2 = scoreOf(sums).reduce((sum, value) => sum + value * value, 0);
  const found = { chi2, df };
  if (df === 0) return { ...found, p: 1, method: 'exact' };
  if (df === 1) {
    const d = differences.map((each) => each[kept[0]!]!);
    const flips = pairedPermutationMean({ d, B, seed, budget });
    const { p, method } = flips;
    return { ...found, p, method, ...(flips.B !== undefined && { B: flips.B }) };
  }
  const atLeast = chi2 * (1 - 1e-9);
  const n = differences.length;
  if (2 ** (n - 1) * n * df < EXACT_STEPS) {
    return { ...found, p: enumerated(differences.map(scoreOf), df, atLeast), method: 'exact' };
  }
  const vectors = new SignedVectors(differences, scoreOf);
  const resamples = resamplesWithin(vectors.steps, B, budget);
  if (resamples >= Math.min(B, FEWEST_RESAMPLES)) {
    const random = seededRandom(seed);
    const sampled = monteCarlo(resamples, () => vectors.draw(random) >= atLeast);
    return { ...found, ...sampled, method: 'monte-carlo' };
  }
  return { ...found, p: chi2sf({ x: chi2, df }).p, method: 'asymptotic' };
}

/**
 * Labels that one difference alone has, as one label: a sum of one is ±1 whatever its sign, so each by
 * itself says nothing and hides what the others say. Which they are has nothing to do with signs, so the
 * test stays what it is. @param differences one vector an input or cluster, all of one length
 */
export function singlesPooled(differences: readonly (readonly number[])[]): number[][] {
  const times = (differences[0] ?? []).map((_, k) => differences.filter((d) => d[k] !== 0).length);
  const shared = times.flatMap((count, k) => (count > 1 ? [k] : []));
  const single = times.flatMap((count, k) => (count === 1 ? [k] : []));
  if (single.length < 2 || shared.length === 0) return differences.map((d) => [...d]);
  return differences.map((d) => [
    ...shared.map((k) => d[k]!),
    single.reduce((sum, k) => sum + d[k]!, 0),
  ]);
}

/**
 * The same χ² of sums alone, for more inputs than can be kept: its p is the asymptotic one.
 * @param sums S, by label @param products V, by label and label
 */
export function sharesChiSquare(argument: {
  sums: ArrayLike<number>;
  products: readonly (readonly number[])[];
}): SharesSignFlip {
  const { kept, lower } = factorOf(argument.products);
  const scores = solveLower(
    lower,
    kept.map((i) => argument.sums[i]!),
  );
  const chi2 = scores.reduce((sum, value) => sum + value * value, 0);
  const df = kept.length;
  return { chi2, df, p: chi2sf({ x: chi2, df }).p, method: 'asymptotic' };
}

function summed(
  differences: readonly (readonly number[])[],
  clusterOf: (i: number) => string | number,
): number[][] {
  const sums = new Map<string | number, number[]>();
  for (const [i, d] of differences.entries()) {
    const sum = sums.get(clusterOf(i));
    if (sum) for (const [k, value] of d.entries()) sum[k]! += value;
    else sums.set(clusterOf(i), [...d]);
  }
  return [...sums.values()];
}

function differenceOf({ a, b }: InputRuns, place: ReadonlyMap<string, number>): number[] {
  const counts = new Array<number>(place.size).fill(0);
  // Whole numbers until the end, so that equal shares differ by 0 and not by rounding.
  for (const label of b) counts[place.get(label)!]! += a.length;
  for (const label of a) counts[place.get(label)!]! -= b.length;
  return counts.map((count) => count / (a.length * b.length));
}

/** Σ dᵢ dᵢᵀ; an input's runs have few labels, so most products are 0 and skipped. */
function covarianceOf(differences: readonly (readonly number[])[], labels: number): number[][] {
  const sums = Array.from({ length: labels }, () => new Array<number>(labels).fill(0));
  for (const d of differences) {
    for (let i = 0; i < labels; i++) {
      if (d[i] === 0) continue;
      const row = sums[i]!;
      for (let j = 0; j < labels; j++) row[j]! += d[i]! * d[j]!;
    }
  }
  return sums;
}

/** All sign choices in Gray code order, one flip apart, the first sign fixed: the other half mirrors. */
function enumerated(scores: readonly (readonly number[])[], df: number, atLeast: number): number {
  const signed = Float64Array.from(scores.flat());
  const sums = new Float64Array(df);
  for (let i = 0; i < signed.length; i++) sums[i % df]! += signed[i]!;
  const choices = 2 ** (scores.length - 1);
  let hits = 0;
  for (let i = 1; ; i++) {
    let length = 0;
    for (let j = 0; j < df; j++) length += sums[j]! * sums[j]!;
    if (length >= atLeast) hits++;
    if (i === choices) return hits / choices;
    const flip = df * (32 - Math.clz32(i & -i));
    for (let j = 0; j < df; j++) {
      sums[j]! -= 2 * signed[flip + j]!;
      signed[flip + j] = -signed[flip + j]!;
    }
  }
}
