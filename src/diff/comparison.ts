/**
 * Two sides compared, input by input. What is counted here is what was seen, not what caused it.
 *
 * Decisions. A side has the decision its runs agree on, `(mixed)` where they disagree, null where
 * no run has one. A decision on one side only is a flip from or to null: a queue that stops
 * deciding has changed. Mixed is never a flip; it is a difference where the two sides' sets of
 * decisions differ.
 *
 * Outputs are compared as sets of hashes, where both sides have any.
 */
import type { CohortSummary, CohortTally } from './cohort.ts';
import { type Distinct, overlap } from './distinct.ts';
import { type Pair, pairsOf } from './pairing.ts';

export const MIXED = '(mixed)';

export interface MatrixRow {
  before: string | null;
  after: string | null;
  flip: boolean;
  inputs: number;
}

/** A pair that differs in something. `weight`: 0 a flip, 1 changed outputs, 2 anything less. */
export interface Difference {
  pair: Pair;
  flipped: boolean;
  weight: 0 | 1 | 2;
}

export interface Comparison {
  verdict: 'changed' | 'identical' | 'no-data';
  before: CohortSummary;
  after: CohortSummary;
  pairs: { inputs: number; onlyBefore: number; onlyAfter: number };
  decisions: {
    compared: number;
    flipped: number;
    mixed: number;
    /** Inputs with a decision on one side only; flips too, unless the one side is mixed. */
    oneSided: number;
    /** The commonest first. */
    matrix: MatrixRow[];
  };
  outputs: {
    compared: number;
    changed: number;
    partly: number;
    changedShare: number | null;
    /** Inputs with an output on one side only: nothing can be said of them. */
    oneSided: number;
  };
  /** How many pairs differ in anything, and the most different of them, in order. */
  differing: number;
  differences: Difference[];
}

/** How many differing pairs are kept to choose the report's cases from. */
export const POOL = 200;

/**
 * `identical` says that something could be compared and nothing differs; where no input was run on
 * both sides, or nothing but inputs is there to compare, the verdict is `no-data`.
 */
export function compareCohorts(before: CohortTally, after: CohortTally): Comparison {
  const pairs = { inputs: 0, onlyBefore: before.units.size, onlyAfter: after.units.size };
  const decisions = { compared: 0, flipped: 0, mixed: 0, oneSided: 0 };
  const outputs = { compared: 0, changed: 0, partly: 0, oneSided: 0 };
  const matrix = new Map<string, MatrixRow>();
  const pool: Difference[] = [];
  let differing = 0;

  for (const pair of pairsOf(before.units, after.units)) {
    pairs.inputs++;
    pairs.onlyBefore--;
    pairs.onlyAfter--;

    const decision = compareDecisions(pair);
    if (decision) {
      decisions.compared++;
      if (decision.flip) decisions.flipped++;
      if (decision.mixed) decisions.mixed++;
      if (decision.oneSided) decisions.oneSided++;
      countRow(matrix, decision);
    }

    const output = compareOutputs(pair);
    if (output === 'one-sided') outputs.oneSided++;
    else if (output) outputs.compared++;
    if (output === 'none') outputs.changed++;
    if (output === 'partly') outputs.partly++;

    const flipped = decision?.flip ?? false;
    if (flipped || decision?.differs || output === 'none' || output === 'partly') {
      differing++;
      const weight = flipped ? 0 : output === 'none' ? 1 : 2;
      pool.push({ pair, flipped, weight });
      if (pool.length >= 2 * POOL) keepWeightiest(pool);
    }
  }

  keepWeightiest(pool);
  const { compared, changed } = outputs;
  const comparable = decisions.compared + compared > 0;
  return {
    verdict: differing > 0 ? 'changed' : comparable ? 'identical' : 'no-data',
    before: before.summary(),
    after: after.summary(),
    pairs,
    decisions: { ...decisions, matrix: [...matrix.values()].sort(byInputs) },
    outputs: { ...outputs, changedShare: compared === 0 ? null : changed / compared },
    differing,
    differences: pool,
  };
}

/** A side's decision as a report shows it. */
export function decisionOf(decisions: Distinct): string | null {
  return decisions.size > 1 ? MIXED : decisions.only;
}

function compareDecisions({ before: { decisions: from }, after: { decisions: to } }: Pair) {
  if (from.size === 0 && to.size === 0) return null;
  const mixed = from.size > 1 || to.size > 1;
  const differs = overlap(from, to) !== 'same';
  const oneSided = from.size === 0 || to.size === 0;
  const sides = { before: decisionOf(from), after: decisionOf(to) };
  return { ...sides, mixed, differs, flip: differs && !mixed, oneSided };
}

function compareOutputs({ before: { outputs: from }, after: { outputs: to } }: Pair) {
  if (from.size === 0 && to.size === 0) return null;
  if (from.size === 0 || to.size === 0) return 'one-sided';
  return overlap(from, to);
}

function countRow(matrix: Map<string, MatrixRow>, row: Omit<MatrixRow, 'inputs'>): void {
  const { before, after, flip } = row;
  // `flip` keeps a decision that someone named "(mixed)" apart from a mixed side.
  const key = JSON.stringify([before, after, flip]);
  const known = matrix.get(key);
  if (known) known.inputs++;
  else matrix.set(key, { before, after, flip, inputs: 1 });
}

function byInputs(a: MatrixRow, b: MatrixRow): number {
  const name = (row: MatrixRow) => JSON.stringify([row.before, row.after, row.flip]);
  return b.inputs - a.inputs || (name(a) < name(b) ? -1 : 1);
}

function keepWeightiest(pool: Difference[]): void {
  pool.sort((a, b) => a.weight - b.weight || (a.pair.key < b.pair.key ? -1 : 1));
  pool.length = Math.min(pool.length, POOL);
}
