/** Aligned columns, the same in a terminal and in a pipe. */
import { paint, type Style } from './screen.ts';
import { padded, WIDTH, widthOf } from './width.ts';

/** A text to show, with a style where it should stand out. */
export type Cell = string | { text: string; style: Style };

/** @param rows one cell for each heading; texts already harmless (see plain.ts) */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const all = [headings.map((text): Cell => ({ text, style: 'bold' })), ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...all.map((row) => widthOf(textOf(row[column] ?? '')))),
  );
  return all.map((row) => row.map((cell, i) => drawn(cell, i, widths)).join('  '));
}

function drawn(cell: Cell, column: number, widths: readonly number[]): string {
  const isLast = column === widths.length - 1;
  // Nothing after the last column: a line that ends in spaces wraps in a narrow terminal.
  const text = isLast ? textOf(cell) : padded(textOf(cell), widths[column]!);
  return typeof cell === 'string' ? text : paint(cell.style, text);
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** The same within 80 columns: values go on under themselves. No word is cut: ids and addresses are there to be copied. */
export function wrappedDetails(
  pairs: readonly (readonly [string, string])[],
  indent = '',
): string[] {
  const lead = Math.max(...pairs.map(([name]) => widthOf(name)));
  const room = WIDTH - indent.length - lead - 2;
  const broken = pairs.flatMap(([name, value]) =>
    wordsIn(value, room).map((line, i): [string, string] => [i === 0 ? name : '', line]),
  );
  return details(broken).map((line) => `${indent}${line}`);
}

function wordsIn(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) > room) lines.push(word);
    else lines[Math.max(0, lines.length - 1)] = longer;
  }
  return lines;
}

/** `name  value` lines under each other. */
export function details(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${padded(name, width)}  ${value}`);
}
