/** A list of traces: whole in a pipe and where there is room, and within the columns of a terminal. */
import { shown } from './plain.ts';
import { shortId } from './short-id.ts';
import { type Cell, table } from './table.ts';
import type { Tailed } from './tail-line.ts';
import { labelText } from './trace-words.ts';
import { cut, widthOf } from './width.ts';
import { clock, shortArtifact } from './words.ts';

type Name = 'STARTED' | 'LABEL' | 'ARTIFACT' | 'CERTAINTY' | 'DECISION' | 'TRACE';

interface Column {
  name: Name;
  heading: string;
  cells: Cell[];
}

/** How wide a column is at most; one that isn't in it has all it needs. */
type Limits = Partial<Record<Name, number>>;

const NAMES: readonly Name[] = ['STARTED', 'LABEL', 'ARTIFACT', 'CERTAINTY', 'DECISION', 'TRACE'];
const GAP = 2;
const DECISION_WIDTH = 24;
const SHORT_ARTIFACT = 12;

/** Who gives up how much, one after the other, until all fit. How certain an artifact is stays whole. */
const STEPS: readonly (readonly [Name, number])[] = [
  ['STARTED', 15],
  ['ARTIFACT', SHORT_ARTIFACT],
  ['DECISION', 8],
  ['TRACE', 17],
  ['LABEL', 24],
  ['ARTIFACT', 9],
  ['LABEL', 17],
  ['TRACE', 9],
  ['LABEL', 8],
];

/**
 * @param width columns there are; null: nothing is cut, for whatever reads it is no person
 * @returns also whether ids are cut
 */
export function traceTable(
  traces: readonly Tailed[],
  width: number | null,
): { lines: string[]; isCut: boolean } {
  const whole = NAMES.map((name) => columnOf(name, traces, {}));
  const columns = width === null || widthOfAll(whole) <= width ? whole : fitted(traces, width);
  const ids = columns.at(-1)!.cells;
  return {
    lines: table(
      columns.map(({ heading }) => heading),
      traces.map((_, row) => columns.map(({ cells }) => cells[row]!)),
    ),
    isCut: traces.some(({ id }, row) => ids[row] !== shown(id)),
  };
}

function fitted(traces: readonly Tailed[], width: number): Column[] {
  // A column that says nothing of any of them.
  const isDecided = traces.some(({ decision }) => decision !== null);
  const names = NAMES.filter((name) => name !== 'DECISION' || isDecided);
  const limits: Limits = {};
  const drawn = () => names.map((name) => columnOf(name, traces, limits));
  let columns = drawn();
  for (const [name, least] of STEPS) {
    const excess = widthOfAll(columns) - width;
    const column = columns.find((one) => one.name === name);
    if (excess <= 0) break;
    if (!column) continue;
    limits[name] = Math.max(least, widthOfColumn(column) - excess);
    columns = drawn();
  }
  return columns;
}

function widthOfAll(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + widthOfColumn(column) + GAP, -GAP);
}

function widthOfColumn({ heading, cells }: Column): number {
  return Math.max(
    widthOf(heading),
    ...cells.map((cell) => widthOf(typeof cell === 'string' ? cell : cell.text)),
  );
}

function columnOf(name: Name, traces: readonly Tailed[], limits: Limits): Column {
  if (name === 'STARTED') return startedColumn(traces, limits.STARTED !== undefined);
  const cells = traces.map((trace) => CELLS[name](trace, limits));
  return { name, heading: name, cells };
}

/** Where columns are few, what all have in common stands above: `10:02:11Z` under `2026-11-17`. */
function startedColumn(traces: readonly Tailed[], isShort: boolean): Column {
  const name = 'STARTED';
  if (!isShort) {
    return { name, heading: name, cells: traces.map(({ startedAt }) => clock(startedAt)) };
  }
  // As the API writes times: UTC, to the millisecond.
  const times = traces.map(({ startedAt }) => startedAt.replace('T', ' ').slice(0, 19));
  const common = (length: number) => new Set(times.map((time) => time.slice(0, length))).size === 1;
  const shared = [10, 4].find(common);
  // The minute is enough where they are of several years.
  if (shared === undefined) {
    return { name, heading: name, cells: times.map((time) => `${time.slice(0, 16)}Z`) };
  }
  const cells = times.map((time) => `${time.slice(shared + 1)}Z`);
  return { name, heading: times[0]!.slice(0, shared), cells };
}

const CELLS: Record<Exclude<Name, 'STARTED'>, (trace: Tailed, limits: Limits) => Cell> = {
  LABEL: (trace, { LABEL: limit = Infinity }) => {
    // Names that begin alike are told apart by their ends.
    const text = shortId(labelText(trace), limit);
    return trace.label === null ? { text, style: 'yellow' } : text;
  },
  ARTIFACT: artifactCell,
  CERTAINTY: certaintyCell,
  DECISION: ({ decision }, { DECISION: limit = DECISION_WIDTH }) =>
    decision === null ? '-' : cut(shown(decision), Math.min(DECISION_WIDTH, limit)),
  TRACE: ({ id }, { TRACE: limit = Infinity }) => shortId(shown(id), limit),
};

function artifactCell({ attribution }: Tailed, limits: Limits): Cell {
  const { artifactId, candidates, declaredBlobId } = attribution;
  if (artifactId !== null) {
    const text = shortArtifact(artifactId);
    return limits.ARTIFACT === undefined
      ? text
      : text.slice('sha256:'.length).slice(0, limits.ARTIFACT);
  }
  if (saysConflict(attribution, limits)) return { text: 'conflict', style: 'red' };
  if (declaredBlobId !== null || candidates.length === 0) return 'not known';
  return candidates.length === 1 ? 'absent' : `one of ${candidates.length}`;
}

function certaintyCell({ attribution }: Tailed, limits: Limits): Cell {
  const { certainty, conflict } = attribution;
  if (conflict) {
    const text = saysConflict(attribution, limits) ? certainty : `${certainty}, conflict`;
    return { text, style: 'red' };
  }
  if (certainty === 'ambiguous') return { text: certainty, style: 'yellow' };
  return certainty === 'unobserved' ? { text: certainty, style: 'dim' } : certainty;
}

/** Where columns are few, a conflict stands in the place of an artifact that isn't known. */
function saysConflict({ conflict, artifactId }: Tailed['attribution'], limits: Limits): boolean {
  return limits.ARTIFACT !== undefined && conflict && artifactId === null;
}
