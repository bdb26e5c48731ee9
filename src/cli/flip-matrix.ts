/** What the outcomes of a label column became: a small table where it fits, else the most frequent moves. */
import type { ReportColumn } from '../contract/diff.ts';
import { shown } from './plain.ts';
import { table } from './table.ts';
import { cut, padded, widthOf } from './width.ts';

const MOST_OUTCOMES = 6;
const MOST_MOVES = 12;
const OUTCOME_WIDTH = 14;
const CORNER = 'before \\ after';

type Matrix = readonly Pick<
  NonNullable<ReportColumn['matrix']>[number],
  'before' | 'after' | 'inputs' | 'differs'
>[];

/** @param width columns there are */
export function flipMatrix(matrix: Matrix, width: number): string[] {
  const outcomes = [...new Set(matrix.flatMap(({ before, after }) => [before, after]))].sort(order);
  if (outcomes.length <= MOST_OUTCOMES) {
    const lines = squareOf(matrix, outcomes);
    if (lines.every((line) => widthOf(line) <= width)) return lines;
  }
  return movesOf(matrix);
}

function squareOf(matrix: Matrix, outcomes: readonly string[]): string[] {
  const names = outcomes.map(nameOf);
  const line = (head: string, cells: readonly string[]) =>
    [padded(head, widths[0]!), ...cells.map((cell, i) => right(cell, widths[i + 1]!))].join('  ');
  const rows = outcomes.map((before) =>
    outcomes.map((after) => {
      // Two cells may have the same names: mixed inputs that differ, and mixed ones that don't.
      const found = matrix.filter((entry) => entry.before === before && entry.after === after);
      return String(found.reduce((sum, { inputs }) => sum + inputs, 0));
    }),
  );
  const widths = [
    Math.max(widthOf(CORNER), ...names.map(widthOf)),
    ...names.map((name, i) => Math.max(widthOf(name), ...rows.map((row) => row[i]!.length))),
  ];
  return [line(CORNER, names), ...rows.map((row, i) => line(names[i]!, row))];
}

function movesOf(matrix: Matrix): string[] {
  const moves = matrix.filter(({ differs }) => differs).sort((a, b) => b.inputs - a.inputs);
  const rows = moves
    .slice(0, MOST_MOVES)
    .map(({ before, after, inputs }) => [nameOf(before), nameOf(after), String(inputs)]);
  const rest = moves.length - rows.length;
  return [...table(['BEFORE', 'AFTER', 'INPUTS'], rows), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

export function nameOf(outcome: string): string {
  return cut(shown(outcome), OUTCOME_WIDTH);
}

function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** By name; outcomes that are no labels, in parentheses, last. */
function order(a: string, b: string): number {
  const apart = Number(a.startsWith('(')) - Number(b.startsWith('('));
  return apart || (a < b ? -1 : a > b ? 1 : 0);
}
