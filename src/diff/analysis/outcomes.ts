/** The outcomes of a label column: at most 50, missing and error among them, each with a place. */
import { CODE, type Column, type Runs, type Values } from '../data.ts';
import type { Frame } from './frame.ts';

export const MISSING = '(missing)';
export const ERROR = '(error)';
export const MIXED = '(mixed)';
export const OTHER = '(other)';

/** More outcomes than this, and the rarest are put together. */
const MOST = 50;

export interface Outcomes {
  /** By place. */
  names: readonly string[];
  /** @param key as `keyOf` gives it */
  placeOf(key: number): number;
}

/**
 * The 50 outcomes there are, or the 49 most frequent and `(other)`. Counted are inputs that have them,
 * on each side, so that repeating runs makes no label more frequent; missing and error always stay.
 */
export function outcomesOf(frame: Frame, column: Column): Outcomes {
  const { labels } = column;
  const { data } = frame;
  const counts = new Uint32Array(labels.length);
  const seen = { missing: false, error: false, hash: false };
  for (const side of ['before', 'after'] as const) count(data[side], column[side], counts, seen);

  const used: number[] = [];
  for (let label = 0; label < labels.length; label++) if (counts[label]! > 0) used.push(label);
  const special = Number(seen.missing) + Number(seen.error);
  let kept = used;
  const tooMany = used.length + special + Number(seen.hash) > MOST;
  if (tooMany) {
    used.sort((a, b) => counts[b]! - counts[a]! || (labels[a]! < labels[b]! ? -1 : 1));
    kept = used.slice(0, MOST - 1 - special);
  }
  kept.sort((a, b) => (labels[a]! < labels[b]! ? -1 : 1));

  const names = kept.map((label) => labels[label]!);
  const place = (name: string) => names.push(name) - 1;
  const missing = seen.missing ? place(MISSING) : -1;
  const error = seen.error ? place(ERROR) : -1;
  const other = tooMany || seen.hash ? place(OTHER) : -1;
  const places = new Int32Array(labels.length).fill(other);
  for (const [i, label] of kept.entries()) places[label] = i;
  return {
    names,
    placeOf: (key) =>
      key >= 0 ? places[key]! : key === CODE.missing ? missing : key === CODE.error ? error : other,
  };
}

function count(
  runs: Runs,
  { codes }: Values,
  counts: Uint32Array,
  seen: { missing: boolean; error: boolean; hash: boolean },
): void {
  const lastInput = new Int32Array(counts.length).fill(-1);
  for (let input = 0; input + 1 < runs.starts.length; input++) {
    for (let run = runs.starts[input]!; run < runs.starts[input + 1]!; run++) {
      const code = codes[run]!;
      if (code === CODE.missing) seen.missing = true;
      else if (code === CODE.error) seen.error = true;
      else if (code < 0) seen.hash = true;
      else if (lastInput[code] !== input) {
        lastInput[code] = input;
        counts[code]!++;
      }
    }
  }
}
