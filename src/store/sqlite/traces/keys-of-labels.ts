/** The newest traces of many labels. */
import type { Ask, AskSeveral, LabelRange } from './key-questions.ts';
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

/** Ranges to a statement: each may give as many as are wanted. */
const MOST_TOGETHER = 32;
/** Below this, asking label by label takes no longer. */
const FEW = 16;
const PASSED_PER_KEY = 4;
/** One in so many must have matched for the walk to go on. */
const THIN = 10;

/**
 * Asks range by range, the newest of all labels first, each only for what is newer than what was found:
 * once as many were found, what is left is older.
 * @param until only for traces that begin before it
 */
export function askEach(
  labels: readonly AskedLabel[],
  ask: Ask,
  limit: number,
  newest: Newest,
  until: number,
): void {
  for (const { from, to, labelId, cuts } of newestFirst(labels, until)) {
    if (to <= newest.from) return;
    const range = { from: Math.max(from, newest.from), to };
    newest.add(ask(range, limit, { labelId, cuts }));
  }
}

/**
 * The same for labels without cuts, with several ranges to a statement: most hold nothing. Once as many
 * as are wanted were found, what newer ones there may be lie close together, whosever they are.
 */
export function askTogether(
  labels: readonly AskedLabel[],
  { askSeveral, ...walk }: Walk & { askSeveral: AskSeveral },
  limit: number,
  newest: Newest,
  until: number,
): void {
  let left = newestFirst(labels, until);
  // Each knows only what those before it found: more at once, as less is left to be found.
  let together = 1;
  while (left.length > 0) {
    if (newest.isFull && left.length > MOST_TOGETHER && walkOver(left, walk, limit, newest)) return;
    const asked = left.slice(0, together);
    const newer = asked.map((one) => ({ ...one, from: Math.max(one.from, newest.from) }));
    newest.add(askSeveral(newer, limit));
    left = left.slice(together);
    const end = left.findIndex(({ to }) => to <= newest.from);
    if (end >= 0) left = left.slice(0, end);
    together = Math.min(2 * together, MOST_TOGETHER);
  }
}

/** @param left the newest first, of which some may be newer than what was found @returns false where that takes longer than asking each */
function walkOver(
  left: readonly LabelRange[],
  { ask, newestOf, passedPerLabel }: Walk,
  limit: number,
  newest: Newest,
): boolean {
  const all = { from: newest.from, to: left[0]!.to };
  if (newestOf(all, passedPerLabel * left.length).from > all.from) return false;
  const labelIds = JSON.stringify([...new Set(left.map(({ labelId }) => labelId))]);
  // A label may have been asked for another range that reaches into this time.
  newest.addNew(ask(all, limit, { labelIds }));
  return true;
}

function newestFirst(labels: readonly AskedLabel[], until: number) {
  const ranges = labels.flatMap(({ id, cuts, ranges: own }) =>
    own
      .filter(({ from }) => from < until)
      .map(({ from, to }) => ({ labelId: id, cuts, from, to: Math.min(to, until) })),
  );
  return labels.length > 1 ? ranges.sort((a, b) => b.to - a.to) : ranges;
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
