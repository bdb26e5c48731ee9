/** A column's flip matrix in HTML, and the traces behind each of its cells. */
import type { ReportColumn } from '../../contract/diff.ts';
import { grouped } from '../report/wording.ts';
import { code, element, type Html, join, table, text, words } from './html-text.ts';

type Matrix = NonNullable<ReportColumn['matrix']>;

const MOST_NAMES = 12;
const LONGEST_NAME = 80;

/** @param id of the column, unique on the page */
export function matrixBlocks(matrix: Matrix, id: string): Html[] {
  if (matrix.length === 0) return [];
  const names = [...new Set(matrix.flatMap(({ before, after }) => [before, after]))].sort();
  const grid = names.length <= MOST_NAMES ? square(matrix, names, id) : moves(matrix, id);
  return [grid, ...matrix.flatMap((cell, i) => traces(cell, `${id}-${i}`))];
}

function square(matrix: Matrix, names: readonly string[], id: string): Html {
  const rows = names.map((before) => [
    text(before, LONGEST_NAME),
    ...names.map((after) => {
      // Two cells may have the same names: mixed inputs that differ, and mixed ones that don't.
      const found = matrix.flatMap((cell, i) =>
        cell.before === before && cell.after === after ? [{ cell, i }] : [],
      );
      if (found.length === 0) return words('0');
      return join(
        found.map(({ cell, i }) => linked(cell, `${id}-${i}`)),
        ' + ',
      );
    }),
  ]);
  const headings = names.map((name) => ({ name: name.slice(0, LONGEST_NAME), isNumber: true }));
  return table(
    'Inputs by outcome: before in rows, after in columns',
    ['before \\ after', ...headings],
    rows,
  );
}

function moves(matrix: Matrix, id: string): Html {
  const rows = matrix.flatMap((cell, i) =>
    cell.differs
      ? [
          [
            text(cell.before, LONGEST_NAME),
            text(cell.after, LONGEST_NAME),
            linked(cell, `${id}-${i}`),
          ],
        ]
      : [],
  );
  return table(
    'Inputs whose outcome differs',
    ['before', 'after', { name: 'inputs', isNumber: true }],
    rows,
  );
}

function linked({ inputs, cases }: Matrix[number], id: string): Html {
  const count = words(grouped(inputs));
  return cases.length === 0 ? count : element('a', count, { href: `#${id}` });
}

function traces({ before, after, cases, inputs }: Matrix[number], id: string): Html[] {
  if (cases.length === 0) return [];
  const title = element('summary', [
    text(before, LONGEST_NAME),
    words(' → '),
    text(after, LONGEST_NAME),
    words(`: traces of ${cases.length} of ${grouped(inputs)} inputs`),
  ]);
  const rows = cases.map((pair) => [code(pair.before), code(pair.after)]);
  return [element('details', [title, table('Trace ids', ['before', 'after'], rows)], { id })];
}
