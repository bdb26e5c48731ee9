/** The report's short section on whole outputs: an input's answers of one side against the other's, as sets. */
import type { Report } from '../../contract/diff.ts';
import type { Column, DiffData } from '../data.ts';
import { isSame, isThere } from './outcome.ts';

export interface Outputs {
  section: Report['outputs'];
  /** Inputs with an output on one side only: nothing can be said of them. */
  oneSided: number;
}

/** @param column the whole output's */
export function outputsOf(data: DiffData, column: Column | undefined): Outputs {
  const counts = { 'one-sided': 0, same: 0, partly: 0, none: 0 };
  for (let input = 0; column && input < data.inputs; input++) {
    const met = meeting(data, column, input);
    if (met) counts[met]++;
  }
  const { 'one-sided': oneSided, same, partly, none } = counts;
  const compared = same + partly + none;
  const changedShare = compared === 0 ? null : none / compared;
  return { section: { compared, changed: none, partly, changedShare }, oneSided };
}

/** How the two sides' outputs meet; null where the input is not on both sides or has none. */
function meeting({ before, after }: DiffData, column: Column, input: number) {
  const [i, j] = [before.starts[input]!, after.starts[input]!];
  const [runs, others] = [before.starts[input + 1]! - i, after.starts[input + 1]! - j];
  if (runs === 0 || others === 0) return null;
  if (runs > 1 || others > 1) {
    const from = valuesIn(column.before, i, i + runs);
    return ofSets(from, valuesIn(column.after, j, j + others));
  }
  const [from, to] = [isThere(column.before.codes[i]!), isThere(column.after.codes[j]!)];
  if (!from || !to) return from || to ? 'one-sided' : null;
  return isSame(column.before, i, column.after, j) ? 'same' : 'none';
}

function ofSets(from: ReadonlySet<string>, to: ReadonlySet<string>) {
  if (from.size === 0 || to.size === 0) return from.size + to.size > 0 ? 'one-sided' : null;
  let shared = 0;
  for (const value of from) if (to.has(value)) shared++;
  if (shared === from.size && shared === to.size) return 'same';
  return shared === 0 ? 'none' : 'partly';
}

function valuesIn({ codes, numbers }: Column['before'], from: number, to: number): Set<string> {
  const values = new Set<string>();
  for (let run = from; run < to; run++) {
    const code = codes[run]!;
    if (isThere(code)) values.add(code < 0 ? `${code} ${numbers?.[run]}` : `${code}`);
  }
  return values;
}
