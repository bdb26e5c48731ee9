/** One column as far as it can be told alone: all but what depends on how many tests its family has. */
import type { ReportColumn } from '../../contract/diff.ts';
import type { Column } from '../data.ts';
import { FEWEST } from './budget.ts';
import type { CasesFacts } from './cases.ts';
import type { Answer, DraftTest, Settings } from './drafts.ts';
import { type Frame, independentOf } from './frame.ts';
import type { MatrixCell } from './matrix.ts';
import type { PairFacts } from './paired-inputs.ts';
import { pairedLabels } from './paired-labels.ts';
import { pairedNumbers } from './paired-numbers.ts';
import { pairedValues } from './paired-values.ts';
import { unpairedColumn } from './unpaired-column.ts';

export interface ColumnDraft
  extends Pick<
    ReportColumn,
    'basis' | 'compared' | 'mixed' | 'leftOut' | 'distribution' | 'traffic'
  > {
  column: Column;
  hasData: boolean;
  tooFew: boolean;
  alike: boolean;
  settled: boolean;
  open: boolean;
  cases: Omit<CasesFacts, 'tests' | 'sums' | 'open'>;
  /** Of the direction, or of the two samples. */
  direction: Omit<Answer, 'tests'>;
  tests: DraftTest[];
  matrix: MatrixCell[] | null;
  differing: Uint32Array;
  /** What slices are cut from. */
  sliced: { name: string; kind: string; compared: Uint32Array; differing: Uint32Array };
  /** Asked only where the verdict is that too little is known. */
  needed(): ReportColumn['needed'];
}

/** What pairs say of a column of any kind. */
export interface PairedAnswer {
  facts: PairFacts;
  cases: CasesFacts;
  direction: Answer;
  matrix: MatrixCell[] | null;
  needed(): ReportColumn['needed'];
}

/** What all inputs of each side say. */
export interface SidesAnswer extends Answer {
  hasData: boolean;
  tooFew: boolean;
  distribution: ReportColumn['distribution'];
  traffic: ReportColumn['traffic'];
  needed(): ReportColumn['needed'];
}

export function draftColumn(frame: Frame, column: Column, settings: Settings): ColumnDraft {
  const paired = pairedAnswer(frame, column, settings);
  const { facts, cases } = paired;
  const { before, after } = frame.data;
  const basis: ReportColumn['basis'] =
    before.count === 0 || after.count === 0
      ? 'none'
      : independentOf(frame, facts.asked) < FEWEST
        ? 'unpaired'
        : 'pairs';
  const sides = unpairedColumn(frame, column, paired, basis === 'unpaired', settings);
  const { tests: casesTests, sums: _, open, ...described } = cases;
  const common = {
    column,
    basis: basis === 'unpaired' && !sides.hasData ? 'none' : basis,
    compared: facts.compared.length,
    mixed: facts.mixed,
    leftOut: facts.leftOut,
    cases: described,
    matrix: paired.matrix,
    differing: facts.differing,
    sliced: {
      name: column.name,
      kind: column.kind,
      compared: facts.compared,
      differing: facts.differing,
    },
    distribution: sides.distribution,
    traffic: sides.traffic,
  };
  const failed = facts.asked.length - facts.compared.length;
  const isSettled = facts.differing.length + failed === 0 || cases.inside;
  if (basis === 'pairs') {
    const alone = frame.paired.length < frame.data.inputs;
    return {
      ...common,
      hasData: true,
      tooFew: false,
      alike: facts.alike,
      settled: isSettled,
      open,
      direction: paired.direction,
      tests: [...casesTests, ...paired.direction.tests, ...(alone ? sides.tests : [])],
      needed: paired.needed,
    };
  }
  const hasData = basis === 'unpaired' && sides.hasData;
  return {
    ...common,
    hasData,
    tooFew: sides.tooFew,
    alike: false,
    open: false,
    settled: isSettled, // what flips in the few pairs there are can't be told from noise
    direction: sides,
    tests: hasData ? sides.tests : [],
    needed: () => (sides.inside ? null : sides.needed()),
  };
}

function pairedAnswer(frame: Frame, column: Column, settings: Settings): PairedAnswer {
  if (column.kind === 'label') return pairedLabels(frame, column, settings);
  if (column.kind === 'number') return pairedNumbers(frame, column, settings);
  return pairedValues(frame, column, settings);
}
