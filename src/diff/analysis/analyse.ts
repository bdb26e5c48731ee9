/** From values to answers: what changed in each column, how sure that is, and where it concentrates. */
import type { ReportColumn, ReportSlice, Verdict } from '../../contract/diff.ts';
import type { Column, DiffData } from '../data.ts';
import { Q } from './budget.ts';
import { type ColumnDraft, draftColumn } from './column-draft.ts';
import type { Settings } from './drafts.ts';
import { adjusted, type Family, familiesOf } from './families.ts';
import { frameOf } from './frame.ts';
import type { MatrixCell } from './matrix.ts';
import { type SlicedColumn, slicesOf } from './slices.ts';
import { verdictOf, worstOf } from './verdict.ts';

export interface Analysis {
  /** The worst of the first family. */
  verdict: Verdict;
  columns: AnalysedColumn[];
  slices: ReportSlice[];
}

export interface AnalysedColumn
  extends Omit<ReportColumn, 'sentence' | 'matrix' | 'paths' | 'change'> {
  column: Column;
  matrix: MatrixCell[] | null;
  /** The paired inputs whose sides differ, ascending. */
  differing: Uint32Array;
}

const MOST_EFFECTS = 10;

/**
 * The same data, in whatever order its traces came, and the same seed give the same analysis.
 * @param settings `minEffect` in points (hundredths of the inputs, or of the spread of numbers)
 */
export function analyse(data: DiffData, settings: Settings): Analysis {
  const frame = frameOf(data);
  const families = familiesOf(data.columns);
  const sliced: SlicedColumn[] = [];
  const drafts = data.columns.map((column, i) => {
    const draft = draftColumn(frame, column, settings);
    sliced.push({ ...draft.sliced, family: families[i]! });
    return draft;
  });
  const q = qOf(drafts, families);
  const columns = drafts.map((draft, i) => finished(draft, families[i]!, q[i]!));
  return {
    verdict: worstOf(columns.filter(({ family }) => family === 'first').map((c) => c.verdict)),
    columns,
    slices: slicesOf(frame, sliced),
  };
}

/** The q of each test of each column, within its family; null: it decides nothing. */
function qOf(drafts: readonly ColumnDraft[], families: readonly Family[]): (number | null)[][] {
  const found = drafts.map(({ tests }) => tests.map((): number | null => null));
  for (const family of ['first', 'found'] as const) {
    const places = drafts.flatMap(({ tests }, i) =>
      families[i] === family
        ? tests.flatMap(({ decides, p }, k) => (decides ? [{ i, k, p }] : []))
        : [],
    );
    const q = adjusted(places.map(({ p }) => p));
    for (const [at, { i, k }] of places.entries()) found[i]![k] = q[at]!;
  }
  return found;
}

function finished(
  draft: ColumnDraft,
  family: Family,
  q: readonly (number | null)[],
): AnalysedColumn {
  const { column, cases, direction, tests: drafted, hasData, tooFew, alike, settled, open } = draft;
  const tests = drafted.map(({ beyond, ...test }, k) => ({ ...test, q: q[k]! }));
  const deciding = drafted.flatMap(({ beyond }, k) =>
    q[k] === null ? [] : [{ q: q[k]!, beyond }],
  );
  const verdict = verdictOf({
    hasData,
    tooFew,
    alike,
    tests: deciding,
    inside: direction.inside,
    settled,
    open,
  });
  const isFound = (asksCases: boolean) =>
    tests.some(
      (test) => test.q !== null && test.q <= Q && (test.question === 'cases') === asksCases,
    );
  const known = hasData && !tooFew;
  const { inside: casesInside, ...casesFacts } = cases;
  const pairs = draft.basis === 'pairs';
  return {
    column,
    name: column.name,
    source: column.source,
    path: column.path,
    family,
    kind: column.kind,
    typed: column.typed,
    typeNote: column.typeNote,
    verdict,
    basis: draft.basis,
    compared: draft.compared,
    mixed: draft.mixed,
    leftOut: draft.leftOut,
    cases: {
      ...casesFacts,
      answer: answered(pairs && known, isFound(true), settled || casesInside),
    },
    direction: {
      answer: answered(
        known,
        isFound(false),
        alike || (direction.inside && direction.effects.length > 0),
      ),
      effects: direction.effects.slice(0, MOST_EFFECTS),
    },
    tests,
    matrix: draft.matrix,
    distribution: draft.distribution,
    traffic: draft.traffic,
    needed: verdict === 'insufficient' ? draft.needed() : null,
    differing: draft.differing,
  };
}

function answered(known: boolean, found: boolean, inside: boolean): 'yes' | 'no' | 'unclear' {
  if (!known) return 'unclear';
  if (found) return 'yes';
  return inside ? 'no' : 'unclear';
}
