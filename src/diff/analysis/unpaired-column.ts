/** All inputs of each side as two samples: what decides where too few inputs are shared, and describes elsewhere. */
import type { ReportColumn } from '../../contract/diff.ts';
import type { Column } from '../data.ts';
import type { Side } from '../source.ts';
import { logChoose } from '../statistics/binomial.ts';
import { Q } from './budget.ts';
import type { PairedAnswer, SidesAnswer } from './column-draft.ts';
import { labelRows, numberBins } from './distribution.ts';
import type { Answer, Settings } from './drafts.ts';
import type { Frame } from './frame.ts';
import { labelDistribution } from './label-samples.ts';
import { neededSides } from './needed.ts';
import { numberDistribution } from './number-samples.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import { PRESENCE_NAMES, presenceOf } from './presence.ts';
import { numbersOf, sampleOf } from './side-sample.ts';
import { isValue, keyOf } from './side-values.ts';
import { trafficOf } from './traffic.ts';

export function unpairedColumn(
  frame: Frame,
  column: Column,
  paired: PairedAnswer,
  decides: boolean,
  settings: Settings,
): SidesAnswer {
  const samples = {
    before: sampleOf(frame, column, 'before', true),
    after: sampleOf(frame, column, 'after', true),
  };
  // A side of errors alone has no values to compare, but whether there are any can be asked.
  const outcomes = {
    before: sampleOf(frame, column, 'before', true, true),
    after: sampleOf(frame, column, 'after', true, true),
  };
  const [n1, n2] = [outcomes.before.length, outcomes.after.length];
  const has = (side: Side) => samples[side].some((run) => isPresent(column, side, run));
  const common = {
    hasData: has('before') || has('after'),
    tooFew: leastP(n1, n2) > Q,
  };
  const rule = ruleOf(frame, decides);
  const empty: Answer = { tests: [], effects: [], inside: false };
  const asked = n1 > 0 && n2 > 0 && (decides || frame.paired.length < frame.data.inputs);

  if (column.kind === 'label') {
    const labels = outcomesOf(frame, column);
    const [before, after] = [
      placesOf(labels, column, 'before', samples.before),
      placesOf(labels, column, 'after', samples.after),
    ];
    const { names } = labels;
    const answer = asked
      ? labelDistribution({ names, before, after, decides, rule }, settings)
      : empty;
    const of = (decides ? answer : paired.direction).effects[0]?.of;
    return {
      ...common,
      ...answer,
      distribution: allLabels(frame, column, labels),
      traffic: of === undefined ? null : trafficOf(frame, column, labels, of),
      needed: () => {
        const place = Math.max(0, names.indexOf(of ?? ''));
        const share = (before[place]! + after[place]!) / Math.max(1, n1 + n2);
        return neededSides(share, Math.min(n1, n2), settings.minEffect / 100);
      },
    };
  }
  const numbers =
    asked && column.kind === 'number'
      ? numberDistribution(
          {
            before: numbersOf(column, 'before', samples.before),
            after: numbersOf(column, 'after', samples.after),
            decides,
            rule,
          },
          settings,
        )
      : empty;
  return {
    ...common,
    ...(asked ? withPresence(numbers, column, outcomes, { decides, rule }, settings) : numbers),
    distribution: column.kind === 'number' ? allNumbers(frame, column) : null,
    traffic: null,
    needed: () => null,
  };
}

function ruleOf(frame: Frame, decides: boolean): string {
  const one = frame.clusters ? 'one input of each conversation' : 'one run of each input';
  return decides
    ? `fewer than 6 independent shared inputs: both sides as samples, ${one}`
    : `beside the pairs, as some inputs ran on one side only: both sides as samples, ${one}`;
}

/** The least p that sides of this size can come to: all of one before all of the other. */
function leastP(n1: number, n2: number): number {
  const extremes = n1 === n2 ? 2 : 1;
  return extremes * Math.exp(-logChoose(n1 + n2, n1));
}

function isPresent(column: Column, side: Side, run: number): boolean {
  const key = keyOf(column[side], run);
  return isValue(key) || (column.kind === 'number' && column[side].codes[run] === -3);
}

function placesOf(outcomes: Outcomes, column: Column, side: Side, runs: Uint32Array): number[] {
  const counts = outcomes.names.map(() => 0);
  for (const run of runs) counts[outcomes.placeOf(keyOf(column[side], run))]!++;
  return counts;
}

function withPresence(
  answer: Answer,
  column: Column,
  samples: Record<Side, Uint32Array>,
  { decides, rule }: { decides: boolean; rule: string },
  settings: Settings,
): Answer {
  const countsOf = (side: Side) => {
    const counts = PRESENCE_NAMES.map(() => 0);
    for (const run of samples[side]) {
      const isNumber = column.kind === 'number' && column[side].codes[run] === -3;
      counts[presenceOf(keyOf(column[side], run), isNumber, column.kind)]!++;
    }
    return counts;
  };
  const [before, after] = [countsOf('before'), countsOf('after')];
  const some = PRESENCE_NAMES.filter((_, place) => before[place]! + after[place]! > 0);
  if (some.length < 2) return answer;
  const presence = labelDistribution(
    {
      names: PRESENCE_NAMES,
      before,
      after,
      decides,
      rule: `whether there is a value; ${rule}`,
      about: 'presence',
    },
    settings,
  );
  return {
    tests: [...answer.tests, ...presence.tests],
    effects: [...answer.effects, ...presence.effects],
    inside: answer.inside && presence.inside,
  };
}

function allLabels(frame: Frame, column: Column, outcomes: Outcomes): ReportColumn['distribution'] {
  const count = (side: Side) =>
    placesOf(outcomes, column, side, sampleOf(frame, column, side, false));
  return labelRows(outcomes.names, count('before'), count('after'));
}

function allNumbers(frame: Frame, column: Column): ReportColumn['distribution'] {
  const values = (side: Side) => numbersOf(column, side, sampleOf(frame, column, side, false));
  return numberBins(values('before'), values('after'));
}
