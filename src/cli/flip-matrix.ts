/** What decisions became: a small table where it fits, else the most frequent moves. */
import type { Report } from '../contract/diff.ts';
import { shown } from './plain.ts';
import { table } from './table.ts';
import { cut, padded, widthOf } from './width.ts';

const MOST_DECISIONS = 6;
const MOST_MOVES = 12;
const DECISION_WIDTH = 14;
const CORNER = 'before \\ after';

type Matrix = Report['decisions']['matrix'];

/** @param width columns there are */
export function flipMatrix(matrix: Matrix, width: number): string[] {
  const decisions = [...new Set(matrix.flatMap(({ before, after }) => [before, after]))].sort(
    order,
  );
  if (decisions.length <= MOST_DECISIONS) {
    const lines = squareOf(matrix, decisions);
    if (lines.every((line) => widthOf(line) <= width)) return lines;
  }
  return movesOf(matrix);
}

function squareOf(matrix: Matrix, decisions: readonly (string | null)[]): string[] {
  const names = decisions.map(nameOf);
  const line = (head: string, cells: readonly string[]) =>
    [padded(head, widths[0]!), ...cells.map((cell, i) => right(cell, widths[i + 1]!))].join('  ');
  const rows = decisions.map((before) =>
    decisions.map((after) => {
      const found = matrix.find((entry) => entry.before === before && entry.after === after);
      return String(found?.inputs ?? 0);
    }),
  );
  const widths = [
    Math.max(widthOf(CORNER), ...names.map(widthOf)),
    ...names.map((name, i) => Math.max(widthOf(name), ...rows.map((row) => row[i]!.length))),
  ];
  return [line(CORNER, names), ...rows.map((row, i) => line(names[i]!, row))];
}

function movesOf(matrix: Matrix): string[] {
  const moves = matrix
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => b.inputs - a.inputs);
  const rows = moves
    .slice(0, MOST_MOVES)
    .map(({ before, after, inputs }) => [nameOf(before), nameOf(after), String(inputs)]);
  const rest = moves.length - rows.length;
  return [...table(['BEFORE', 'AFTER', 'INPUTS'], rows), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

export function nameOf(decision: string | null): string {
  return decision === null ? '(none)' : cut(shown(decision), DECISION_WIDTH);
}

function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** By name, those without a decision last. */
function order(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
}
