/** What is kept of blobs beside the artifacts that hold them: facts with their times. */
import type { Inspection } from '../inspect/inspection.ts';
import type { BlobId } from '../lineage/manifest.ts';
import type { ChainFact } from '../walrus/chain-fact.ts';
import type { RecordedAttempt, VerificationStanding } from '../walrus/standing.ts';
import type { VerificationAttempt, VerificationOutcome } from '../walrus/verification.ts';

export interface StoredAttempt extends RecordedAttempt {
  id: number;
}

export interface StoredChainFact extends ChainFact {
  id: number;
  /** When it was first said, as it was recorded. */
  recordedAt: number;
  /** When it was last said again, by its `readAt`. */
  confirmedAt: number;
}

export type BlobState = VerificationStanding['state'];

/** How many blobs stand how. */
export type BlobStates = Record<BlobState, number>;

/** What is known of a blob as of a time. */
export interface BlobFacts {
  /** Every attempt that matters to how it stands, oldest first: of the older ones those that were served bytes. */
  attempts: StoredAttempt[];
  chain: StoredChainFact | null;
}

/** A blob whose bytes are due to be fetched and checked. */
export interface DueVerification {
  blobId: BlobId;
  /** Of its verified bytes, else as the chain says it, else as the manifest states it; null where nobody does. */
  size: number | null;
  /** Runs in a row that could not be made. */
  failures: number;
  /** Aggregators that serve other bytes under its ID, as far as is known. */
  suspects: string[];
}

export interface VerificationRun {
  blobId: BlobId;
  /** At least one. */
  attempts: readonly VerificationAttempt[];
  /** When it is checked again by itself, ms; null: not by itself. */
  nextAt: number | null;
}

export interface RecordedRun {
  outcome: VerificationOutcome;
  attempts: StoredAttempt[];
}

/** A blob about which the chain is to be asked. */
export interface DueChainQuestion {
  blobId: BlobId;
  /** What the chain said last. */
  was: StoredChainFact | null;
  /** True where a watched label holds it now. */
  current: boolean;
}

export interface ChainAnswer {
  fact: ChainFact;
  /** When the question was begun, ms: what made the blob due since then keeps it due. */
  askedAt: number;
  nextAt: number;
}

/** What an inspection rests on: bytes whose ID was verified, or an aggregator's word. */
export type InspectionBasis = 'verified' | 'unverified';

export interface StoredInspection {
  inspection: Inspection;
  basis: InspectionBasis;
  recordedAt: number;
}

/** Told before a blob's storage ends, this many days before, the earliest first. */
export type ExpiryDays = readonly number[];

export interface AttemptPage {
  limit: number;
  /** Those before the one with this id; null: from the newest. */
  before: number | null;
}
