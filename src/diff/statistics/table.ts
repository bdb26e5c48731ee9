import { checkCount, StatisticsError } from './errors.ts';

/** Counts by row and column. */
export type Table = readonly (readonly number[])[];

/** Throws `bad-shape` where rows differ in length, `bad-count` where a cell is no count. */
export function checkTable(table: Table): void {
  for (const row of table) {
    if (row.length !== table[0]!.length) {
      throw new StatisticsError('bad-shape', 'The rows of the table differ in length.');
    }
    for (const cell of row) checkCount('A cell of the table', cell);
  }
}

/** Throws as `checkTable`, and `bad-shape` where there aren't as many columns as rows. */
export function checkSquare(table: Table): void {
  checkTable(table);
  if (table.length > 0 && table[0]!.length !== table.length) {
    const size = `${table.length} × ${table[0]!.length}`;
    throw new StatisticsError(
      'bad-shape',
      `The table is ${size}: before and after need the same labels.`,
    );
  }
}

export function rowTotals(table: Table): number[] {
  return table.map((row) => row.reduce((sum, cell) => sum + cell, 0));
}

export function columnTotals(table: Table): number[] {
  return (table[0] ?? []).map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
}

/** The table without rows and columns that are all zero: they hold no data. */
export function withoutEmpty(table: Table): number[][] {
  const columns = columnTotals(table);
  return table
    .filter((row) => row.some((cell) => cell > 0))
    .map((row) => row.filter((_, j) => columns[j]! > 0));
}
