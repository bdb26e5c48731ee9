import { binomialLower, logBinomial } from './binomial.ts';
import { chi2sf } from './chi-square.ts';
import { checkCount } from './errors.ts';
import { EXACT_STEPS, type Method } from './method.ts';
import { twoSidedNormal } from './normal.ts';
import { asP } from './p-value.ts';

export interface Discordant {
  /** Pairs that went one way, and pairs that went the other. */
  b: number;
  c: number;
}

/**
 * McNemar's exact test: p = min(1, 2 Σ_{i ≤ min(b, c)} C(b+c, i)/2^(b+c)), and mid-p, which counts
 * half of the observed outcome on each side: p − C(b+c, min)/2^(b+c), at b = c 1 − C(2b, b)/4^b.
 * Without discordant pairs both are 1. Exact up to b + c of about 10^12 (the sum takes about
 * 9 √(b+c) steps), then by the normal approximation with continuity correction.
 *
 * McNemar 1947; mid-p: Fagerland, Lydersen and Laake 2013, BMC Med Res Methodol 13:91.
 * Throws `bad-count`.
 */
export function mcnemarExact({ b, c }: Discordant): {
  p: number;
  midp: number;
  n: number;
  method: Method;
} {
  checkCount('b', b);
  checkCount('c', c);
  const n = b + c;
  if (n === 0) return { p: 1, midp: 1, n, method: 'exact' };
  if (9 * Math.sqrt(n) > EXACT_STEPS) {
    const gap = Math.abs(b - c);
    const p = twoSidedNormal(Math.max(0, gap - 1) / Math.sqrt(n));
    return { p, midp: twoSidedNormal(gap / Math.sqrt(n)), n, method: 'asymptotic' };
  }
  const fewer = Math.min(b, c);
  const point = Math.exp(logBinomial(fewer, n, 0.5));
  if (b === c) return { p: 1, midp: asP(1 - point), n, method: 'exact' };
  const tail = Math.abs(b - c) === 1 ? 1 : 2 * binomialLower(fewer, n, 0.5);
  // Taking the point from a tail of one term would leave rounding: of 2x, x stays.
  const midp = fewer === 0 ? point : tail - point;
  return { p: asP(tail), midp: asP(midp), n, method: 'exact' };
}

/**
 * McNemar's chi-square, df 1: (b − c)²/(b + c), and Edwards' corrected (|b − c| − 1)²/(b + c), by
 * the letter at b = c too, where it is 1/(b + c). Without discordant pairs 0, p 1. For large
 * counts; `mcnemarExact` is as quick and needs no approximation. Throws `bad-count`.
 */
export function mcnemarChi2({ b, c }: Discordant): {
  chi2: number;
  p: number;
  chi2_cc: number;
  p_cc: number;
  df: 1;
  method: Method;
} {
  checkCount('b', b);
  checkCount('c', c);
  const n = b + c;
  const chi2 = n === 0 ? 0 : (b - c) ** 2 / n;
  const chi2_cc = n === 0 ? 0 : (Math.abs(b - c) - 1) ** 2 / n;
  const p = chi2sf({ x: chi2, df: 1 }).p;
  return { chi2, p, chi2_cc, p_cc: chi2sf({ x: chi2_cc, df: 1 }).p, df: 1, method: 'asymptotic' };
}
