import { checkLevel } from './errors.ts';

export interface Adjusted {
  /** Benjamini-Hochberg, in the order of the p given: a test is found at rate q where this is at most q. */
  adjusted: number[];
  rejected: number;
  rejected_bonferroni: number;
  holm: number[];
  rejected_holm: number;
  /** Benjamini-Yekutieli: holds for tests that depend on each other in any way. */
  by: number[];
  rejected_by: number;
}

/**
 * p-values of one family adjusted for their number m: q₍ᵢ₎ = min_{j ≥ i} m p₍ⱼ₎/j, at most 1
 * (Benjamini and Hochberg 1995, JRSS-B 57:289); Holm's running max (m − i + 1) p₍ᵢ₎ (1979) and
 * Benjamini-Yekutieli's q₍ᵢ₎ Σ 1/k (2001) beside it. NaN counts as 1, and p outside 0 … 1 as its
 * nearest end. An empty family has nothing to reject.
 *
 * @param q the share of false findings allowed, 0.05 by default. Throws `bad-setting`.
 */
export function benjaminiHochberg({ p, q = 0.05 }: { p: readonly number[]; q?: number }): Adjusted {
  checkLevel('q', q);
  const m = p.length;
  const values = p.map((value) => (Number.isNaN(value) ? 1 : Math.min(1, Math.max(0, value))));
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]! || i - j);
  const harmonic = order.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const adjusted = new Array<number>(m).fill(1);
  const by = new Array<number>(m).fill(1);
  const holm = new Array<number>(m).fill(1);
  let least = Number.POSITIVE_INFINITY;
  for (let rank = m; rank > 0; rank--) {
    const i = order[rank - 1]!;
    least = Math.min(least, (m * values[i]!) / rank);
    adjusted[i] = Math.min(1, least);
    by[i] = Math.min(1, least * harmonic);
  }
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, (m - rank) * values[i]!));
    holm[i] = most;
  }
  const found = (list: readonly number[], limit = q) =>
    list.filter((value) => value <= limit).length;
  return {
    adjusted,
    rejected: found(adjusted),
    rejected_bonferroni: found(values, q / m),
    holm,
    rejected_holm: found(holm),
    by,
    rejected_by: found(by),
  };
}
