/** A case of a diff as its report tells them, made anew from what the store still has of its two traces. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Report, ReportColumn } from '../contract/diff.ts';
import { outputDifference } from '../diff/rendering/index.ts';
import type { Store, StoredTrace } from '../store/store.ts';

type Case = Report['cases'][number];
type Cell = NonNullable<ReportColumn['matrix']>[number];
type Pair = Cell['cases'][number];

/** An output is longer than two are laid beside each other: nothing of them is told. */
export interface TooLong {
  tooLong: Pair;
}

/** Null: a trace of it is gone. */
export type CaseBeside = Case | TooLong | null;

/** Of an output, in UTF-16 code units: what takes longer to read than a page should. */
export const LONGEST_BESIDE = 2 ** 20;
/** Of a text: as much as a report keeps of one. */
const LONGEST = 2000;

/** Reading megabytes holds everybody else up: each trace is read in a turn of its own, and the second only where there is use for it. */
export async function caseBeside(
  store: Pick<Store, 'trace'>,
  pair: Pair,
  column: Pick<ReportColumn, 'name'>,
  cell: Pick<Cell, 'before' | 'after' | 'differs'>,
): Promise<CaseBeside> {
  const before = await store.trace(pair.before, null);
  if (!before) return null;
  await othersTurn();
  if (isTooLong(before)) return { tooLong: pair };
  const after = await store.trace(pair.after, null);
  if (!after) return null;
  await othersTurn();
  if (isTooLong(after)) return { tooLong: pair };
  return {
    inputSha256: after.inputHash?.toString('hex') ?? '',
    input: cut(after.input) ?? '',
    context: after.context,
    turn: after.turn,
    flipped: cell.differs,
    outcome: { column: column.name, before: cell.before, after: cell.after },
    largestStep: null,
    before: sideOf(before),
    after: sideOf(after),
    ...outputDifference(before.output, after.output),
  };
}

function isTooLong({ output }: StoredTrace): boolean {
  return output !== null && output.length > LONGEST_BESIDE;
}

function sideOf({ id, decision, output }: StoredTrace): Case['before'] {
  return { decision, output: cut(output), traceIds: [id], runs: 1 };
}

function cut(text: string | null): string | null {
  return text === null || text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST).toWellFormed()}…`;
}
