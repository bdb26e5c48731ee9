/**
 * Whether there is a value at all. For labels, missing is an outcome among others; a number, text or
 * object that is there on Tuesday and gone on Thursday, or whose trace ended in an error then, has no
 * difference, so it is asked for by itself.
 */
import type { ColumnKind } from '../data.ts';
import { ERROR, MISSING } from './outcomes.ts';
import type { SideValues } from './side-values.ts';
import { isValue } from './side-values.ts';

export const PRESENCE_NAMES = ['(value)', '(not a number)', MISSING, ERROR] as const;

const ERRORS = PRESENCE_NAMES.indexOf(ERROR);

/** The same place for the same kind of value. */
export function presenceOf(key: number, isNumber: boolean, kind: ColumnKind): number {
  if (isNumber) return 0;
  if (isValue(key)) return kind === 'number' ? 1 : 0;
  return key === -1 ? 2 : 3;
}

/** Runs by place of `PRESENCE_NAMES`. */
export function presenceCounts({ values, rest, errors }: SideValues, kind: ColumnKind): number[] {
  const counts = PRESENCE_NAMES.map(() => 0);
  counts[ERRORS] = errors;
  for (const [tally, isNumber] of [
    [values, kind === 'number'],
    [rest, false],
  ] as const) {
    for (let i = 0; i < tally.size; i++)
      counts[presenceOf(tally.values[i]!, isNumber, kind)]! += tally.counts[i]!;
  }
  return counts;
}
