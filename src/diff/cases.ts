/**
 * The cases of a report: the most changed inputs, with their texts. Texts are fetched here, late
 * and a few at a time, so that comparing a million traces never holds their inputs and outputs.
 */
import type { Report } from '../contract/diff.ts';
import { type Comparison, type Difference, decisionOf } from './comparison.ts';
import { largestStep } from './largest-step.ts';
import { inputOf, isLater, type Unit } from './pairing.ts';

export type Case = Report['cases'][number];

export interface Texts {
  input: string | null; // JSON text
  output: string | null;
}

/** The texts of traces by id; a trace that is gone is left out of the map. */
export type FetchTexts = (ids: readonly string[]) => Promise<ReadonlyMap<string, Texts>>;

interface Ranked extends Difference {
  largestStep: number | null;
}

const MAX_CASES = 20;
const MAX_TEXT = 2000; // UTF-16 code units
const FETCHED_AT_ONCE = 2; // pairs, two traces each: a trace may have 16 MiB of text

/**
 * At most 20 cases: flips first, then by largest step, then by weight; ties by input hash, context
 * and turn. The steps are of the latest runs' outputs.
 * @param fetchTexts called several times, one call after the other; what it rejects with is thrown
 */
export async function pickCases(comparison: Comparison, fetchTexts: FetchTexts): Promise<Case[]> {
  const ranked: Ranked[] = [];
  for (const some of chunks(comparison.differences)) {
    const texts = await fetchTexts(idsOf(some));
    for (const difference of some) {
      ranked.push({ ...difference, largestStep: stepOf(difference, texts) });
    }
  }
  const cases: Case[] = [];
  for (const some of chunks(ranked.sort(byRank).slice(0, MAX_CASES))) {
    const texts = await fetchTexts(idsOf(some));
    for (const difference of some) cases.push(caseOf(difference, texts));
  }
  return cases;
}

function caseOf(ranked: Ranked, texts: ReadonlyMap<string, Texts>): Case {
  const { flipped, largestStep, pair } = ranked;
  const [before, after] = [latestOf(pair.before), latestOf(pair.after)];
  // One input may be written in several ways; the latest one is shown, whichever side ran it.
  const [last, other] = isLater(before, after) ? [before, after] : [after, before];
  const input = texts.get(last.id)?.input ?? texts.get(other.id)?.input ?? '';
  const { inputHash, context, turn } = inputOf(pair.key);
  return {
    inputSha256: inputHash,
    input: cut(input),
    context,
    turn,
    flipped,
    largestStep,
    before: sideOf(pair.before, texts),
    after: sideOf(pair.after, texts),
  };
}

function sideOf(unit: Unit, texts: ReadonlyMap<string, Texts>): Case['before'] {
  const output = texts.get(latestOf(unit).id)?.output ?? null;
  return {
    decision: decisionOf(unit.decisions),
    output: output === null ? null : cut(output),
    traceIds: unit.latest.map((run) => run.id),
    runs: unit.runs,
  };
}

function stepOf({ pair }: Difference, texts: ReadonlyMap<string, Texts>): number | null {
  const before = texts.get(latestOf(pair.before).id)?.output ?? null;
  const after = texts.get(latestOf(pair.after).id)?.output ?? null;
  return before === null || after === null ? null : largestStep(before, after);
}

function byRank(a: Ranked, b: Ranked): number {
  return (
    Number(b.flipped) - Number(a.flipped) ||
    (b.largestStep ?? -1) - (a.largestStep ?? -1) ||
    a.weight - b.weight ||
    (a.pair.key < b.pair.key ? -1 : 1)
  );
}

function latestOf(unit: Unit) {
  return unit.latest[0]!;
}

function idsOf(differences: readonly Difference[]): string[] {
  const ids = differences.flatMap(({ pair }) => [
    latestOf(pair.before).id,
    latestOf(pair.after).id,
  ]);
  return [...new Set(ids)];
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += FETCHED_AT_ONCE) yield items.slice(i, i + FETCHED_AT_ONCE);
}

/** Never through the middle of a surrogate pair. */
function cut(text: string): string {
  const points = [...text.slice(0, MAX_TEXT)];
  const splits = (text.codePointAt(MAX_TEXT - 1) ?? 0) > 0xffff;
  // Joined anew: a slice would keep the whole text in memory, and it may have megabytes.
  return points.slice(0, splits ? -1 : points.length).join('');
}
