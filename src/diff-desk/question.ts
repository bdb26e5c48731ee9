/** What goes between the desk and the thread that computes a diff. */
import type { DiffRequest, Report } from '../contract/diff.ts';
import type { ArtifactShare } from '../diff/errors.ts';
import type { ChangeEvidence } from '../diff/evidence/change-evidence.ts';
import type { Side } from '../diff/source.ts';
import type { DiffQuery, DiffSourceSpec } from '../store/diff-source.ts';
import type { ComparedPeriod } from '../store/saved-diff.ts';

/** A request as the report repeats it: the times of its sides as text. */
export type AskedDiff = Omit<DiffRequest, 'before' | 'after' | 'hold'> & {
  before: Report['before']['asked'];
  after: Report['after']['asked'];
};

/** For a report. */
export interface DiffQuestion {
  source: DiffSourceSpec;
  /** What the sides are, looked up. */
  query: DiffQuery;
  asked: AskedDiff;
}

/** Which way decisions go since a label moved. */
export type EvidenceQuestion = Omit<DiffQuestion, 'asked'>;

export type Question =
  | ({ kind: 'diff' } & DiffQuestion)
  | ({ kind: 'evidence' } & EvidenceQuestion);

/** A report, and what is to be known of it without reading it. */
export interface FinishedDiff {
  id: string;
  verdict: string;
  summary: string;
  /** JSON in its canonical form (RFC 8785), UTF-8. */
  report: Uint8Array;
  /** Numbers of the traces that the report names. */
  named: number[];
  /** How many were looked at, those that were left out among them. */
  looked: number;
  /** When the traces began that were compared; null where there are none. */
  periods: Record<Side, ComparedPeriod | null>;
}

export type Answer =
  | { kind: 'evidence'; evidence: ChangeEvidence; looked: number }
  | { kind: 'finished'; diff: FinishedDiff }
  /** Several artifacts produced a side, and nobody allowed it. */
  | { kind: 'several-artifacts'; side: Side; artifacts: readonly ArtifactShare[] }
  | { kind: 'too-many-traces' }
  | { kind: 'failed'; cause: unknown };
