/** Numbers of one input, compared. */
import type { Tally } from './tally.ts';

/** Numbers nearer than this, relative to the larger, are one number written differently. */
const CLOSE = 1e-9;

/** Makes numbers of both sides that are close one number, so that equal means equal from here on. */
export function unify(a: Tally, b: Tally): void {
  let shown = Number.NaN;
  for (let i = 0, j = 0; i < a.size || j < b.size; ) {
    const fromA = j >= b.size || (i < a.size && a.values[i]! <= b.values[j]!);
    const value = fromA ? a.values[i]! : b.values[j]!;
    const far = Math.abs(value - shown) <= CLOSE * Math.max(Math.abs(value), Math.abs(shown));
    if (!far) shown = value; // NaN at first
    if (fromA) a.values[i++] = shown;
    else b.values[j++] = shown;
  }
  if (a.size > 1) a.merge();
  if (b.size > 1) b.merge();
}

/**
 * The mean of a side. Counts are divided by what they have in common first, so that runs that are all
 * repeated give the same mean to the last bit.
 */
export function meanOf({ values, counts, size, total }: Tally): number {
  if (size === 1) return values[0]!;
  let common = counts[0]!;
  for (let i = 1; i < size && common > 1; i++) common = commonDivisor(common, counts[i]!);
  let sum = 0;
  for (let i = 0; i < size; i++) sum += values[i]! * (counts[i]! / common);
  if (Number.isFinite(sum)) return sum / (total / common);
  sum = 0;
  for (let i = 0; i < size; i++) sum += values[i]! * (counts[i]! / total);
  return sum;
}

/** Runs of a side, without repeating all of them alike. */
export function distinctRuns({ counts, size, total }: Tally): number {
  let common = counts[0]!;
  for (let i = 1; i < size && common > 1; i++) common = commonDivisor(common, counts[i]!);
  return total / common;
}

/**
 * after − before, without the rounding error that subtracting leaves: 0.3 − 0.2 and 0.2 − 0.1 are the
 * same step, and tests that rank must see a tie.
 */
export function stepOf(before: number, after: number): number {
  const step = after - before;
  const size = Math.max(Math.abs(before), Math.abs(after));
  if (step === 0) return 0;
  if (!Number.isFinite(step)) return Math.sign(step) * Number.MAX_VALUE;
  const grid = 10 ** (12 - Math.ceil(Math.log10(size)));
  const whole = Math.abs(step) * grid;
  if (!Number.isFinite(grid) || !(whole < 2 ** 52) || grid < 1e-300) return step;
  return (Math.sign(step) * Math.round(whole)) / grid;
}

function commonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
