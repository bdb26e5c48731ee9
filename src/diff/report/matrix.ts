/** A column's flip matrix as the report has it: counts, and traces to look at where a cell differs. */
import type { ReportColumn } from '../../contract/diff.ts';
import type { AnalysedColumn } from '../analysis/analyse.ts';
import type { ShownTraces } from './shown-traces.ts';

type Matrix = NonNullable<ReportColumn['matrix']>;

const MOST_IN_CELL = 20;
/** Of one column: each pair is two traces fetched and two ids in the report. */
export const MOST_IN_COLUMN = 200;

/** @param most pairs in all cells together; each cell gets as many as the others while it has some */
export async function matrixOf(
  { matrix }: AnalysedColumn,
  traces: ShownTraces,
  most: number,
): Promise<Matrix | null> {
  if (matrix === null) return null;
  const sizes = matrix.map(({ differs, sample }) => (differs ? sample.length : 0));
  const shares = dealt(sizes, most);
  const rows: Matrix = [];
  for (const [i, { before, after, inputs, differs, sample }] of matrix.entries()) {
    const cases = await pairsOf(sample.slice(0, shares[i]), traces);
    rows.push({ before, after, inputs, differs, cases });
  }
  return rows;
}

async function pairsOf(
  inputs: readonly number[],
  traces: ShownTraces,
): Promise<Matrix[0]['cases']> {
  const pairs: Matrix[0]['cases'] = [];
  for (const input of inputs) {
    const [before] = await traces.idsOf('before', input, 1);
    const [after] = await traces.idsOf('after', input, 1);
    if (before !== undefined && after !== undefined) pairs.push({ before, after });
  }
  return pairs;
}

/** One to each cell that has some left, from the first on, until nothing is left to deal. */
function dealt(sizes: readonly number[], most: number): number[] {
  const shares = sizes.map(() => 0);
  let left = most;
  for (let round = 0; round < MOST_IN_CELL && left > 0; round++) {
    for (const [i, size] of sizes.entries()) {
      if (size <= round || left === 0) continue;
      shares[i]!++;
      left--;
    }
  }
  return shares;
}
