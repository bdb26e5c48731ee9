/** One attempt to verify one blob: one aggregator serves bytes, and their Blob ID is computed. */
import type { Fetcher } from '../../fetch/fetcher.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { VerificationAttempt } from '../verification.ts';
import type { AggregatorAddress } from './aggregator-address.ts';
import { type FetchBounds, fetchBlob } from './blob-fetch.ts';
import type { Spool, SpoolFile } from './spool.ts';
import { noAggregator, notEncoded, Unavailable, unavailable } from './unavailable.ts';

export type AggregatorPatience = Pick<
  FetchBounds,
  'headMs' | 'idleMs' | 'leastBytes' | 'timeoutMs' | 'furtherTries' | 'pauseMs'
>;

export const PATIENCE: AggregatorPatience = {
  // The aggregator puts a blob together from hundreds of nodes before it says a word.
  headMs: 120_000,
  // Some 2 kB/s: one that trickles slower would hold up those who wait.
  idleMs: 30_000,
  leastBytes: 64 * 2 ** 10,
  timeoutMs: 3_600_000,
  furtherTries: 4,
  pauseMs: 500,
};

export interface Wanted {
  signal: AbortSignal;
  maxBytes: number;
  expectedBytes?: number | null;
  withFile?: (file: string, bytes: number) => Promise<void>;
}

export interface AttemptMeans {
  fetcher: Fetcher;
  encode: (file: string, signal: AbortSignal) => Promise<BlobId>;
  spool: Spool;
  patience: AggregatorPatience;
  /** Blob IDs by the SHA-256 of their bytes, of this run. */
  known: Map<string, BlobId>;
  /** ms, UTC. */
  now: () => number;
  /** ms, by a clock that is never set. */
  elapsed: () => number;
}

type Finding = Pick<
  VerificationAttempt,
  'outcome' | 'code' | 'message' | 'bytes' | 'sha256' | 'computedBlobId' | 'retryAfterSeconds'
>;

/** @throws the signal's reason; what `withFile` throws */
export async function attemptAt(
  address: AggregatorAddress,
  blobId: BlobId,
  wanted: Wanted,
  means: AttemptMeans,
): Promise<VerificationAttempt> {
  const [startedAt, began] = [means.now(), means.elapsed()];
  const attempted = (finding: Finding): VerificationAttempt => {
    const tookMs = Math.round(means.elapsed() - began);
    return { blobId, aggregator: address.origin, startedAt, tookMs, ...finding };
  };
  let file: SpoolFile;
  try {
    file = await means.spool.open();
  } catch (error) {
    return attempted(failed(error, null, wanted));
  }
  try {
    const attempt = attempted(await findingIn(file, address, blobId, wanted, means));
    if (attempt.outcome === 'verified') await wanted.withFile?.(file.file, file.bytes);
    return attempt;
  } finally {
    await file.remove();
  }
}

/** What no aggregator was asked for. */
export function unasked(blobId: BlobId, now: number): VerificationAttempt {
  const nothing = { bytes: null, sha256: null, computedBlobId: null };
  const { code, message } = noAggregator();
  return {
    ...{ blobId, outcome: 'unavailable', code, message, aggregator: null },
    ...{ startedAt: now, tookMs: 0, ...nothing, retryAfterSeconds: null },
  };
}

async function findingIn(
  file: SpoolFile,
  address: AggregatorAddress,
  blobId: BlobId,
  wanted: Wanted,
  means: AttemptMeans,
): Promise<Finding> {
  let sha256: string | null = null;
  const fetched = async (resumes: boolean) => {
    const { fetcher, patience, elapsed } = means;
    const { signal, maxBytes } = wanted;
    const bounds = { ...patience, signal, maxBytes, resumes, elapsed };
    sha256 = null;
    const answer = await fetchBlob(fetcher, address.blobUrl(blobId), file, bounds);
    sha256 = file.sha256();
    return { ...answer, sha256, computed: await encoded(file, sha256, signal, means) };
  };
  try {
    let found = await fetched(true);
    // Two answers of one aggregator may come from two places: nobody is accused for what was joined here.
    if (found.computed !== blobId && found.pieces > 1) {
      await file.restart();
      found = await fetched(false);
    }
    if (found.computed !== blobId && !found.saysItsEnd)
      throw endUnknown(address.origin, file.bytes);
    return judged(address.origin, blobId, file.bytes, found, wanted.expectedBytes ?? null);
  } catch (error) {
    wanted.signal.throwIfAborted();
    return { ...failed(error, file, wanted), sha256 };
  }
}

async function encoded(
  file: SpoolFile,
  sha256: string,
  signal: AbortSignal,
  { known, encode }: AttemptMeans,
): Promise<BlobId> {
  const before = known.get(sha256);
  if (before !== undefined) return before;
  const computed = await encode(file.file, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw notEncoded(error, file.file);
  });
  known.set(sha256, computed);
  return computed;
}

function judged(
  origin: string,
  blobId: BlobId,
  bytes: number,
  { sha256, computed }: { sha256: string; computed: BlobId },
  expectedBytes: number | null,
): Finding {
  const known = { bytes, sha256, computedBlobId: computed, retryAfterSeconds: null };
  if (computed === blobId) return { outcome: 'verified', code: null, message: null, ...known };
  const wrongLength = expectedBytes !== null && bytes !== expectedBytes;
  const expected = wrongLength ? ` instead of ${expectedBytes}` : '';
  const message =
    `${origin} served ${bytes} bytes${expected} under this Blob ID, and theirs is ${computed}. ` +
    'Who reads there gets other bytes than the ID names: ask another aggregator, and tell whoever runs this one.';
  const code = wrongLength ? 'wrong-length' : 'other-bytes';
  return { outcome: 'mismatch', code, message, ...known };
}

function endUnknown(origin: string, bytes: number): Unavailable {
  const message =
    `${origin} served ${bytes} bytes that are not the blob, without saying where they end: its answer may have broken off. ` +
    'It may work later.';
  return new Unavailable('truncated', message);
}

function failed(error: unknown, file: SpoolFile | null, { maxBytes }: Wanted): Finding {
  const { code, message, retryAfterSeconds } = unavailable(error, maxBytes);
  const bytes = file === null || file.bytes === 0 ? null : file.bytes;
  const nothing = { bytes, sha256: null, computedBlobId: null };
  return { outcome: 'unavailable', code, message, ...nothing, retryAfterSeconds };
}
