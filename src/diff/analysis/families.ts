/** Which columns decide: the decision where there is any, and what somebody named; else the whole output. */
import type { Column, Values } from '../data.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { roundedP } from './rounded.ts';
import { isValue, keyOf } from './side-values.ts';

export type Family = Column['family'];

export function familiesOf(columns: readonly Column[]): Family[] {
  const families = columns.map(
    (column): Family =>
      column.source === 'decision' && !hasValues(column) ? 'found' : column.family,
  );
  if (families.includes('first')) return families;
  return columns.map(({ path }) => (path === '$' ? 'first' : 'found'));
}

function hasValues({ before, after }: Column): boolean {
  const any = (side: Values) => side.codes.some((_, run) => isValue(keyOf(side, run)));
  return any(before) || any(after);
}

/** The q of tests of one family, in the order given. */
export function adjusted(p: readonly number[]): number[] {
  return benjaminiHochberg({ p }).adjusted.map(roundedP);
}
