/** How much changed where a column differs: words of texts, places of vectors, paths of JSON. */
import type { ReportColumn } from '../../contract/diff.ts';
import type { AnalysedColumn } from '../analysis/analyse.ts';
import { type Step, stepsOf, valueAt } from '../cohorts/field-path.ts';
import { JsonChanges, tensorDiff, wordChangeRate } from '../statistics/index.ts';
import { parsed } from './json-value.ts';
import type { ShownTraces } from './shown-traces.ts';

export interface Details {
  change: ReportColumn['change'];
  paths: ReportColumn['paths'];
  /** Pairs looked at, of those that differ. */
  looked: number;
}

const NONE: Details = { change: null, paths: null, looked: 0 };
const MOST_PATHS = 30;
/** Texts read for one column: a bound on its time, whatever models answer. */
const MOST_CHARACTERS = 8_000_000;

/**
 * @param most differing pairs looked at, evenly spaced in the order of the inputs' numbers. Pairs
 *   with a text over 262,144 characters are skipped.
 */
export async function detailsOf(
  column: AnalysedColumn,
  traces: ShownTraces,
  most: number,
): Promise<Details> {
  const { kind, source, path, differing } = column;
  const measured = kind === 'text' || kind === 'json' || kind === 'vector';
  if (source !== 'output' || path === null || !measured || differing.length === 0) return NONE;
  const steps = stepsOf(path);
  const rates: number[] = [];
  const changes = new JsonChanges();
  let [looked, characters] = [0, 0];
  for await (const { before, after } of traces.pairs(spaced(differing, most))) {
    const texts = [before?.output ?? null, after?.output ?? null] as const;
    const [a, b] = [readAt(texts[0], steps), readAt(texts[1], steps)];
    if (a === undefined || b === undefined) continue;
    if (kind === 'json') changes.add(JSON.stringify(a), JSON.stringify(b));
    else {
      const rate = kind === 'text' ? wordRate(a, b) : vectorRate(a, b);
      if (rate === null) continue;
      rates.push(rate);
    }
    looked++;
    characters += texts[0]!.length + texts[1]!.length;
    if (characters > MOST_CHARACTERS) break;
  }
  const of = differing.length;
  if (kind === 'json') return { change: null, paths: pathsOf(changes), looked };
  const measure = kind === 'text' ? 'words' : 'relative-l2';
  const [median, p90] = [quantile(rates, 0.5), quantile(rates, 0.9)];
  return { change: { measure, median, p90, pairs: looked, of }, paths: null, looked };
}

function readAt(text: string | null, steps: readonly Step[]): unknown {
  return valueAt(parsed(text), steps);
}

function wordRate(a: unknown, b: unknown): number {
  const [from, to] = [a, b].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return wordChangeRate({ a: from!, b: to! }).rate;
}

function vectorRate(a: unknown, b: unknown): number | null {
  if (!isVector(a) || !isVector(b) || a.length !== b.length) return null;
  return tensorDiff({ a, b }).rel_l2;
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

function pathsOf(changes: JsonChanges): ReportColumn['paths'] {
  return changes
    .rates()
    .filter(({ rate }) => rate > 0)
    .slice(0, MOST_PATHS)
    .map(({ path, pairs, changed, added, removed, rate }) => {
      return { path, pairs, changed, added, removed, rate };
    });
}

/** The smallest value that a share `at` of the values doesn't exceed; null: none, or it is infinite. */
function quantile(values: readonly number[], at: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function* spaced(inputs: Uint32Array, most: number): Generator<number> {
  const count = Math.min(inputs.length, most);
  for (let i = 0; i < count; i++) yield inputs[Math.floor((i * inputs.length) / count)]!;
}
