/**
 * The report of a diff, from what was counted and tested to what is said and shown. Only here texts
 * are fetched: a few at a time, of a bounded number of inputs.
 */
import type { Cohort, Report, ReportColumn } from '../../contract/diff.ts';
import { formatTimeOrNull } from '../../contract/time.ts';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import type { AnalysedColumn, Analysis } from '../analysis/analyse.ts';
import type { CohortSummary } from '../cohorts/side-tally.ts';
import type { DiffData } from '../data.ts';
import type { DiffSource } from '../source.ts';
import { identified } from './canonical.ts';
import { choose } from './case-choice.ts';
import { pickCases } from './cases.ts';
import { detailsOf } from './change-details.ts';
import { type Around, columnSentence } from './column-sentence.ts';
import { decisionsOf } from './decisions.ts';
import { MOST_IN_COLUMN, matrixOf } from './matrix.ts';
import { type Beside, notesOn } from './notes.ts';
import { outputsOf } from './outputs.ts';
import { ShownTraces } from './shown-traces.ts';
import { summaryOf } from './summary.ts';

/** What was computed, and what only the caller knows. */
export interface Computed {
  label: string;
  asked: { before: Cohort['asked']; after: Cohort['asked'] };
  query: Report['query'];
  watermark: Report['watermark'];
  data: DiffData;
  before: CohortSummary;
  after: CohortSummary;
  pairs: Report['pairs'];
  analysis: Analysis;
  provisional: Beside['provisional'];
}

/** Differing pairs whose texts are read for one column. */
const MOST_PAIRS = { first: 500, found: 100 };
/** Trace pairs under the cells of all matrices. */
const MOST_IN_CELLS = 1000;

export async function composeReport(computed: Computed, source: DiffSource): Promise<Report> {
  const { analysis, asked, data, label, pairs, query, watermark } = computed;
  const traces = new ShownTraces(source, data);
  const artifacts = [...computed.before.artifacts, ...computed.after.artifacts];
  const blobIds = await source.blobIdsOf(artifacts.map(({ artifactId }) => artifactId));
  const mixed = [computed.before, computed.after].some((side) => side.artifacts.length > 1);
  const around = { minEffect: query.minEffect, mixed };
  const { columns, sampled } = await columnsOf(analysis.columns, traces, around);
  const whole = analysis.columns.find(
    ({ source: from, path }) => from === 'output' && path === '$',
  );
  const outputs = outputsOf(data, whole?.column);
  const { candidates, differing } = choose(data, analysis.columns);
  const told = {
    label,
    verdict: analysis.verdict,
    query,
    watermark,
    before: cohortOf(computed.before, asked.before, blobIds),
    after: cohortOf(computed.after, asked.after, blobIds),
    pairs,
    columns,
    skipped: data.skipped.map((field) => ({ ...field })),
    slices: analysis.slices,
    decisions: decisionsOf(analysis.columns),
    outputs: outputs.section,
    cases: await pickCases(candidates, data, analysis.columns, traces),
    artifactDiff: artifactDiffOf(computed),
  };
  const { provisional } = computed;
  const beside = { differing, oneSidedOutputs: outputs.oneSided, provisional, sampled };
  return identified({ ...told, summary: summaryOf(told), notes: notesOn(told, beside) });
}

async function columnsOf(
  analysed: readonly AnalysedColumn[],
  traces: ShownTraces,
  around: Around,
): Promise<{ columns: ReportColumn[]; sampled: Beside['sampled'] }> {
  const columns: ReportColumn[] = [];
  const sampled: { name: string; looked: number; of: number }[] = [];
  let left = MOST_IN_CELLS;
  for (const one of analysed) {
    const { column: _, differing, ...told } = one;
    const matrix = await matrixOf(one, traces, Math.min(MOST_IN_COLUMN, left));
    left -= (matrix ?? []).reduce((sum, { cases }) => sum + cases.length, 0);
    const decides = one.family === 'first' || one.path === '$';
    const most = decides ? MOST_PAIRS.first : MOST_PAIRS.found;
    const { change, paths, looked } = await detailsOf(one, traces, most);
    if (looked > 0 && looked < differing.length) {
      sampled.push({ name: one.name, looked, of: differing.length });
    }
    columns.push({ ...told, sentence: columnSentence(told, around), matrix, change, paths });
  }
  return { columns, sampled };
}

function cohortOf(
  { traces, inputs, errors, artifacts, leftOut, from, to }: CohortSummary,
  asked: Cohort['asked'],
  blobIds: ReadonlyMap<ArtifactId, readonly BlobId[]>,
): Cohort {
  return {
    asked,
    traces,
    inputs,
    errors,
    artifacts: artifacts.map((artifact) => ({
      ...artifact,
      blobIds: [...(blobIds.get(artifact.artifactId) ?? [])],
    })),
    leftOut,
    from: formatTimeOrNull(from),
    to: formatTimeOrNull(to),
  };
}

/** Where one artifact stands against another. */
function artifactDiffOf({ before, after }: Computed): string | null {
  if (before.artifacts.length !== 1 || after.artifacts.length !== 1) return null;
  const [a, b] = [before.artifacts[0]!.artifactId, after.artifacts[0]!.artifactId];
  if (a === b) return null;
  return `/api/v1/artifacts/${encodeURIComponent(a)}/compare/${encodeURIComponent(b)}`;
}
