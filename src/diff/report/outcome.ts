/** What an input's runs say on one side, in words, and whether two runs say the same. */
import { CODE, type Column, type Runs, type Values } from '../data.ts';

export const MISSING = '(missing)';
export const ERROR = '(error)';
export const MIXED = '(mixed)';
const OTHER = '(other)';

/** Neither missing nor an error without a value. */
export function isThere(code: number): boolean {
  return code !== CODE.missing && code !== CODE.error;
}

/** Equal codes alone don't make equal values where the value stands in `numbers`. */
export function isSame(a: Values, i: number, b: Values, j: number): boolean {
  const code = a.codes[i]!;
  if (code !== b.codes[j]) return false;
  return code > CODE.number || a.numbers?.[i] === b.numbers?.[j];
}

/** Of a label column: the name that an input's runs agree on, `(mixed)` where they don't; null without runs. */
export function outcomeOf(column: Column, values: Values, runs: Runs, input: number) {
  const [from, to] = [runs.starts[input]!, runs.starts[input + 1]!];
  if (from === to) return null;
  for (let run = from + 1; run < to; run++) if (!isSame(values, from, values, run)) return MIXED;
  return nameOf(column, values.codes[from]!);
}

function nameOf(column: Column, code: number): string {
  if (code === CODE.missing) return MISSING;
  if (code === CODE.error) return ERROR;
  return column.labels[code] ?? OTHER; // a label that the column has no name for: too long, or one too many
}
