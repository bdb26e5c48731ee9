/** A column's paired inputs, one after the other, and what can be said of them whatever the kind. */
import type { Column } from '../data.ts';
import { stepOf, unify } from './close-numbers.ts';
import {
  disagreementBetween,
  disagreementWithin,
  distanceBetween,
  distanceWithin,
  noiseOf,
} from './distances.ts';
import type { Frame } from './frame.ts';
import { Counts, Floats } from './growing.ts';
import { SideValues } from './side-values.ts';
import { SingleRuns } from './single-runs.ts';
import { sameShares, sameValues } from './tally.ts';

/** One input; valid until the next one. */
export interface PairedInput {
  input: number;
  before: SideValues;
  after: SideValues;
  /** The sets of values differ. */
  differs: boolean;
}

export interface PairFacts {
  /** Inputs with a value on either side and no side of errors alone, and those of them whose sides differ. Ascending. */
  compared: Uint32Array;
  differing: Uint32Array;
  /** Those compared, and those with a value on one side and errors alone on the other: all that can lose or gain a value. */
  asked: Uint32Array;
  /** Those whose runs of one side disagree. */
  mixed: number;
  leftOut: { reason: string; inputs: number }[];
  /** Nothing differs, not even how often each value came. */
  alike: boolean;
  /** Each input ran once on each side. */
  singleRuns: boolean;
  noise: NoiseFacts;
}

export interface NoiseFacts {
  /** Inputs that ran twice or more on a side, and by how much their sides differ more than their runs do. */
  inputs: Uint32Array;
  excess: Float64Array;
  /** Mean share of pairs of runs of one side that disagree; null: nothing repeats. */
  rate: number | null;
  /** How much the other inputs differ, against the noise of these. */
  single: SingleRuns;
}

export function pairFacts(
  frame: Frame,
  column: Column,
  visit: (pair: PairedInput) => void,
  visitFailed: (pair: PairedInput) => void = () => {},
): PairFacts {
  const { kind } = column;
  const { before: from, after: to } = frame.data;
  const pair = { input: 0, before: new SideValues(), after: new SideValues(), differs: false };
  const { before, after } = pair;
  const [asked, compared, differing, repeated, excess] = [
    new Counts(),
    new Counts(),
    new Counts(),
    new Counts(),
    new Floats(),
  ];
  const leftOut = { error: 0, missing: 0, 'not a number': 0 };
  const single = new SingleRuns();
  let [mixed, disagreement, alike, singleRuns] = [0, 0, true, true];
  for (const input of frame.paired) {
    before.read(column.before, from.starts[input]!, from.starts[input + 1]!, kind);
    after.read(column.after, to.starts[input]!, to.starts[input + 1]!, kind);
    const hasValue = before.hasValue(kind) || after.hasValue(kind);
    pair.input = input;
    if (before.total === 0 || after.total === 0) {
      leftOut.error++;
      if (!hasValue) continue;
      asked.push(input);
      alike = false;
      visitFailed(pair);
      continue;
    }
    if (!hasValue) continue;
    if (kind === 'number') unify(before.values, after.values);
    asked.push(input);
    pair.differs = !(
      sameValues(before.values, after.values) && sameValues(before.rest, after.rest)
    );
    compared.push(input);
    if (pair.differs) differing.push(input);
    if (before.mixed || after.mixed) mixed++;
    if (before.total > 1 || after.total > 1) singleRuns = false;
    alike &&=
      sameShares(before.values, after.values) &&
      sameShares(before.rest, after.rest) &&
      before.errors * after.total === after.errors * before.total;
    visit(pair);
    if (kind === 'number' && (before.values.size === 0 || after.values.size === 0)) {
      const one = before.values.size === 0 ? before : after;
      leftOut[one.hasValue(kind) ? 'not a number' : 'missing']++;
      continue;
    }
    const within = noiseOf(disagreementWithin(before.values), disagreementWithin(after.values));
    const isNumber = kind === 'number';
    const between = (isNumber ? distanceBetween : disagreementBetween)(before.values, after.values);
    if (within === null) {
      single.addSingle(between);
      continue;
    }
    disagreement += within;
    repeated.push(input);
    const noise = isNumber
      ? noiseOf(distanceWithin(before.values), distanceWithin(after.values))!
      : within;
    single.addRepeated(noise);
    excess.push(stepOf(noise, between));
  }
  return {
    compared: compared.toArray(),
    differing: differing.toArray(),
    asked: asked.toArray(),
    mixed,
    leftOut: Object.entries(leftOut)
      .filter(([, inputs]) => inputs > 0)
      .map(([reason, inputs]) => ({ reason, inputs })),
    alike,
    singleRuns,
    noise: {
      inputs: repeated.toArray(),
      excess: excess.view(),
      rate: repeated.length === 0 ? null : disagreement / repeated.length,
      single,
    },
  };
}
