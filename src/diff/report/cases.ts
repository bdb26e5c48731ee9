/**
 * The cases of a report: the most changed inputs, with their texts. Texts are fetched here, late
 * and a few at a time, so that comparing a million traces never holds their inputs and outputs.
 */
import type { Report } from '../../contract/diff.ts';
import type { AnalysedColumn } from '../analysis/analyse.ts';
import type { Column, DiffData } from '../data.ts';
import type { ShownTrace } from '../source.ts';
import type { Candidate } from './case-choice.ts';
import { textStart } from './json-start.ts';
import { largestStep } from './largest-step.ts';
import { MISSING, outcomeOf } from './outcome.ts';
import { outputDifference } from './output-difference.ts';
import type { ShownTraces } from './shown-traces.ts';

export type Case = Report['cases'][number];

interface Ranked extends Candidate {
  largestStep: number | null;
}

const MAX_CASES = 20;
const MAX_TEXT = 2000; // UTF-16 code units
const MAX_IDS = 5;

/**
 * At most 20 cases: flips first, then by largest step, then by weight; ties by the input's number.
 * The steps are of the latest runs' outputs. An input whose traces are all gone is left out.
 */
export async function pickCases(
  candidates: readonly Candidate[],
  data: DiffData,
  columns: readonly AnalysedColumn[],
  traces: ShownTraces,
): Promise<Case[]> {
  const byInput = new Map(candidates.map((candidate) => [candidate.input, candidate]));
  const ranked: Ranked[] = [];
  for await (const { input, before, after } of traces.pairs(byInput.keys())) {
    const step = stepOf(before, after);
    if (before ?? after) ranked.push({ ...byInput.get(input)!, largestStep: step });
  }
  const chosen = new Map(
    ranked
      .sort(byRank)
      .slice(0, MAX_CASES)
      .map((each) => [each.input, each]),
  );
  const decision = columns.find(({ source }) => source === 'decision')?.column;
  const cases: Case[] = [];
  for await (const { input, before, after } of traces.pairs(chosen.keys())) {
    const sideOf = async (side: 'before' | 'after', trace: ShownTrace | null) => ({
      decision: decisionOf(decision, side, data, input),
      output: trace?.output == null ? null : textStart(trace.output, MAX_TEXT),
      traceIds: await traces.idsOf(side, input, MAX_IDS),
      runs: data[side].starts[input + 1]! - data[side].starts[input]!,
    });
    const { flipped, outcome, largestStep: step } = chosen.get(input)!;
    // One input may be written in several ways; the latest one is shown, whichever side ran it.
    const [last, other] = isLater(before, after) ? [before, after] : [after, before];
    const shown = (last ?? other)!;
    cases.push({
      inputSha256: shown.inputSha256,
      input: textStart(last?.input ?? other?.input ?? '', MAX_TEXT),
      context: shown.context,
      turn: shown.turn,
      flipped,
      outcome,
      largestStep: step,
      before: await sideOf('before', before),
      after: await sideOf('after', after),
      ...outputDifference(before?.output ?? null, after?.output ?? null),
    });
  }
  return cases;
}

function decisionOf(
  column: Column | undefined,
  side: 'before' | 'after',
  data: DiffData,
  input: number,
): string | null {
  if (!column) return null;
  const outcome = outcomeOf(column, column[side], data[side], input);
  return outcome === MISSING ? null : outcome;
}

function stepOf(before: ShownTrace | null, after: ShownTrace | null): number | null {
  if (before?.output == null || after?.output == null) return null;
  return largestStep(before.output, after.output);
}

function isLater(a: ShownTrace | null, b: ShownTrace | null): boolean {
  if (a === null || b === null) return a !== null;
  return a.startedAt > b.startedAt || (a.startedAt === b.startedAt && a.id > b.id);
}

function byRank(a: Ranked, b: Ranked): number {
  return (
    Number(b.flipped) - Number(a.flipped) ||
    (b.largestStep ?? -1) - (a.largestStep ?? -1) ||
    a.weight - b.weight ||
    a.input - b.input
  );
}
