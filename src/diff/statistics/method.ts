/** How a result came about, where it can come about in several ways. */
export type Method = 'exact' | 'asymptotic' | 'monte-carlo';

/** A method that takes fewer steps than this by estimate is taken exactly. */
export const EXACT_STEPS = 1e7;
/** No column is resampled for more steps than this. */
export const RESAMPLING_STEPS = 2e8;
/** Fewer resamples than this can't tell p = 0.001 from p = 0.002; another method is better then. */
export const FEWEST_RESAMPLES = 999;
/** Resamples where the caller names no number. One less than a round number: p = (hits + 1)/(B + 1). */
export const RESAMPLES = 9999;

/** How many of the `wanted` resamples fit in the budget when each takes `steps`. */
export function resamplesWithin(
  steps: number,
  wanted: number,
  budget: number = RESAMPLING_STEPS,
): number {
  return Math.max(0, Math.min(Math.floor(wanted), Math.floor(budget / Math.max(1, steps))));
}
