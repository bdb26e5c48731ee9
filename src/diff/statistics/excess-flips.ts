import {
  type ExcessDistribution,
  excessOf,
  labelCounts,
  type RunCounts,
  relabelExcess,
} from './input-noise.ts';
import type { InputRuns } from './label-share.ts';
import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  resamplesWithin,
} from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { normalSf } from './normal.ts';
import { asP } from './p-value.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';

export interface ExcessFlips {
  /** How often two runs of one side disagree on an input, mean over inputs with two or more; null where there are none: noise unknown. */
  within_a: number | null;
  within_b: number | null;
  /** How often a run of one side disagrees with one of the other, mean over inputs run on both; null of none. */
  between: number | null;
  /** What of that is more than noise; null where the noise is unknown. Below 0 by chance at times. */
  excess: number | null;
  /** Describes the noise; it must not decide: evidence counts inputs, not runs. 1 where noise is unknown. */
  p: number;
  method: Method;
  /** Inputs run on both sides, and those of them with a side that ran twice: what `excess` rests on. */
  inputs: number;
  repeated: number;
  B?: number;
}

/**
 * The flip rate against the noise floor. Per input, between = 1 − Σ_k nA_k nB_k/(r_A r_B) and
 * within = 1 − Σ_k n_k(n_k − 1)/(r(r − 1)); excess = mean(between − (within_A + within_B)/2), half the
 * energy distance of 0/1 distances, 0 on average where both sides are alike. An input that ran once
 * on one side takes the other side's noise for both; one that ran once on both has none and only counts
 * for `between`. p: the share of relabellings of runs within inputs with an excess as large, exact
 * while there are under 10^7 sums to form; then up to `B` seeded ones (`monteCarlo`) while at least
 * 999 fit in 2·10^8 steps; then normal, by the mean and variance that relabelling gives each input.
 *
 * Székely and Rizzo 2013, J Stat Plan Inference 143:1249.
 */
export function excessFlipRate(argument: {
  runs: readonly InputRuns[];
  B?: number;
  seed?: number;
}): ExcessFlips {
  const { B = RESAMPLES, seed = DEFAULT_SEED } = argument;
  const both = argument.runs.filter(({ a, b }) => a.length > 0 && b.length > 0).map(labelCounts);
  const noises = both.map(excessOf);
  const repeated = both.filter((_, i) => noises[i]!.excess !== null);
  const excess = meanOf(noises.map((noise) => noise.excess));
  const found = {
    within_a: meanOf(noises.map((noise) => noise.withinA)),
    within_b: meanOf(noises.map((noise) => noise.withinB)),
    between: meanOf(noises.map((noise) => noise.between)),
    excess,
    inputs: both.length,
    repeated: repeated.length,
  };
  if (excess === null) return { ...found, p: 1, method: 'exact' };
  const sum = excess * repeated.length - 1e-9 * (1 + repeated.length); // rounding is no difference
  const distributions = distributionsOf(repeated);
  const exact = distributions && shareAtLeast(distributions, sum);
  if (exact !== null && exact !== undefined) return { ...found, p: asP(exact), method: 'exact' };
  const varied = repeated.filter(({ a }) => a.length > 1); // the excess of others is always 0
  const runs = varied.reduce((all, { rA, rB }) => all + rA + rB, 0);
  const resamples = resamplesWithin(runs, B);
  if (resamples >= Math.min(B, FEWEST_RESAMPLES) || !distributions) {
    const sampled = resampled(varied, sum, Math.max(1, resamples), seed);
    return { ...found, ...sampled, method: 'monte-carlo' };
  }
  return { ...found, p: normalTail(distributions, sum), method: 'asymptotic' };
}

/** One distribution an input, shared by inputs with the same counts; null where one has too many values. */
function distributionsOf(inputs: readonly RunCounts[]): ExcessDistribution[] | null {
  const known = new Map<string, ExcessDistribution | null>();
  const found: ExcessDistribution[] = [];
  for (const input of inputs) {
    const { signature } = dealOf(input);
    if (!known.has(signature)) known.set(signature, relabelExcess(input));
    const distribution = known.get(signature) ?? null;
    if (distribution === null) return null;
    found.push(distribution);
  }
  return found;
}

/**
 * What relabelling knows of an input: its runs by label, names aside, and the sizes of its sides, the
 * smaller one first. Inputs alike in this are interchangeable, and so are swapped sides.
 */
function dealOf({ a, b, rA, rB }: RunCounts) {
  const totals = a.map((count, k) => count + b[k]!).sort((x, y) => x - y);
  const [few, more] = [Math.min(rA, rB), Math.max(rA, rB)];
  return { totals, rA: few, rB: more, signature: `${few}/${more}:${totals}` };
}

/** P(sum of all ≥ sum), by adding one input after the other; null where that takes too long. */
function shareAtLeast(distributions: readonly ExcessDistribution[], sum: number): number | null {
  const DIGITS = 1e9; // sums equal but for rounding fall together
  let masses = new Map<number, number>([[0, 1]]);
  let steps = 0;
  for (const distribution of distributions) {
    steps += 20 * masses.size * distribution.length; // a map is slower than an array
    if (steps > EXACT_STEPS) return null;
    const next = new Map<number, number>();
    for (const [at, mass] of masses) {
      for (const { excess, share } of distribution) {
        const key = at + Math.round(excess * DIGITS);
        next.set(key, (next.get(key) ?? 0) + mass * share);
      }
    }
    masses = next;
  }
  let p = 0;
  for (const [at, mass] of masses) if (at / DIGITS >= sum) p += mass;
  return p;
}

function normalTail(distributions: readonly ExcessDistribution[], sum: number): number {
  let [mean, variance] = [0, 0];
  for (const distribution of distributions) {
    const own = distribution.reduce((all, { excess, share }) => all + share * excess, 0);
    mean += own;
    variance += distribution.reduce(
      (all, { excess, share }) => all + share * (excess - own) ** 2,
      0,
    );
  }
  return variance > 0 ? normalSf({ z: (sum - mean) / Math.sqrt(variance) }).p : 1;
}

function resampled(
  inputs: readonly RunCounts[],
  sum: number,
  B: number,
  seed: number,
): { p: number; B: number } {
  const random = seededRandom(seed);
  const deals = inputs.map(dealOf).sort((x, y) => (x.signature < y.signature ? -1 : 1));
  const most = deals.reduce((all, { totals }) => Math.max(all, totals.length), 0);
  const [dealt, rest] = [new Array<number>(most).fill(0), new Array<number>(most).fill(0)];
  return monteCarlo(B, () => {
    let total = 0;
    for (const { totals, rA, rB } of deals) {
      dealt.length = rest.length = totals.length;
      let [left, of] = [rA, rA + rB];
      for (let k = 0; k < totals.length; k++) {
        let taken = 0;
        for (let i = totals[k]!; i > 0; i--, of--) if (random.chance(left - taken, of)) taken++;
        left -= taken;
        dealt[k] = taken;
        rest[k] = totals[k]! - taken;
      }
      total += excessOf({ a: dealt, b: rest, rA, rB }).excess ?? 0;
    }
    return total >= sum;
  });
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
