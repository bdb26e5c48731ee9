/** How much of a comparison a page shows: a file alone has more room than one among many. */
import type { ArtifactDiff, ChangedFile, Inside } from '../contract/artifact-diff.ts';

export interface ShownFile {
  file: ChangedFile;
  /** Its place among the changed files of the report. */
  index: number;
  /** How many rows of each list inside it are shown. */
  rows: number;
}

const MOST_FILES = 15;
const ROWS_AMONG_MANY = 6;
const ROWS_ALONE = 50;
/** Of all lists of all files together: a page stays small. */
const MOST_ROWS = 90;

/** @param chosen the one file that is looked at; null: all, as far as there is room */
export function shownFiles({ changed }: ArtifactDiff, chosen: number | null): ShownFile[] {
  const alone = chosen === null ? undefined : changed.items[chosen];
  if (alone && chosen !== null) {
    const lists = Math.max(1, listsIn(alone.inside).length);
    const rows = Math.min(ROWS_ALONE, Math.max(ROWS_AMONG_MANY, Math.floor(MOST_ROWS / lists)));
    return [{ file: alone, index: chosen, rows }];
  }
  let left = MOST_ROWS;
  return changed.items.slice(0, MOST_FILES).map((file, index) => {
    const lists = listsIn(file.inside);
    const rows = Math.min(ROWS_AMONG_MANY, Math.floor(left / Math.max(1, lists.length)));
    left -= lists.reduce((sum, count) => sum + Math.min(count, rows), 0);
    return { file, index, rows };
  });
}

/** How many each list that isn't empty has. */
function listsIn(inside: Inside | null): number[] {
  if (inside === null) return [];
  const { facts, tensors, inputs, outputs, operators, metadata } = inside;
  const shapes = [tensors, inputs, outputs].flatMap(({ added, removed, changed }) => [
    added.items.length,
    removed.items.length,
    changed.items.length,
  ]);
  const texts = [facts, operators, metadata].map(({ items }) => items.length);
  return [...shapes, ...texts].filter((count) => count > 0);
}
