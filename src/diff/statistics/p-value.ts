/** Below this a p is printed as a bound: its digits say nothing any more. */
const SMALLEST_PRINTED = 1e-300;

/**
 * A probability as it is reported: never NaN (1: nothing shown), never 0 (the smallest double
 * above 0, 5e-324: a test can find data unlikely, not impossible), never above 1.
 */
export function asP(p: number): number {
  if (Number.isNaN(p)) return 1;
  return Math.min(1, Math.max(p, Number.MIN_VALUE));
}

/**
 * A p for people, `digits` significant ones (2 by default): `0.013`, `4.1e-5`, `<1e-300`.
 */
export function shownP(p: number, digits = 2): string {
  if (Number.isNaN(p)) return '1';
  if (p < SMALLEST_PRINTED) return '<1e-300';
  return String(Number(p.toPrecision(digits))); // exponents from 1e-7 down
}
