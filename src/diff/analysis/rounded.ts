/** Sums of the same numbers in another order differ in their last digits; a report must not. */
const DIGITS = 12;

/** To 12 significant digits; ±Infinity as the largest double. */
export function rounded(value: number): number {
  if (value === 0 || Number.isNaN(value)) return 0; // −0 too
  if (!Number.isFinite(value)) return Math.sign(value) * Number.MAX_VALUE;
  return Number(value.toPrecision(DIGITS));
}

/** The same, and null for what is not finite. */
export function roundedOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : rounded(value);
}

/** A p as it is reported: above 0 as it came. */
export function roundedP(p: number): number {
  return Math.min(1, Number(p.toPrecision(DIGITS)));
}
