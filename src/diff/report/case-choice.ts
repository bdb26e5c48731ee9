/** Which inputs may become cases: those that differ in what decides, flips first, and then those whose output differs. */
import type { AnalysedColumn } from '../analysis/analyse.ts';
import type { Column, DiffData } from '../data.ts';
import { MIXED, outcomeOf } from './outcome.ts';

export interface Candidate {
  input: number;
  flipped: boolean;
  /** Of the lead column; null where there is none. */
  outcome: { column: string; before: string; after: string } | null;
  /** 0: a flip; 1: something else that decides; 2: the output alone. */
  weight: 0 | 1 | 2;
}

export interface Choice {
  candidates: Candidate[];
  /** Inputs that differ in any of these ways; more than candidates where there are many. */
  differing: number;
}

/** How many differing inputs are looked at to choose the cases from. */
export const POOL = 200;

/** The first label column that decides: its outcomes stand above a case. */
export function leadOf(columns: readonly AnalysedColumn[]): Column | null {
  const lead = columns.find(({ family, kind }) => family === 'first' && kind === 'label');
  return lead?.column ?? null;
}

/** At most 200, by weight and then by the number of the input. */
export function choose(data: DiffData, columns: readonly AnalysedColumn[]): Choice {
  const lead = leadOf(columns);
  const weights = new Uint8Array(data.inputs).fill(NONE);
  const outcomes = (input: number) => {
    if (lead === null) return null;
    const before = outcomeOf(lead, lead.before, data.before, input);
    const after = outcomeOf(lead, lead.after, data.after, input);
    return before === null || after === null ? null : { column: lead.name, before, after };
  };
  const isFlip = (input: number) => {
    const found = outcomes(input);
    return found !== null && found.before !== MIXED && found.after !== MIXED;
  };
  for (const { column, family, path, differing } of columns) {
    if (family !== 'first' && path !== '$') continue; // latency differs everywhere, and says little
    for (const input of differing) {
      const weight = column === lead && isFlip(input) ? 0 : family === 'first' ? 1 : 2;
      weights[input] = Math.min(weights[input]!, weight);
    }
  }
  const candidates = ([0, 1, 2] as const).flatMap((weight) =>
    firstOf(weights, weight).map((input) => ({
      input,
      flipped: weight === 0,
      outcome: outcomes(input),
      weight,
    })),
  );
  const differing = weights.reduce((sum, weight) => sum + Number(weight !== NONE), 0);
  return { candidates: candidates.slice(0, POOL), differing };
}

const NONE = 255;

function firstOf(weights: Uint8Array, weight: number): number[] {
  const found: number[] = [];
  let at = weights.indexOf(weight);
  while (at >= 0 && found.length < POOL) {
    found.push(at);
    at = weights.indexOf(weight, at + 1);
  }
  return found;
}
