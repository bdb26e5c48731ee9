/**
 * How far apart the runs of one input are: 0 or 1 for values that are equal or not, |Δ| for numbers.
 * `between` is the mean over all pairs of one run a side, `within` over all pairs of runs of one side.
 */
import type { Tally } from './tally.ts';

export function disagreementBetween(a: Tally, b: Tally): number {
  let agreeing = 0;
  for (let i = 0, j = 0; i < a.size && j < b.size; ) {
    if (a.values[i] === b.values[j]) agreeing += a.counts[i++]! * b.counts[j++]!;
    else if (a.values[i]! < b.values[j]!) i++;
    else j++;
  }
  return 1 - agreeing / (a.total * b.total);
}

/** Null where there is one run. */
export function disagreementWithin({ counts, size, total }: Tally): number | null {
  if (total < 2) return null;
  let agreeing = 0;
  for (let i = 0; i < size; i++) agreeing += counts[i]! * (counts[i]! - 1);
  return 1 - agreeing / (total * (total - 1));
}

/** Mean |x − y|: ∫ F(1 − G) + G(1 − F), by which many runs take no longer than their number. */
export function distanceBetween(a: Tally, b: Tally): number {
  let [sum, i, j, left, right] = [0, 0, 0, 0, 0];
  let last = 0;
  while (i < a.size || j < b.size) {
    const next =
      j >= b.size || (i < a.size && a.values[i]! <= b.values[j]!) ? a.values[i]! : b.values[j]!;
    const [f, g] = [left / a.total, right / b.total];
    if (left + right > 0) sum += (f * (1 - g) + g * (1 - f)) * (next - last);
    while (i < a.size && a.values[i] === next) left += a.counts[i++]!;
    while (j < b.size && b.values[j] === next) right += b.counts[j++]!;
    last = next;
  }
  return Math.min(sum, Number.MAX_VALUE);
}

/** Null where there is one run. */
export function distanceWithin({ values, counts, size, total }: Tally): number | null {
  if (total < 2) return null;
  let [sum, below] = [0, 0];
  for (let i = 0; i + 1 < size; i++) {
    below += counts[i]!;
    sum += ((2 * below) / total) * ((total - below) / (total - 1)) * (values[i + 1]! - values[i]!);
  }
  return Math.min(sum, Number.MAX_VALUE);
}

/** The noise of both sides; where one ran once, the other's for both; null where both did. */
export function noiseOf(before: number | null, after: number | null): number | null {
  return before === null || after === null ? (before ?? after) : (before + after) / 2;
}
