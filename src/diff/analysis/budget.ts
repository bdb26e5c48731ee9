/**
 * The most steps of resampling that a column's tests may take, 10^8 in all, and how sure of itself a
 * verdict must be. Tests stop earlier where p isn't small, so hardly any column takes them all.
 */
export const STEPS = { cases: 2e7, direction: 4e7, median: 2e7, presence: 1e7, beside: 1e7 };

/** Resamples of a test that only describes. */
export const RESAMPLES_BESIDE = 999;

/** False findings allowed among what is found, in each family. */
export const Q = 0.05;
/** Fewer independent inputs than this can't be significant: 2/2^5 is over 0.05. */
export const FEWEST = 6;
