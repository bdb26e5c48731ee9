/** Did numbers shift? One difference an input: mean after − mean before. */
import { medianShift } from '../statistics/median-shift.ts';
import { meanDiffCI } from '../statistics/share-difference.ts';
import { pairedPermutationMean } from '../statistics/sign-flip.ts';
import { wilcoxonSignedRank } from '../statistics/wilcoxon.ts';
import { STEPS } from './budget.ts';
import { distinctRuns, meanOf, stepOf } from './close-numbers.ts';
import { differenceSums } from './difference-sums.ts';
import { type Answer, draftTest, effectOf, isInside, type Settings } from './drafts.ts';
import { clustersOf, type Frame } from './frame.ts';
import { Counts, Floats } from './growing.ts';
import type { PairedInput } from './paired-inputs.ts';
import { spreadOf } from './quantiles.ts';

/** Ranks need differences that fall to both sides alike, which sides with unlike numbers of runs don't give. */
const UNEQUAL_SHARE = 0.1;

export class NumberSteps {
  readonly #inputs = new Counts();
  readonly #steps = new Floats();
  readonly #values = new Floats();
  #unequal = 0;

  add({ input, before, after }: PairedInput): void {
    if (before.values.size === 0 || after.values.size === 0) return;
    const [from, to] = [meanOf(before.values), meanOf(after.values)];
    this.#inputs.push(input);
    this.#steps.push(stepOf(from, to));
    this.#values.push(from);
    this.#values.push(to);
    if (distinctRuns(before.values) !== distinctRuns(after.values)) this.#unequal++;
  }

  get inputs(): Uint32Array {
    return this.#inputs.view();
  }

  get steps(): Float64Array {
    return this.#steps.view();
  }

  /** Of all values of both sides, which are let go of: once. */
  spread(): number {
    const spread = spreadOf(this.#values.view().sort());
    this.#values.release();
    return spread;
  }

  get unequal(): boolean {
    return this.#unequal > UNEQUAL_SHARE * this.#inputs.length;
  }
}

export function numberDirection(
  frame: Frame,
  steps: NumberSteps,
  spread: number,
  { minEffect, seed }: Settings,
): Answer {
  const { inputs, steps: d, unequal } = steps;
  const cluster = clustersOf(frame, inputs);
  const own = cluster && { cluster };
  const median = medianShift({ d, ...own, seed, budget: STEPS.median });
  const largest = d.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const mean = meanDiffCI(differenceSums(frame, inputs, d, largest || 1));
  const effects =
    median.median === null
      ? []
      : [
          effectOf('median', 'value', { ...median, diff: median.median }),
          effectOf('mean', 'value', mean, largest || 1),
        ];
  const limit = (minEffect / 100) * spread;
  const size = Math.max(0, ...effects.map(({ value }) => Math.abs(value)));

  const ranks = wilcoxonSignedRank({ d });
  const flips = pairedPermutationMean({
    d,
    ...own,
    seed,
    budget: cluster || unequal ? STEPS.direction : STEPS.beside,
  });
  const common = { question: 'direction', n: d.length, beyond: size > 0 && size >= limit } as const;
  const byMean = cluster !== undefined || unequal;
  const reason = cluster
    ? 'numbers in conversations: sign-flip of the sum of each conversation'
    : 'numbers, sides with unlike numbers of runs: sign-flip of mean differences over inputs';
  const tests = [
    draftTest({
      ...common,
      name: 'wilcoxon-signed-rank',
      statistic: {
        w_plus: ranks.Wplus_pratt,
        w_minus: ranks.Wminus_pratt,
        zeros: ranks.zeros,
        spread,
      },
      p: ranks.p_pratt,
      method: ranks.method_pratt,
      decides: !byMean,
      rule: byMean
        ? 'beside the sign-flip test, by ranks: takes each input as independent and its runs as one'
        : "numbers, each input alone: Wilcoxon's signed ranks with Pratt's zeros",
    }),
    draftTest({
      ...common,
      name: 'sign-flip-mean',
      statistic: { mean: flips.mean, spread },
      p: flips.p,
      method: flips.method,
      B: flips.B,
      decides: byMean,
      rule: byMean ? reason : "beside Wilcoxon's test: whether the mean shifted",
    }),
  ];
  return {
    tests: byMean ? tests.reverse() : tests,
    effects,
    inside: effects.length > 0 && effects.every((effect) => isInside(effect, limit)),
  };
}
