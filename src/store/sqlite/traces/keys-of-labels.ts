/** The newest traces of many labels. */
import type { Ask } from './key-questions.ts';
import type { Newest, Range } from './trace-keys.ts';

export interface AskedLabel {
  id: number;
  cuts: string;
  /** When its traces that match can begin, newest first. */
  ranges: readonly Range[];
}

export interface Walk {
  /** Those of these labels. */
  ask: Ask;
  /** The newest part of a range, in which no more than so many traces begin, whosever they are. */
  newestOf(range: Range, count: number): Range;
  /** How many traces are passed in the time that asking one more label takes. */
  passedPerLabel: number;
}

/** Below this, asking label by label takes no longer. */
const FEW = 16;
const PASSED_PER_KEY = 4;
/** One in so many must have matched for the walk to go on. */
const THIN = 10;

/**
 * Asks label by label, each only for what is newer than what was found.
 * @param until only for traces that begin before it
 */
export function askEach(
  labels: readonly AskedLabel[],
  ask: Ask,
  limit: number,
  newest: Newest,
  until: number,
): void {
  for (const { id, cuts, ranges } of labels) {
    let left = limit;
    for (const range of ranges) {
      const from = Math.max(range.from, newest.from);
      if (left <= 0 || from >= range.to) break;
      const to = Math.min(range.to, until);
      const found = ask({ from, to }, left, { labelId: id, cuts });
      left -= found.length;
      newest.add(found);
    }
  }
}

/**
 * Goes through the newest traces of all labels at once, as long as enough of them are of these: where a
 * glob fits many labels, a page of their traces lies close together, and asking each takes far longer.
 * @returns when the traces begin that are left to be looked at: before this
 */
export function walk(
  labels: readonly AskedLabel[],
  { ask, newestOf, passedPerLabel }: Walk,
  limit: number,
  newest: Newest,
): number {
  const hull = hullOf(labels);
  if (labels.length < FEW) return hull.to;
  const labelIds = JSON.stringify(labels.map(({ id }) => id));
  let { to } = hull;
  for (;;) {
    const count = PASSED_PER_KEY * limit + passedPerLabel * labels.length;
    const top = newestOf({ from: Math.max(hull.from, newest.from), to }, count);
    const found = ask(top, limit, { labelIds });
    newest.add(found);
    to = Math.min(to, top.from);
    if (to <= Math.max(hull.from, newest.from) || found.length * THIN < count) return to;
  }
}

function hullOf(labels: readonly AskedLabel[]): Range {
  const ranges = labels.flatMap((label) => label.ranges);
  return {
    from: ranges.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER),
    to: ranges.reduce((most, { to }) => Math.max(most, to), Number.MIN_SAFE_INTEGER),
  };
}
