/** Labels of two sides that don't share inputs, compared as two samples. */
import { jensenShannon, psi } from '../statistics/divergence.ts';
import { propDiffCI } from '../statistics/intervals.ts';
import { unpairedLabels } from '../statistics/unpaired-labels.ts';
import { RESAMPLES_BESIDE } from './budget.ts';
import { type Answer, bySize, draftTest, effectOf, isInside, type Settings } from './drafts.ts';

export interface LabelSamples {
  names: readonly string[];
  /** Inputs by place. */
  before: readonly number[];
  after: readonly number[];
  decides: boolean;
  rule: string;
  about?: string;
}

export function labelDistribution(samples: LabelSamples, settings: Settings): Answer {
  const { before, after, names, decides, rule, about } = samples;
  const { minEffect, seed } = settings;
  const [n1, n2] = [sumOf(before), sumOf(after)];
  const effects = names
    .flatMap((name, place) => {
      const [k1, k2] = [after[place]!, before[place]!];
      const diff = propDiffCI({ k1, n1: n2, k2, n2: n1 });
      return k1 + k2 === 0 ? [] : [effectOf(name, 'points', diff, 100)];
    })
    .sort(bySize);
  // In one order whichever is before, so that swapping them gives the same digits.
  const table = inOrder(before, after);
  const found = unpairedLabels({ table, seed, ...(!decides && { B: RESAMPLES_BESIDE }) });
  const [ref, cur] = table;
  const stability = psi({ ref, cur });
  const statistic = {
    chi2: found.chi2,
    df: found.df,
    g: found.g,
    p_g: found.p_g,
    min_expected: found.min_expected,
    cramers_v: found.cramers_v_corrected,
    psi: stability.psi,
    jensen_shannon: jensenShannon({ p: ref, q: cur }).distance,
  };
  const large = effects.length > 0 && Math.abs(effects[0]!.value) >= minEffect;
  const expected =
    found.test === 'chi-square'
      ? 'chi-square, as no expected count is under 5'
      : "Fisher's or Freeman-Halton's test, as an expected count is under 5";
  return {
    tests: [
      draftTest({
        name: about ? `${about}-${found.test}` : found.test,
        question: 'distribution',
        statistic,
        n: n1 + n2,
        p: found.p,
        method: found.method,
        B: found.B,
        decides,
        beyond: large,
        rule: `${rule}: ${expected}`,
      }),
    ],
    effects,
    inside: effects.length > 0 && effects.every((effect) => isInside(effect, minEffect)),
  };
}

function inOrder(
  a: readonly number[],
  b: readonly number[],
): [readonly number[], readonly number[]] {
  const k = a.findIndex((count, i) => count !== b[i]);
  return k >= 0 && a[k]! > b[k]! ? [b, a] : [a, b];
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
