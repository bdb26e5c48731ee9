/** The quantile of sorted numbers, between two of them by proportion (Hyndman and Fan's type 7). */
export function quantileOf(sorted: ArrayLike<number>, at: number): number {
  const place = at * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const share = place - Math.floor(place);
  return low === high ? low : low * (1 - share) + high * share;
}

/**
 * How far numbers usually lie apart, which says whether a shift is large: their interquartile range,
 * the whole range where that is 0, 0 where all are equal.
 */
export function spreadOf(sorted: ArrayLike<number>): number {
  if (sorted.length === 0) return 0;
  const middle = quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
  const range = sorted[sorted.length - 1]! - sorted[0]!;
  return Math.min(middle > 0 ? middle : range, Number.MAX_VALUE);
}

/** Two lists of sorted numbers as one. */
export function pooledOf(x: Float64Array, y: Float64Array): Float64Array<ArrayBuffer> {
  const pooled = new Float64Array(x.length + y.length);
  for (let i = 0, j = 0, k = 0; k < pooled.length; k++)
    pooled[k] = j >= y.length || (i < x.length && x[i]! <= y[j]!) ? x[i++]! : y[j++]!;
  return pooled;
}
