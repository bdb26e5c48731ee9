/** Everything that could have happened, one by one: what exact results are held against. */

/** All 2^n rows of n booleans. */
export function bitsOf(n: number): boolean[][] {
  return Array.from({ length: 2 ** n }, (_, bits) =>
    Array.from({ length: n }, (__, i) => ((bits >> i) & 1) === 1),
  );
}

export function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1);
  return Math.round(ways);
}

/** All ways to make a sample of `m` values, and one of the rest. */
export function choices(values: readonly number[], m: number): { x: number[]; y: number[] }[] {
  return bitsOf(values.length)
    .filter((bits) => bits.filter(Boolean).length === m)
    .map((bits) => ({ x: values.filter((_, i) => bits[i]), y: values.filter((_, i) => !bits[i]) }));
}

/** All tables with the same row and column totals. */
export function tablesLike(table: readonly (readonly number[])[]): number[][][] {
  const columns = table[0]!.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  let found: { rows: number[][]; left: number[] }[] = [{ rows: [], left: columns }];
  for (const row of table) {
    const total = row.reduce((sum, cell) => sum + cell, 0);
    found = found.flatMap(({ rows, left }) =>
      rowsWithin(total, left).map((next) => ({
        rows: [...rows, next],
        left: left.map((rest, j) => rest - next[j]!),
      })),
    );
  }
  return found.filter(({ left }) => left.every((rest) => rest === 0)).map(({ rows }) => rows);
}

function rowsWithin(total: number, room: readonly number[]): number[][] {
  if (room.length === 0) return total === 0 ? [[]] : [];
  const [first, ...others] = room as [number, ...number[]];
  return Array.from({ length: Math.min(first, total) + 1 }, (_, x) =>
    rowsWithin(total - x, others).map((rest) => [x, ...rest]),
  ).flat();
}
