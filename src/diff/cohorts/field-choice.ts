/** Which of the fields that were found become columns, and why the others don't. */
import { CODE, type SkippedField } from '../data.ts';
import { type FieldValues, isProse } from './field-values.ts';
import type { FoundField } from './found-fields.ts';

const MOST_COLUMNS = 30;
/** Where neither side has it in so many of its runs a field is rare. */
const RARE = 0.01;
/** With fewer runs every field would look unique. */
const FEWEST_TO_BE_UNIQUE = 50;
const MOST_SKIPPED = 200;

export interface Choice {
  /** Those that most runs have come first. */
  columns: FoundField[];
  /** In order of path. */
  skipped: SkippedField[];
}

/** @param runs of each side */
export function chooseFields(
  fields: readonly FoundField[],
  runs: readonly [number, number],
): Choice {
  const columns: FoundField[] = [];
  const skipped: SkippedField[] = [];
  const skip = (field: FoundField, reason: SkippedField['reason'], distinct: number | null) => {
    const runs = field.values.totalRuns;
    const seen = distinct ?? Math.max(1, field.values.book?.size ?? 0);
    skipped.push({ path: field.path, reason, distinct: seen, runs, atLeast: distinct === null });
  };
  for (const field of [...fields].sort(byRuns)) {
    const isRare = field.values.runs.every((count, side) => {
      return count === 0 || count < RARE * runs[side]!;
    });
    if (isRare) skip(field, 'rare', null);
    else if (field.values.givenUp || columns.length === MOST_COLUMNS) skip(field, 'too-many', null);
    else {
      const distinct = distinctIfNearUnique(field.values);
      if (distinct === null) columns.push(field);
      else skip(field, 'near-unique', distinct);
    }
  }
  const listed = skipped.slice(0, MOST_SKIPPED);
  return { columns, skipped: listed.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function byRuns(a: FoundField, b: FoundField): number {
  return b.values.totalRuns - a.values.totalRuns || (a.path < b.path ? -1 : 1);
}

/**
 * How many distinct values there are, where more than half of the runs have one that no other run
 * has: ids, times, names of their own. Never numbers with fractions or prose, which are measured
 * and compared however much they vary.
 */
function distinctIfNearUnique(values: FieldValues): number | null {
  const { totalRuns, types, fractions, likeIds } = values;
  if (totalRuns < FEWEST_TO_BE_UNIQUE || types.of('lists') > 0) return null;
  const ids = fractions > 0 ? 0 : likeIds;
  if (ids + plainTextsIn(values) <= totalRuns / 2) return null;
  const { distinct, single } = occurrencesIn(values);
  return single > totalRuns / 2 ? distinct : null;
}

function plainTextsIn(values: FieldValues): number {
  const { book, types, prose } = values;
  let inBook = 0; // prose that is short enough to be a label
  const proseLabels = new Set<number>();
  for (const [label, number] of book?.labels() ?? []) {
    if (typeof label === 'string' && isProse(label)) proseLabels.add(number);
  }
  if (proseLabels.size > 0) {
    for (const codes of values.codes) {
      for (let row = 0; row < codes.end; row++) if (proseLabels.has(codes.get(row))) inBook++;
    }
  }
  return types.of('texts') - prose - inBook;
}

function occurrencesIn(values: FieldValues): { distinct: number; single: number } {
  const ofLabel = new Map<number, number>();
  const others = new Float64Array(values.totalRuns);
  let count = 0;
  for (const side of [0, 1] as const) {
    const [codes, numbers] = [values.codes[side], values.numbers[side]];
    for (let row = 0; row < codes.end; row++) {
      const code = codes.get(row);
      if (code >= 0) ofLabel.set(code, (ofLabel.get(code) ?? 0) + 1);
      else if (code === CODE.number || code === CODE.hash) others[count++] = numbers.get(row);
    }
  }
  let [distinct, single] = [ofLabel.size, 0];
  for (const times of ofLabel.values()) if (times === 1) single++;
  const sorted = others.subarray(0, count).sort();
  for (let from = 0, to = 0; from < count; from = to) {
    while (to < count && sorted[to] === sorted[from]) to++;
    distinct++;
    if (to - from === 1) single++;
  }
  return { distinct, single };
}
