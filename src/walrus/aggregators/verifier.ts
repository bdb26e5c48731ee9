/**
 * Whether what aggregators serve under a Blob ID is what the ID names: the bytes are fetched, and
 * their ID is computed here.
 */
import type { Fetcher } from '../../fetch/fetcher.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { VerificationAttempt } from '../verification.ts';
import { aggregatorAddress } from './aggregator-address.ts';
import { type AggregatorPatience, attemptAt, PATIENCE, unasked, type Wanted } from './attempt.ts';
import { type BlobPrefix, readPrefix } from './blob-prefix.ts';
import { Spool } from './spool.ts';
import { Turns } from './turns.ts';

/** What computes Blob IDs. */
export interface FileEncoder {
  /** @throws an Error whose `code` says why it can't be had; the signal's reason */
  blobIdOf(
    source: { file: string },
    options: { nShards?: number; signal?: AbortSignal },
  ): Promise<BlobId>;
}

export interface VerifierOptions {
  fetcher: Fetcher;
  /** Base addresses, in the order they are asked. */
  aggregators: readonly string[];
  encoder: FileEncoder;
  /** A folder in it is made, and removed again; what killed processes of this machine left there goes too. */
  spoolFolder: string;
  /** Longer blobs aren't fetched; more than the encoder takes makes no sense. */
  maxBytes: number;
  /** Of the network; the encoder's own number where left out. */
  nShards?: number;
  /** Blobs that are fetched and encoded at a time; the rest wait. */
  atOnce?: number;
  /** Bytes of the spool folder's disk that are left free for others. */
  keepFreeBytes?: number;
  /** How long one aggregator is waited for. */
  patience?: Partial<AggregatorPatience>;
  /** ms, UTC. */
  now: () => number;
  /** ms, by a clock that is never set. */
  elapsed: () => number;
}

/** Other rooms write to the same disk, the database above all. */
const KEEP_FREE_BYTES = 256 * 2 ** 20;

export interface Verification {
  signal: AbortSignal;
  /** Length by the chain or the manifest: also only a word. */
  expectedBytes?: number | null;
  /** Less than the verifier's own. */
  maxBytes?: number;
  /** Origins of aggregators that are asked also where another one has served the right bytes. */
  alsoAsk?: readonly string[];
  /** Looks at the verified bytes before they are removed. What it throws, `verify` throws. */
  withFile?: (file: string, bytes: number) => Promise<void>;
}

export interface Verifier {
  /**
   * Asks one aggregator after the other until one serves the right bytes. A mismatch is told, and the
   * next one is asked all the same, so that one that lies and one that doesn't both show. After a blob
   * that is too large for here no other is asked, unless the expected length says that it shouldn't be.
   * @returns an attempt for each aggregator asked, in that order; never none
   * @throws the signal's reason; nothing is left behind then
   */
  verify(blobId: BlobId, what: Verification): Promise<VerificationAttempt[]>;
  /**
   * The first bytes of a blob, of one too large to fetch say. UNVERIFIED: they and the length are the
   * words of one aggregator, and nothing shows that they belong to the Blob ID.
   * @throws Unavailable, for the last aggregator asked; the signal's reason
   */
  readBlobPrefix(blobId: BlobId, bytes: number, signal: AbortSignal): Promise<BlobPrefix>;
  /** Gives up what is under way and what waits, and removes all it kept. */
  close(): Promise<void>;
}

/** @throws Error where an aggregator can't be one */
export function createVerifier(options: VerifierOptions): Verifier {
  const { fetcher, nShards, now, elapsed } = options;
  const addresses = options.aggregators.map(aggregatorAddress);
  const patience = { ...PATIENCE, ...options.patience };
  const keepFreeBytes = options.keepFreeBytes ?? KEEP_FREE_BYTES;
  const spool = new Spool({ folder: options.spoolFolder, keepFreeBytes, now });
  const encode = (file: string, signal: AbortSignal) =>
    options.encoder.blobIdOf({ file }, { ...(nShards === undefined ? {} : { nShards }), signal });
  const means = { fetcher, encode, spool, patience, now, elapsed };
  const turns = new Turns(options.atOnce ?? 2);
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  function underWayOf<T>(
    given: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const done = work(AbortSignal.any([given, closing.signal]));
    underWay.add(done);
    return done.finally(() => underWay.delete(done));
  }

  async function run(
    blobId: BlobId,
    alsoAsk: readonly string[],
    what: Wanted,
  ): Promise<VerificationAttempt[]> {
    if (addresses.length === 0) return [unasked(blobId, now())];
    const attempts: VerificationAttempt[] = [];
    /** Several aggregators may serve the same wrong bytes. */
    const known = new Map<string, BlobId>();
    let isOver = false;
    for (const address of addresses) {
      if (isOver && !alsoAsk.includes(address.origin)) continue;
      const attempt = await attemptAt(address, blobId, what, { ...means, known });
      attempts.push(attempt);
      isOver ||= isLast(attempt, what);
    }
    return attempts;
  }

  return {
    verify: (blobId, { maxBytes = options.maxBytes, alsoAsk = [], ...what }) =>
      underWayOf(what.signal, (signal) => {
        const wanted = { ...what, maxBytes: Math.min(maxBytes, options.maxBytes), signal };
        return turns.run(signal, () => run(blobId, alsoAsk, wanted));
      }),
    readBlobPrefix: (blobId, bytes, given) =>
      underWayOf(given, (signal) =>
        readPrefix(addresses, blobId, bytes, { fetcher, ...patience, signal }),
      ),
    async close() {
      closing.abort(new Error('the verifier was closed'));
      await Promise.allSettled(underWay);
      await spool.close();
    },
  };
}

function isLast(attempt: VerificationAttempt, { expectedBytes = null, maxBytes }: Wanted): boolean {
  if (attempt.code !== 'too-large') return attempt.code === null || attempt.code === 'spool';
  // Who serves more than there should be is not believed: another one may serve the blob itself.
  const fits = expectedBytes !== null && expectedBytes <= maxBytes;
  return !fits || attempt.bytes === expectedBytes;
}
