/** The report's short section on decisions, read off their column. */
import type { Report } from '../../contract/diff.ts';
import type { AnalysedColumn } from '../analysis/analyse.ts';
import { MISSING, MIXED } from './outcome.ts';

type Cell = NonNullable<AnalysedColumn['matrix']>[number];

/** Differs, and both sides' runs agree with themselves. */
export function isFlip({ before, after, differs }: Pick<Cell, 'before' | 'after' | 'differs'>) {
  return differs && before !== MIXED && after !== MIXED;
}

export function decisionsOf(columns: readonly AnalysedColumn[]): Report['decisions'] {
  const column = columns.find(({ source }) => source === 'decision');
  const matrix = column?.matrix ?? [];
  return {
    compared: column?.compared ?? 0,
    flipped: matrix.filter(isFlip).reduce((sum, { inputs }) => sum + inputs, 0),
    mixed: column?.mixed ?? 0,
    matrix: matrix.map(({ before, after, inputs }) => ({
      before: orNull(before),
      after: orNull(after),
      inputs,
    })),
  };
}

function orNull(outcome: string): string | null {
  return outcome === MISSING ? null : outcome;
}
