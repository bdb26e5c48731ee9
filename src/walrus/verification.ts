/** What trying to verify a blob came to: facts, each with its time and place. */
import type { BlobId } from '../lineage/manifest.ts';

/**
 * - `verified`: the bytes were fetched, and their Blob ID, computed here, is the one asked for
 * - `mismatch`: bytes were served under this ID, and theirs is another
 * - `unavailable`: the bytes could not be had or not be encoded; nothing is known of them
 */
export type VerificationOutcome = 'verified' | 'mismatch' | 'unavailable';

/** Why an attempt was no `verified`. */
export type VerificationCode =
  /** mismatch: as long as was expected (or nothing was), but other bytes. */
  | 'other-bytes'
  /** mismatch: not as long as the chain or the manifest says. */
  | 'wrong-length'
  /** 404: not there, or a cache on the way has not heard of it yet. */
  | 'not-found'
  /** 451: the aggregator refuses to serve it for legal reasons. */
  | 'blocked'
  /** 403: over the aggregator's own size limit, or not for us. */
  | 'forbidden'
  /** 429. */
  | 'rate-limited'
  /** 500 and up; 503 while too few storage nodes answer. */
  | 'server-error'
  /** Any other status. */
  | 'http-status'
  /** It broke off, and what was missing could not be had either. */
  | 'truncated'
  /** Longer than is fetched here, or than can be encoded here. */
  | 'too-large'
  | 'dns'
  | 'connect'
  | 'reset'
  | 'timeout'
  | 'redirect'
  | 'refused-address'
  | 'bad-encoding'
  /** The bytes came and could not be encoded: out of memory, say. */
  | 'encoder'
  /** The disk of the spool folder is full, or can't be written. */
  | 'spool'
  /** No aggregator is configured. */
  | 'no-aggregator';

/** One attempt: one aggregator was asked for one blob. Times: ms, UTC. */
export interface VerificationAttempt {
  blobId: BlobId;
  outcome: VerificationOutcome;
  /** Null where it was verified. */
  code: VerificationCode | null;
  /** What happened and what to do; null where it was verified. */
  message: string | null;
  /** Origin of the aggregator; null where none was asked. */
  aggregator: string | null;
  startedAt: number;
  /** Fetching and encoding together, by a clock that is never set. */
  tookMs: number;
  /** How many bytes came; null where none did. */
  bytes: number | null;
  /** Hex SHA-256 of the bytes, where all of them came. */
  sha256: string | null;
  /** What the bytes' own Blob ID is, where it was computed. */
  computedBlobId: BlobId | null;
  /** Seconds the aggregator asks to be left alone for. */
  retryAfterSeconds: number | null;
}

/** What a whole run, over all aggregators, came to: the worst that was seen is never hidden. */
export function outcomeOf(attempts: readonly VerificationAttempt[]): VerificationOutcome {
  const outcomes = new Set(attempts.map(({ outcome }) => outcome));
  if (outcomes.has('mismatch')) return 'mismatch';
  return outcomes.has('verified') ? 'verified' : 'unavailable';
}
