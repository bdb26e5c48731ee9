import { chi2sf } from './chi-square.ts';
import { factorOf, solveLower } from './cholesky.ts';
import type { Method } from './method.ts';
import { checkSquare, columnTotals, rowTotals, type Table } from './table.ts';

/**
 * The Stuart-Maxwell test of equal margins: did the share of any label change? With d = row total −
 * column total, S_ii = n_i. + n_.i − 2 n_ii and S_ij = −(n_ij + n_ji): χ² = dᵀ S⁻ d, df = rank of S.
 *
 * S is the Laplacian of the graph of labels that cases moved between, so its rank is labels − 1
 * where all are linked. Labels no case moved to or from add nothing, and labels that fall into
 * groups without a case between them lose one df a group; no case moved: 0, df 0, p 1.
 *
 * @param table pairs counted by label before (row) and after (column), the same labels in order
 *
 * Stuart 1955; Maxwell 1970. Throws `bad-shape`, `bad-count`.
 */
export function stuartMaxwell({ table }: { table: Table }): {
  chi2: number;
  df: number;
  p: number;
  method: Method;
} {
  checkSquare(table);
  const [rows, columns] = [rowTotals(table), columnTotals(table)];
  const covariance = table.map((row, i) =>
    row.map((cell, j) => (i === j ? rows[i]! + columns[i]! - 2 * cell : -(cell + table[j]![i]!))),
  );
  const { kept, lower } = factorOf(covariance);
  const shift = kept.map((i) => rows[i]! - columns[i]!);
  const chi2 = solveLower(lower, shift).reduce((sum, value) => sum + value * value, 0);
  const df = kept.length;
  return { chi2, df, p: chi2sf({ x: chi2, df }).p, method: 'asymptotic' };
}
