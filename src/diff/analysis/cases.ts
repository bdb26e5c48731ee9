/** Did cases change? How many inputs differ, against how often the same artifact differs from itself. */
import type { ReportColumn, ReportEffect } from '../../contract/diff.ts';
import type { ColumnKind } from '../data.ts';
import { excessFlipRate } from '../statistics/excess-flips.ts';
import { wilsonCI } from '../statistics/intervals.ts';
import type { InputRuns } from '../statistics/label-share.ts';
import { type DifferenceSums, shareDiffCI } from '../statistics/share-difference.ts';
import { pairedPermutationMean } from '../statistics/sign-flip.ts';
import { FEWEST, RESAMPLES_BESIDE, STEPS } from './budget.ts';
import { differenceSums } from './difference-sums.ts';
import { type DraftTest, draftTest, effectOf, isInside, type Settings } from './drafts.ts';
import { clustersOf, type Frame, independentOf } from './frame.ts';
import type { PairFacts } from './paired-inputs.ts';
import { rounded, roundedOrNull } from './rounded.ts';

export interface CasesFacts extends Omit<ReportColumn['cases'], 'answer'> {
  tests: DraftTest[];
  /** The noise is known, and what differs beyond it lies within ±minEffect, also in inputs that ran once. */
  inside: boolean;
  /** The noise is unknown, and what differs, noise or not, is no less than minEffect. */
  open: boolean;
  /** Sums of the excess, of spread or share; null: noise unknown. */
  sums: DifferenceSums | null;
}

/**
 * @param unit what an excess is a share of: 1, or the spread of numbers; null where that is 0
 * @param runs repeated inputs as the relabelling test takes them; null: not described by it
 */
export function casesFacts(
  frame: Frame,
  kind: ColumnKind,
  facts: PairFacts,
  unit: number | null,
  runs: readonly InputRuns[] | null,
  settings: Settings,
): CasesFacts {
  const { compared, differing, noise } = facts;
  const n = compared.length;
  const rate = n === 0 ? null : differing.length / n;
  const independent = independentOf(frame, compared);
  const interval =
    rate === null ? null : wilsonCI({ k: Math.round(rate * independent), n: independent });
  const found = {
    differing: differing.length,
    rate: roundedOrNull(rate),
    interval: interval && { lo: rounded(interval.lo), hi: rounded(interval.hi) },
    noise: roundedOrNull(noise.rate),
    noiseInputs: noise.inputs.length,
  };
  if (noise.rate === null || unit === null) {
    const open =
      unit === null ? differing.length > 0 : !isSlight(noise.single.mean / unit, settings);
    return { ...found, excess: null, tests: [], inside: false, open, sums: null };
  }

  const sums = differenceSums(frame, noise.inputs, noise.excess, unit);
  const excess = effectOf(
    'flips over noise',
    'points',
    shareDiffCI({ ...sums, bounded: kind !== 'number' }),
    100,
  );
  const enough = independentOf(frame, noise.inputs) >= FEWEST;
  const bounded = kind !== 'number';
  const most = noise.single.atMost(excess, { unit, bounded, independent: independent / n });
  return {
    ...found,
    excess,
    tests: [
      excessTest(frame, facts, excess, settings),
      ...(runs ? [relabelling(runs, settings.seed)] : []),
    ],
    inside: enough && isInside(excess, settings.minEffect) && most <= settings.minEffect,
    open: false,
    sums,
  };
}

/** @param differs of the inputs, as a share of 1 or of the spread */
function isSlight(differs: number, { minEffect }: Settings): boolean {
  return 100 * differs < minEffect;
}

function excessTest(
  frame: Frame,
  { noise }: PairFacts,
  excess: ReportEffect,
  { minEffect, seed }: Settings,
): DraftTest {
  const cluster = clustersOf(frame, noise.inputs);
  const flips = pairedPermutationMean({
    d: noise.excess,
    ...(cluster && { cluster }),
    seed,
    budget: STEPS.cases,
  });
  const beyond = excess.value >= minEffect;
  return draftTest({
    name: 'excess-sign-flip',
    question: 'cases',
    statistic: { excess: excess.value, p_two_sided: flips.p, inputs: noise.inputs.length },
    n: noise.inputs.length,
    p: excess.value > 0 ? flips.p : 1,
    method: flips.method,
    B: flips.B,
    decides: true,
    beyond,
    rule: `runs repeat: sign-flip of what each ${cluster ? 'conversation' : 'input'} differs by beyond its noise; fewer flips than noise are no change`,
  });
}

function relabelling(runs: readonly InputRuns[], seed: number): DraftTest {
  const { p, method, B, excess, between, within_a, within_b, repeated } = excessFlipRate({
    runs,
    seed,
    B: RESAMPLES_BESIDE,
  });
  return draftTest({
    name: 'excess-relabelling',
    question: 'cases',
    statistic: { excess, between, within_before: within_a, within_after: within_b },
    n: repeated,
    p,
    method,
    B,
    decides: false,
    rule: 'runs relabelled within inputs: describes the noise of these inputs, and is no evidence for others',
  });
}
