import { logChoose } from './binomial.ts';
import { checkCount, StatisticsError } from './errors.ts';
import { fisherExact2x2, LIKELY_AS } from './fisher.ts';
import { logFactorial } from './gamma.ts';
import { chi2Homogeneity } from './homogeneity.ts';
import { drawHypergeometric } from './hypergeometric.ts';
import {
  EXACT_STEPS,
  FEWEST_RESAMPLES,
  type Method,
  RESAMPLES,
  resamplesWithin,
} from './method.ts';
import { monteCarlo } from './monte-carlo.ts';
import { asP } from './p-value.ts';
import { DEFAULT_SEED, type Random, seededRandom } from './random.ts';
import { checkTable, columnTotals, rowTotals, type Table, withoutEmpty } from './table.ts';

export interface FreemanHalton {
  p: number;
  method: Method;
  /** Resamples drawn, where the method is Monte Carlo. */
  B?: number;
}

interface Settings {
  table: Table;
  /** Resamples wanted, where it comes to that. */
  B?: number;
  seed?: number;
}

/** `fisherFreemanHalton` for two rows: two sides, any number of labels. */
export function fisherFreemanHalton2xk(argument: Settings): FreemanHalton {
  checkTable(argument.table);
  if (argument.table.length !== 2) {
    throw new StatisticsError('bad-shape', `The table has ${argument.table.length} rows, not two.`);
  }
  return fisherFreemanHalton(argument);
}

/**
 * Fisher's exact test for r × c tables: the probability, given the margins, of all tables no
 * likelier than this one (within a factor of 1 + 10⁻⁷). Empty rows and columns are left out; where one
 * row or column is left, p is 1. A 2×2 table is exact at any size; others while there are under 10^7
 * tables to visit (Gail and Mantel's estimate), then by up to `B` seeded tables with the same margins
 * (`monteCarlo`); where fewer than 999 fit in 2·10^8 steps, the chi-square p.
 *
 * Freeman and Halton 1951, Biometrika 38:141; Gail and Mantel 1977, JASA 72:859.
 * Throws `bad-shape`, `bad-count`.
 */
export function fisherFreemanHalton({
  table,
  B = RESAMPLES,
  seed = DEFAULT_SEED,
}: Settings): FreemanHalton {
  checkTable(table);
  checkCount('B', B);
  let cells = withoutEmpty(table);
  if (cells.length < 2 || cells[0]!.length < 2) return { p: 1, method: 'exact' };
  if (cells.length > cells[0]!.length) cells = cells[0]!.map((_, j) => cells.map((row) => row[j]!));
  if (cells.length === 2 && cells[0]!.length === 2)
    return { p: fisherExact2x2({ table: cells }).p, method: 'exact' };
  if (logTables(cells) + Math.log(cells.length) < Math.log(EXACT_STEPS)) {
    const p = enumerated(cells);
    if (p !== null) return { p: asP(p), method: 'exact' };
  }
  const resamples = resamplesWithin(stepsOf(cells), B);
  if (resamples >= Math.min(B, FEWEST_RESAMPLES)) {
    return { ...resampled(cells, resamples, seededRandom(seed)), method: 'monte-carlo' };
  }
  return { p: chi2Homogeneity({ table: cells }).p, method: 'asymptotic' };
}

/** ln of about how many tables have these margins. */
function logTables(cells: Table): number {
  const [rows, columns] = [rowTotals(cells), columnTotals(cells)];
  const r = rows.length;
  const total = rows.reduce((sum, row) => sum + row, 0);
  const spread = columns.reduce((sum, c) => sum + c * c + r * c, 0);
  const variance = ((r - 1) / (r * r * (r + 1))) * spread;
  const offset = rows.reduce((sum, row) => sum + (row - total / r) ** 2, 0);
  const density =
    ((r - 1) / 2) * Math.log((r - 1) / (2 * Math.PI * variance * r)) +
    Math.log(r) / 2 -
    ((r - 1) * offset) / (2 * variance * r);
  return density + columns.reduce((sum, c) => sum + logChoose(c + r - 1, r - 1), 0);
}

/** Σ ln x! over all cells: the larger, the less likely a table of these margins. */
function rarityOf(cells: Table): number {
  return cells.reduce((all, row) => row.reduce((sum, cell) => sum + logFactorial(cell), all), 0);
}

/** Visits every table, column by column; null where there prove to be too many. */
function enumerated(cells: Table): number | null {
  const rarity = rarityOf(cells);
  const left = rowTotals(cells);
  const columns = columnTotals(cells);
  const last = columns.length - 1;
  const logs = Array.from({ length: Math.max(...columns, ...left) + 1 }, (_, n) => logFactorial(n));
  let steps = 0;
  let hits = 0;
  let all = 0;

  const visitColumn = (j: number, sum: number): void => {
    if (j < last) {
      visitCell(j, 0, columns[j]!, sum);
      return;
    }
    let total = sum;
    for (const rest of left) total += logs[rest]!;
    const weight = Math.exp(rarity - total); // relative to the observed table
    all += weight;
    if (total >= rarity - LIKELY_AS) hits += weight;
  };
  const visitCell = (j: number, i: number, rest: number, sum: number): void => {
    if (++steps > 2 * EXACT_STEPS) return;
    const room = left[i]!;
    if (i === left.length - 1) {
      left[i] = room - rest;
      visitColumn(j + 1, sum + logs[rest]!);
    } else {
      let below = 0;
      for (let k = i + 1; k < left.length; k++) below += left[k]!;
      for (let x = Math.max(0, rest - below); x <= Math.min(room, rest); x++) {
        left[i] = room - x;
        visitCell(j, i + 1, rest - x, sum + logs[x]!);
      }
    }
    left[i] = room;
  };

  visitColumn(0, 0);
  return steps > 2 * EXACT_STEPS ? null : hits / all;
}

/** About the steps of one random table: a draw costs 20 and its standard deviations' width. */
function stepsOf(cells: Table): number {
  const [rows, columns] = [rowTotals(cells), columnTotals(cells)];
  const total = rows.reduce((sum, row) => sum + row, 0);
  let steps = 0;
  for (const row of rows.slice(1))
    for (const column of columns) steps += 20 + 3 * Math.sqrt((row * column) / total);
  return steps;
}

function resampled(cells: Table, B: number, random: Random): { p: number; B: number } {
  const rarity = rarityOf(cells) - LIKELY_AS;
  // In order of size: swapped sides and reordered labels give the same draws, so the same p.
  const rows = rowTotals(cells).sort((a, b) => a - b);
  const columns = columnTotals(cells).sort((a, b) => a - b);
  return monteCarlo(B, () => randomRarity(rows, columns, random) >= rarity);
}

function randomRarity(rows: readonly number[], columns: readonly number[], random: Random): number {
  const left = [...columns];
  let pool = left.reduce((sum, column) => sum + column, 0);
  let rarity = 0;
  for (let i = 0; i < rows.length - 1; i++) {
    let drawn = rows[i]!;
    let total = pool;
    for (let j = 0; j < left.length; j++) {
      const marked = left[j]!;
      const x = drawHypergeometric(random, { marked, drawn, total });
      rarity += logFactorial(x);
      left[j] = marked - x;
      drawn -= x;
      total -= marked;
    }
    pool -= rows[i]!;
  }
  return left.reduce((sum, rest) => sum + logFactorial(rest), rarity);
}
