/** Numbers of two sides that don't share inputs, compared as two samples. */

import { zeroFlipsUpper } from '../statistics/intervals.ts';
import { ks2, ks2Ties } from '../statistics/ks.ts';
import { cliffsDelta } from '../statistics/mann-whitney.ts';
import { medianDiffCI } from '../statistics/median-difference.ts';
import { EXACT_STEPS } from '../statistics/method.ts';
import { intervalZ } from '../statistics/normal.ts';
import { wasserstein1Permutation } from '../statistics/wasserstein.ts';
import { type Answer, draftTest, effectOf, isInside, type Settings } from './drafts.ts';
import { pooledOf, spreadOf } from './quantiles.ts';

/** Relabellings of a distance that only describes. */
const BESIDE = 199;

export interface NumberSamples {
  before: Float64Array;
  after: Float64Array;
  decides: boolean;
  rule: string;
}

export function numberDistribution(samples: NumberSamples, settings: Settings): Answer {
  const [x, y] = [samples.before.slice().sort(), samples.after.slice().sort()];
  if (x.length === 0 || y.length === 0) return { tests: [], effects: [], inside: false };
  const { decides, rule } = samples;
  const { minEffect, seed } = settings;
  const spread = spreadOf(pooledOf(x, y));
  const median = medianDiffCI({ x, y });
  const effects = [
    effectOf('median', 'value', { ...median, diff: median.diff ?? 0 }),
    effectOf('mean', 'value', welch(x, y)),
  ];
  const distance = wasserstein1Permutation({ x, y, seed, ...(!decides && { B: BESIDE }) });
  const limit = (minEffect / 100) * spread;
  const size = Math.max(distance.w1, ...effects.map(({ value }) => Math.abs(value)));
  const n = x.length + y.length;
  const common = { question: 'distribution', n, beyond: size > 0 && size >= limit } as const;
  // Exact or by its limit: one test of a column is resampled, not two.
  const few = x.length * y.length < EXACT_STEPS;
  const shape = few ? ks2Ties({ x, y }) : ks2({ x, y });
  const delta = cliffsDelta({ x: y, y: x }).delta;
  return {
    tests: [
      draftTest({
        ...common,
        name: 'wasserstein-permutation',
        statistic: { w1: distance.w1, cliffs_delta: delta, spread, bins: distance.bins },
        p: distance.p,
        method: distance.method,
        B: distance.B,
        decides,
        rule: `${rule}: permutation test of the Wasserstein-1 distance`,
      }),
      draftTest({
        ...common,
        name: 'kolmogorov-smirnov',
        statistic: { d: shape.D },
        p: 'p_permutation' in shape ? shape.p_permutation : shape.p,
        method: shape.method,
        decides: false,
        rule: 'beside the Wasserstein distance: the largest gap between the two distributions',
      }),
    ],
    effects,
    inside: effects.every((effect) => isInside(effect, limit)) && !isBare(x, y, spread, minEffect),
  };
}

/** Whether nothing ever varied, and too few were seen for that to mean that nothing does. */
function isBare(x: Float64Array, y: Float64Array, spread: number, minEffect: number): boolean {
  const n = Math.min(x.length, y.length);
  return spread === 0 && zeroFlipsUpper({ flips: 0, n }).hi > minEffect / 100;
}

/** The difference of two means, with the normal interval of two unlike variances (Welch). */
function welch(x: Float64Array, y: Float64Array) {
  const [from, to] = [momentsOf(x), momentsOf(y)];
  const diff = to.mean - from.mean;
  if (from.error === null || to.error === null) return { diff, lo: null, hi: null };
  const half = intervalZ(0.95) * Math.hypot(from.error, to.error);
  return { diff, lo: diff - half, hi: diff + half };
}

function momentsOf(values: Float64Array): { mean: number; error: number | null } {
  const n = values.length;
  const largest = Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!)) || 1; // they are sorted
  let sum = 0;
  for (const value of values) sum += value / largest;
  const middle = sum / n;
  let squares = 0;
  for (const value of values) squares += (value / largest - middle) ** 2;
  return {
    mean: middle * largest,
    error: n < 2 ? null : largest * Math.sqrt(squares / (n - 1) / n),
  };
}
