import { chi2sf } from './chi-square.ts';
import { checkTable, columnTotals, rowTotals, type Table, withoutEmpty } from './table.ts';

export interface Homogeneity {
  chi2: number;
  df: number;
  p: number;
  /** The likelihood-ratio statistic of the same table and its p. */
  g: number;
  p_g: number;
  /** Association from 0 to 1, and the same without its upward bias. */
  cramers_v: number;
  cramers_v_corrected: number;
  /** The smallest expected count; 0 without data. Under 5 the p here is rough. */
  min_expected: number;
  n: number;
  method: 'asymptotic';
}

/**
 * Pearson's chi-square and the G test that all rows are samples of one distribution: χ² = Σ(O − E)²/E,
 * G = 2 Σ O ln(O/E), E = row · column/N, df = (R − 1)(C − 1), once all-zero rows and columns are
 * dropped. Both sides are samples: a label that one side never had is compared with what both had
 * together, never with 0. One row or column left, or none: χ² = G = 0, df 0, p 1.
 *
 * Cramér's V = √(χ²/(N · min(R − 1, C − 1))), corrected as in Bergsma 2013, J Korean Stat Soc 42:323:
 * φ² = max(0, χ²/N − df/(N − 1)), R̃ = R − (R − 1)²/(N − 1), V = √(φ²/min(R̃ − 1, C̃ − 1)).
 * Throws `bad-shape`, `bad-count`.
 */
export function chi2Homogeneity({ table }: { table: Table }): Homogeneity {
  checkTable(table);
  const cells = withoutEmpty(table);
  const [rows, columns] = [rowTotals(cells), columnTotals(cells)];
  const n = rows.reduce((sum, row) => sum + row, 0);
  let [chi2, g, min_expected] = [0, 0, n];
  for (const [i, row] of rows.entries()) {
    for (const [j, column] of columns.entries()) {
      const observed = cells[i]![j]!;
      const expected = (row / n) * column;
      chi2 += (observed - expected) ** 2 / expected;
      if (observed > 0) g += 2 * observed * Math.log(observed / expected);
      min_expected = Math.min(min_expected, expected);
    }
  }
  const df = n === 0 ? 0 : (rows.length - 1) * (columns.length - 1);
  if (df === 0) [chi2, g] = [0, 0]; // what is left is rounding
  g = Math.max(0, g);
  return {
    chi2,
    df,
    p: chi2sf({ x: chi2, df }).p,
    g,
    p_g: chi2sf({ x: g, df }).p,
    ...cramersV(chi2, n, rows.length, columns.length),
    min_expected,
    n,
    method: 'asymptotic',
  };
}

function cramersV(chi2: number, n: number, rows: number, columns: number) {
  const least = Math.min(rows, columns) - 1;
  if (least < 1 || n < 2) return { cramers_v: 0, cramers_v_corrected: 0 };
  const cramers_v = Math.min(1, Math.sqrt(chi2 / (n * least)));
  const excess = Math.max(0, chi2 / n - ((rows - 1) * (columns - 1)) / (n - 1));
  const narrowed = (size: number) => size - 1 - (size - 1) ** 2 / (n - 1);
  const room = Math.min(narrowed(rows), narrowed(columns));
  const cramers_v_corrected = room > 0 ? Math.min(1, Math.sqrt(excess / room)) : 0;
  return { cramers_v, cramers_v_corrected };
}
