/** Where a diff gets its traces from: the store behind an interface, so that comparing stays pure. */
import type { LeftOutReason } from '../contract/diff.ts';
import type { ArtifactId, BlobId } from '../lineage/manifest.ts';

export type Side = 'before' | 'after';

/** One trace of one side, already attributed. Its texts are read only where they are asked for. */
export interface CohortTrace {
  /** How the source finds it again: an integer, in the order in which traces were recorded. */
  ref: number;
  startedAt: number; // ms since 1970, UTC
  endedAt: number;
  /** SHA-256, 32 bytes; null where it has no input. */
  inputHash: Buffer | null;
  /** Of its output; null where it has none. */
  outputHash: Buffer | null;
  context: string | null;
  turn: number | null;
  decision: string | null;
  artifactId: ArtifactId | null;
  /** The service that sent it, where it came as a span. */
  service: string | null;
  /** Why it can't be compared; null where it can. */
  leftOut: LeftOutReason | null;
  /** What it came with beside input and output. */
  facts(): TraceFacts;
  /** JSON text. */
  input(): string | null;
  output(): string | null;
}

export interface TraceFacts {
  /** It ended in an error. */
  failed: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** A trace as a report shows it. */
export interface ShownTrace {
  id: string;
  startedAt: number;
  inputSha256: string;
  context: string | null;
  turn: number | null;
  /** JSON texts. */
  input: string | null;
  output: string | null;
}

export interface DiffSource {
  /** Each trace of a side once, in batches, in any order. */
  cohort(side: Side): AsyncIterable<readonly CohortTrace[]>;
  /** By ref; one that is gone is left out of the map. Called with a few at a time: a trace may have 16 MiB of text. */
  traces(refs: readonly number[]): Promise<ReadonlyMap<number, ShownTrace>>;
  /** In order of path. */
  blobIdsOf(artifactIds: Iterable<ArtifactId>): Promise<ReadonlyMap<ArtifactId, readonly BlobId[]>>;
  /** recordedAt of the newest reading that was known; null: none. */
  newestReading(): Promise<number | null>;
}
