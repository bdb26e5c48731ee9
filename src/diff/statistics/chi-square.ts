import { upperGamma } from './gamma.ts';
import { asP } from './p-value.ts';

/**
 * P(X ≥ x) of the chi-square distribution: Q(df/2, x/2), true to 1e-12 of its value down to
 * 1e-300. Where there is nothing to test (df 0 or less, NaN anywhere, x ≤ 0) p is 1.
 */
export function chi2sf({ x, df }: { x: number; df: number }): { p: number } {
  if (!(x > 0) || !(df > 0) || df === Number.POSITIVE_INFINITY) return { p: 1 };
  return { p: asP(upperGamma(df / 2, x / 2)) };
}
