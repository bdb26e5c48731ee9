import { chi2sf } from './chi-square.ts';
import type { Method } from './method.ts';
import { checkSquare, type Table } from './table.ts';

/**
 * Bowker's test of symmetry: did as many go from i to j as from j to i, for every pair of labels?
 * χ² = Σ_{i<j} (n_ij − n_ji)²/(n_ij + n_ji); df = the pairs with any such case. None: 0, p 1.
 *
 * @param table pairs counted by label before (row) and after (column), the same labels in order
 *
 * Bowker 1948. With few cases a pair it errs to the side of a large p: given n_ij + n_ji = m, a
 * term has mean 1 and variance 2 − 2/m. Throws `bad-shape`, `bad-count`.
 */
export function bowker({ table }: { table: Table }): {
  chi2: number;
  df: number;
  p: number;
  method: Method;
} {
  checkSquare(table);
  let chi2 = 0;
  let df = 0;
  for (let i = 0; i < table.length; i++) {
    for (let j = i + 1; j < table.length; j++) {
      const [there, back] = [table[i]![j]!, table[j]![i]!];
      if (there + back === 0) continue;
      chi2 += (there - back) ** 2 / (there + back);
      df++;
    }
  }
  return { chi2, df, p: chi2sf({ x: chi2, df }).p, method: 'asymptotic' };
}
