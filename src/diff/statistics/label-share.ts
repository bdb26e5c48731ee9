import { chi2sf } from './chi-square.ts';
import { factorOf, solveLower } from './cholesky.ts';
import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  resamplesWithin,
} from './method.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';
import { pairedPermutationMean, type SignFlip } from './sign-flip.ts';

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
 * tried while that takes under 10^7 steps, then `B` seeded ones, then χ² with df = rank of V.
 */
export function labelSharesSignFlip(argument: {
  runs: readonly InputRuns[];
  B?: number;
  seed?: number;
}): { chi2: number; df: number; p: number; method: Method; n: number; B?: number } {
  const { B = RESAMPLES, seed = DEFAULT_SEED } = argument;
  const runs = argument.runs.filter(({ a, b }) => a.length > 0 && b.length > 0);
  const labels = [...new Set(runs.flatMap(({ a, b }) => [...a, ...b]))].sort();
  const place = new Map(labels.map((label, i) => [label, i]));
  const differences = runs
    .map((input) => differenceOf(input, place))
    .filter((d) => d.some((x) => x !== 0));
  const { kept, lower } = factorOf(covarianceOf(differences, labels.length));
  const df = kept.length;
  const scoreOf = (d: readonly number[]) =>
    solveLower(
      lower,
      kept.map((i) => d[i]!),
    );
  const sums = labels.map((_, i) => differences.reduce((sum, d) => sum + d[i]!, 0));
  const chi2 = scoreOf(sums).reduce((sum, value) => sum + value * value, 0);
  const found = { chi2, df, n: runs.length };
  if (df === 0) return { ...found, p: 1, method: 'exact' };
  if (df === 1) {
    const { p, method } = pairedPermutationMean({
      d: differences.map((d) => d[kept[0]!]!),
      B,
      seed,
    });
    return { ...found, p, method };
  }
  const atLeast = chi2 * (1 - 1e-9);
  const n = differences.length;
  if (2 ** (n - 1) * n * df < EXACT_STEPS) {
    const scores = differences.map(scoreOf);
    let hits = 0;
    for (let signs = 0; signs < 2 ** (n - 1); signs++) {
      if (lengthSquared(scores, (i) => ((signs >> i) & 1) === 0) >= atLeast) hits++;
    }
    return { ...found, p: hits / 2 ** (n - 1), method: 'exact' };
  }
  const resamples = resamplesWithin(n * df, B);
  if (resamples >= Math.min(B, FEWEST_RESAMPLES)) {
    const hits = hitsOf(inOrder(differences).map(scoreOf), df, atLeast, resamples, seed);
    return { ...found, p: (hits + 1) / (resamples + 1), method: 'monte-carlo', B: resamples };
  }
  return { ...found, p: chi2sf({ x: chi2, df }).p, method: 'asymptotic' };
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

/** The differences, each or its opposite, sorted: swapped sides and reordered inputs come to the same. */
function inOrder(differences: readonly (readonly number[])[]): number[][] {
  const upright = differences.map((d) => {
    const sign = Math.sign(d.find((value) => value !== 0) ?? 1);
    return d.map((value) => sign * value);
  });
  return upright.sort((x, y) => {
    const k = x.findIndex((value, i) => value !== y[i]);
    return k < 0 ? 0 : x[k]! - y[k]!;
  });
}

function hitsOf(
  scores: readonly (readonly number[])[],
  df: number,
  atLeast: number,
  B: number,
  seed: number,
): number {
  const flat = Float64Array.from(scores.flat());
  const random = seededRandom(seed);
  const sums = new Float64Array(df);
  let hits = 0;
  for (let r = 0; r < B; r++) {
    sums.fill(0);
    for (let at = 0; at < flat.length; ) {
      const end = Math.min(flat.length, at + 32 * df);
      for (let bits = random.bits(); at < end; bits >>= 1) {
        const sign = (bits & 1) * 2 - 1;
        for (let j = 0; j < df; j++, at++) sums[j]! += sign * flat[at]!;
      }
    }
    if (sums.reduce((sum, value) => sum + value * value, 0) >= atLeast) hits++;
  }
  return hits;
}

function lengthSquared(
  scores: readonly (readonly number[])[],
  sign: (i: number) => boolean,
): number {
  const sums = new Array<number>(scores[0]?.length ?? 0).fill(0);
  for (let i = 0; i < scores.length; i++) {
    const plus = sign(i);
    const score = scores[i]!;
    for (let j = 0; j < sums.length; j++) sums[j]! += plus ? score[j]! : -score[j]!;
  }
  return sums.reduce((sum, value) => sum + value * value, 0);
}
