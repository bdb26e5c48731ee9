/** Did labels change one way? */
import { bowker } from '../statistics/bowker.ts';
import { sharesChiSquare, sharesSignFlip, singlesPooled } from '../statistics/label-share.ts';
import { mcnemarExact } from '../statistics/mcnemar.ts';
import { shareDiffCI } from '../statistics/share-difference.ts';
import { pairedPermutationMean } from '../statistics/sign-flip.ts';
import { stuartMaxwell } from '../statistics/stuart-maxwell.ts';
import { STEPS } from './budget.ts';
import { type Answer, bySize, type DraftTest, draftTest, effectOf, isInside } from './drafts.ts';
import type { ShareSums } from './share-differences.ts';

/** More differences than this aren't held at once: they are summed as they come. */
const MOST_HELD = 2_000_000;

export interface LabelQuestion {
  names: readonly string[];
  sums: ShareSums;
  singleRuns: boolean;
  clustered: boolean;
  /** Inputs by outcome before and after, where each side has one; null: not asked for. */
  table: number[][] | null;
  minEffect: number;
  seed: number;
  /** Put before the names of tests and their rules, where it isn't the labels themselves. */
  about?: { name: string; rule: string };
  budget?: number;
}

export function labelDirection(question: LabelQuestion): Answer {
  const { names, sums, minEffect } = question;
  const effects = names
    .flatMap((name, place) =>
      sums.occurs[place] === 1 ? [effectOf(name, 'points', shareDiffCI(sums.of(place)), 100)] : [],
    )
    .sort(bySize);
  const beyond = effects.length > 0 && Math.abs(effects[0]!.value) >= minEffect;
  const decides = decidingTest(question, beyond);
  const tests = [decides, ...(question.table ? describing(question.table, sums.n) : [])];
  const { about } = question;
  return {
    tests: about
      ? tests.map((test) => ({
          ...test,
          name: `${about.name}-${test.name}`,
          rule: `${about.rule}: ${test.rule}`,
        }))
      : tests,
    effects,
    inside: effects.every((effect) => isInside(effect, minEffect)),
  };
}

function decidingTest(question: LabelQuestion, beyond: boolean): DraftTest {
  const { sums, singleRuns, clustered, seed, budget = STEPS.direction } = question;
  const { n, groups, occurs } = sums;
  const common = { question: 'direction', n, decides: true, beyond } as const;
  const present = occurs.reduce((all, has) => all + has, 0);
  const first = occurs.indexOf(1);
  if (present === 2 && singleRuns && !clustered) {
    // Of one of two labels, 1 or −1 is each input that flipped.
    const up = (sums.products[first]![first]! + sums.sums[first]!) / 2;
    const [b, c] = [Math.round(up), groups - Math.round(up)];
    const { p, midp, method } = mcnemarExact({ b, c });
    return draftTest({
      ...common,
      name: 'mcnemar-exact',
      statistic: { b, c, midp },
      p,
      method,
      rule: 'one run a side and two labels: exact McNemar over inputs that flipped',
    });
  }
  const why = [
    present > 2 ? `${present} labels` : 'two labels or fewer',
    singleRuns ? 'one run a side' : 'repeated runs',
    ...(clustered ? ['conversations'] : []),
  ].join(', ');
  const rule = `${why}: sign-flip of each ${clustered ? 'conversation' : 'input'}'s differences in label shares${present > 2 ? ', labels of one difference as one' : ''}`;
  const name = 'label-share-sign-flip';
  if (present === 2) {
    const flips = pairedPermutationMean({ d: sums.differencesOf(first), seed, budget });
    const statistic = { differing: groups, sum: sums.sums[first]! };
    const { p, method, B } = flips;
    return draftTest({ ...common, name, statistic, p, method, B, rule });
  }
  const flips =
    groups * occurs.length <= MOST_HELD
      ? sharesSignFlip({ differences: singlesPooled(sums.vectors()), seed, budget })
      : sharesChiSquare(sums);
  const { chi2, df, p, method, B } = flips;
  return draftTest({
    ...common,
    name,
    statistic: { chi2, df, differing: groups },
    p,
    method,
    B,
    rule,
  });
}

function describing(table: number[][], n: number): DraftTest[] {
  const common = { question: 'direction', n, decides: false } as const;
  const [symmetry, margins] = [bowker({ table }), stuartMaxwell({ table })];
  return [
    draftTest({
      ...common,
      name: 'stuart-maxwell',
      statistic: { chi2: margins.chi2, df: margins.df },
      p: margins.p,
      method: margins.method,
      rule: 'more than two labels, one run a side: beside the sign-flip test, as its large-sample form',
    }),
    draftTest({
      ...common,
      name: 'bowker',
      statistic: { chi2: symmetry.chi2, df: symmetry.df },
      p: symmetry.p,
      method: symmetry.method,
      rule: 'more than two labels, one run a side: whether each pair of labels was swapped alike',
    }),
  ];
}
