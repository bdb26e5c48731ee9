/** What every source of a label gives: what is under the label now. One file a kind; see index.ts for the list. */
import type { FetchErrorCode } from '../fetch/fetch-error.ts';
import type { ManifestFile } from '../lineage/manifest.ts';

export interface Source {
  /** Who answers: reads of one host share its limits. A URL's host, or 'file:'. */
  readonly host: string;
  /**
   * Asks the source once. Idempotent, and never called twice at the same time for one label.
   * @throws SourceError where the answer can't be had or says nothing: a failed reading, never a change;
   * the signal's own reason where the caller aborts
   */
  read(signal: AbortSignal): Promise<SourceAnswer>;
}

export interface SourceAnswer {
  /** What is under the label; null where the source answered that nothing is ("absent"). */
  files: ManifestFile[] | null;
  /** Earliest instant (ms) at which a cache on the way may have seen this (`Age`); null where none answered. */
  seenSince: number | null;
  raw: RawAnswer | null;
}

/** The source's own words, kept as evidence. */
export interface RawAnswer {
  /** Hex SHA-256 of the body, or of the bodies in the order they came where several were needed. */
  sha256: string;
  /** Whole length in bytes. */
  bytes: number;
  /** The text; null where it is longer than is kept. */
  body: string | null;
}

/** What may go wrong on the way, and what may be wrong with what was said. */
export type SourceErrorCode =
  | Exclude<FetchErrorCode, 'bad-encoding' | 'echoed-credential'>
  | 'not-json'
  | 'unknown-shape'
  | 'no-files'
  | 'foreign-id'
  | 'bad-manifest'
  /** Of a chain: no connection, it broke off, or the full node is down. */
  | 'unreachable'
  /** The full node's answer is broken, or says what can't be. */
  | 'bad-answer'
  /** A full node that lags behind the one which answered before. */
  | 'stale'
  /** The object has another Move type than the label says. */
  | 'wrong-type'
  /** No chain is configured. */
  | 'no-network'
  /** Another chain than the label's is configured. */
  | 'wrong-chain';

/** Why a reading failed. `message` says what happened, what follows from it and what to do; no secret is in it. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly code: SourceErrorCode;
  /** What the source answered all the same. */
  readonly raw: RawAnswer | null;
  /** Seconds the source asks to be left alone for. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: SourceErrorCode,
    message: string,
    options: { cause?: unknown; raw?: RawAnswer | null; retryAfterSeconds?: number | null } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.raw = options.raw ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
