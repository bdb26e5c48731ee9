/** Which outcome became which: a square where there is room, else the most frequent moves. A cell leads to its cases. */
import type { ReportColumn } from '../../contract/diff.ts';
import { counted, grouped } from '../../diff/rendering/index.ts';
import { fitted } from '../fitted.ts';

type Matrix = NonNullable<ReportColumn['matrix']>;
type Cell = Matrix[number];

interface Props {
  matrix: Matrix;
  /** Where the cases of a cell are told, by its place in the matrix. */
  cellPath: (cell: number) => string;
  /** Outcomes of a square, and moves of a list, at most. */
  most: { outcomes: number; moves: number };
}

const LONGEST_NAME = 40;
const SIZE = 22;

export function FlipMatrix({ matrix, cellPath, most }: Props) {
  const outcomes = [...new Set(matrix.flatMap(({ before, after }) => [before, after]))].sort(order);
  if (outcomes.length > most.outcomes) {
    return <Moves matrix={matrix} cellPath={cellPath} most={most.moves} />;
  }
  const largest = Math.max(1, ...matrix.map(({ inputs }) => inputs));
  return (
    <section class="scroll" tabindex={0} aria-label="Flip matrix">
      <p class="soft">
        Inputs by outcome: before in rows, after in columns. Framed cells differ; each leads to its
        cases.
      </p>
      <table class="matrix">
        <caption class="hidden">Inputs by outcome before and after</caption>
        <thead>
          <tr>
            <th scope="col">before ╲ after</th>
            {outcomes.map((name) => (
              <th scope="col" class="right">
                {fitted(name, LONGEST_NAME)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outcomes.map((before) => (
            <tr>
              <th scope="row">{fitted(before, LONGEST_NAME)}</th>
              {outcomes.map((after) => (
                <Place
                  cells={cellsAt(matrix, before, after)}
                  cellPath={cellPath}
                  largest={largest}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Placed {
  cell: Cell;
  at: number;
}

/** Two may have the same names: mixed inputs that differ, and mixed ones that don't. */
function cellsAt(matrix: Matrix, before: string, after: string): Placed[] {
  return matrix.flatMap((cell, at) =>
    cell.before === before && cell.after === after ? [{ cell, at }] : [],
  );
}

function Place({
  cells,
  cellPath,
  largest,
}: {
  cells: readonly Placed[];
  cellPath: Props['cellPath'];
  largest: number;
}) {
  if (cells.length === 0) return <td class="right soft">0</td>;
  const differs = cells.some(({ cell }) => cell.differs);
  return (
    <td class={differs ? 'right differs' : 'right'}>
      {cells.map(({ cell, at }, i) => (
        <>
          {i > 0 && ' + '}
          <Count cell={cell} path={cellPath(at)} />{' '}
          <Dot share={cell.inputs / largest} differs={cell.differs} />
        </>
      ))}
    </td>
  );
}

function Count({ cell, path }: { cell: Cell; path: string }) {
  const { before, after, inputs, differs, cases } = cell;
  if (!differs || cases.length === 0) return <>{grouped(inputs)}</>;
  const words = `${counted(inputs, 'input')} from ${fitted(before, LONGEST_NAME)} to ${fitted(after, LONGEST_NAME)}: show cases`;
  return (
    <a href={path} aria-label={words}>
      {grouped(inputs)}
    </a>
  );
}

/** As large as its share of the largest cell. */
function Dot({ share, differs }: { share: number; differs: boolean }) {
  const side = Math.max(2, Math.round(Math.sqrt(share) * SIZE));
  const at = (SIZE - side) / 2;
  return (
    <svg class="dot" viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <rect class={differs ? 'differs' : 'same'} x={at} y={at} width={side} height={side} />
    </svg>
  );
}

function Moves({ matrix, cellPath, most }: Omit<Props, 'most'> & { most: number }) {
  const moves = matrix.flatMap((cell, at) => (cell.differs ? [{ cell, at }] : []));
  const same = matrix.reduce((sum, { differs, inputs }) => sum + (differs ? 0 : inputs), 0);
  return (
    <>
      <table>
        <caption>
          Too many outcomes for a square: the most frequent moves. {counted(same, 'input')} came out
          the same.
        </caption>
        <thead>
          <tr>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col" class="right">
              Inputs
            </th>
          </tr>
        </thead>
        <tbody>
          {moves.slice(0, most).map(({ cell, at }) => (
            <tr>
              <td>{fitted(cell.before, LONGEST_NAME)}</td>
              <td>{fitted(cell.after, LONGEST_NAME)}</td>
              <td class="right">
                <Count cell={cell} path={cellPath(at)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moves.length > most && <p class="soft">and {counted(moves.length - most, 'other move')}</p>}
    </>
  );
}

/** By name; outcomes that are no labels, in parentheses, last. */
function order(a: string, b: string): number {
  const apart = Number(a.startsWith('(')) - Number(b.startsWith('('));
  return apart || (a < b ? -1 : a > b ? 1 : 0);
}
