/** Where this many resamples reached what was observed, p is known to a tenth of itself. */
export const ENOUGH_HITS = 100;

/**
 * p by up to `B` resamples, stopping as soon as 100 of them are hits. The rule is fixed before anything
 * is drawn, and p is valid under it, P(p ≤ α) ≤ α: 100/(resamples drawn) where it stopped, else
 * (hits + 1)/(B + 1). Where nothing changed, a few hundred resamples say so; only a small p takes all.
 *
 * Besag and Clifford 1991, Biometrika 78:301; (hits + 1)/(B + 1): Phipson and Smyth 2010.
 * @param isHit draws a resample: whether it is as extreme as what was observed
 * @returns B: resamples drawn
 */
export function monteCarlo(B: number, isHit: () => boolean): { p: number; B: number } {
  let hits = 0;
  for (let drawn = 1; drawn <= B; drawn++) {
    if (!isHit()) continue;
    hits++;
    if (hits === ENOUGH_HITS) return { p: hits / drawn, B: drawn };
  }
  return { p: (hits + 1) / (B + 1), B };
}
