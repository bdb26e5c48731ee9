/** Numbers as a test takes them: sorted, without those it can't take, and how many those were. */
export interface Sample {
  sorted: Float64Array;
  leftOut: number;
}

/** Everything that has a place in an order: NaN is left out, ±Infinity stay at the ends. */
export function ordered(values: ArrayLike<number>): Sample {
  return kept(values, (value) => !Number.isNaN(value));
}

/** Everything that has a distance to others: NaN and ±Infinity are left out. */
export function finite(values: ArrayLike<number>): Sample {
  return kept(values, Number.isFinite);
}

/** Numbers that can be added up, in the order given. */
export function finiteOnly(values: ArrayLike<number>): Float64Array {
  const found = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) found[n++] = values[i]!;
  return found.subarray(0, n);
}

function kept(values: ArrayLike<number>, takes: (value: number) => boolean): Sample {
  const buffer = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (takes(values[i]!)) buffer[n++] = values[i]!;
  return { sorted: buffer.subarray(0, n).sort(), leftOut: values.length - n };
}

/** The middle of sorted numbers, the mean of the two middle ones of an even count; null of none. */
export function medianOf(sorted: ArrayLike<number>): number | null {
  const n = sorted.length;
  if (n === 0) return null;
  const [low, high] = [sorted[(n - 1) >> 1]!, sorted[n >> 1]!];
  return low === high ? low : low / 2 + high / 2; // halves first: the sum may be too large
}
