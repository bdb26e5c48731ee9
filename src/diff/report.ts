/**
 * The report of a diff. From traces to report:
 *
 *   tallyOf(traces) ×2 → compareCohorts → pickCases (fetches texts) → buildReport
 *
 * Only `pickCases` waits for anything; the rest is plain computing.
 */
import type { Cohort, Report } from '../contract/diff.ts';
import { formatTimeOrNull } from '../contract/time.ts';
import type { ArtifactId, BlobId } from '../lineage/manifest.ts';
import type { Case } from './cases.ts';
import type { CohortSummary } from './cohort.ts';
import type { Comparison } from './comparison.ts';
import { notesOn } from './notes.ts';
import { sentenceOf } from './sentence.ts';

/** What the comparison doesn't know: what was asked for, and what the artifacts hold. */
export interface ReportMeta {
  label: string;
  before: Cohort['asked'];
  after: Cohort['asked'];
  /** Of every artifact of both sides. */
  blobIds: ReadonlyMap<ArtifactId, readonly BlobId[]>;
  /** What the caller wants a reader to know too. They come first. */
  notes?: readonly string[];
}

export function buildReport(
  comparison: Comparison,
  cases: readonly Case[],
  meta: ReportMeta,
): Report {
  const { verdict, pairs, decisions, outputs } = comparison;
  return {
    label: meta.label,
    summary: sentenceOf(comparison),
    verdict,
    before: cohortOf(comparison.before, meta.before, meta.blobIds),
    after: cohortOf(comparison.after, meta.after, meta.blobIds),
    pairs,
    decisions: {
      compared: decisions.compared,
      flipped: decisions.flipped,
      mixed: decisions.mixed,
      matrix: decisions.matrix.map(({ before, after, inputs }) => ({ before, after, inputs })),
    },
    outputs: {
      compared: outputs.compared,
      changed: outputs.changed,
      partly: outputs.partly,
      changedShare: outputs.changedShare,
    },
    cases: [...cases],
    notes: [...(meta.notes ?? []), ...notesOn(comparison)],
  };
}

function cohortOf(
  { traces, inputs, artifacts, leftOut, from, to }: CohortSummary,
  asked: Cohort['asked'],
  blobIds: ReportMeta['blobIds'],
): Cohort {
  return {
    asked,
    traces,
    inputs,
    artifacts: artifacts.map((artifact) => ({
      ...artifact,
      blobIds: [...(blobIds.get(artifact.artifactId) ?? [])],
    })),
    leftOut,
    from: formatTimeOrNull(from),
    to: formatTimeOrNull(to),
  };
}
