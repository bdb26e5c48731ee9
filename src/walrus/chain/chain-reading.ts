/** One reading of what the chain says of many blobs, all of it in one epoch. */
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainFact } from '../chain-fact.ts';
import { type Circumstances, judge, leavesOpen } from './blob-judgement.ts';
import { type BlobReading, readBlobs } from './blob-objects.ts';
import { ChainError, type ChainErrorCode } from './chain-error.ts';
import type { CurrentEpoch, Epochs } from './epochs.ts';
import type { Heard, NodeStatuses } from './node-statuses.ts';
import type { SuiObjects } from './sui-objects.ts';

export interface AskedBlob {
  blobId: BlobId;
  /** The object that stands for it, where one is known: a Blob, or a SharedBlob. */
  objectId: string | null;
  /** What was said of it last. */
  was?: ChainFact | null;
  /** Somebody waits for what is so now: what is remembered of the storage nodes' words is not enough. */
  fresh?: boolean;
}

/** What came of one blob; both where its object counts alone, because the storage nodes could not be asked. */
export interface Outcome {
  blobId: BlobId;
  fact: ChainFact | null;
  error: ChainError | null;
  /** Whether the error is the full node's, and says nothing of this blob. */
  outOfReach: boolean;
}

interface Means {
  /** Its name, as facts carry it. */
  network: string;
  objects: SuiObjects;
  epochs: Epochs;
  statuses: NodeStatuses;
  /** Wall clock, ms. */
  now: () => number;
}

/** So often is read again what an epoch change spoils. */
const MOST_ROUNDS = 3;

/**
 * Reads until all was read in one epoch: what comes from before and after a change would not fit
 * together, and what is certified in an epoch to come means that the one known is over.
 * @returns one for each, in their order
 * @throws ChainError where the epoch could not be read; the signal's reason where it is aborted
 */
export async function readInOneEpoch(
  asked: readonly AskedBlob[],
  means: Means,
  signal: AbortSignal,
): Promise<Outcome[]> {
  let current = await means.epochs.current(signal);
  for (let round = 1; ; round++) {
    const outcomes = await readOnce(asked, current, means, signal);
    const ahead = outcomes.map(({ fact }) => fact !== null && isAhead(fact));
    if (ahead.includes(true)) means.epochs.doubt();
    const after = await means.epochs.current(signal);
    const moved = after.epoch !== current.epoch;
    if (!moved && !ahead.includes(true)) return outcomes;
    if (round === MOST_ROUNDS) {
      return outcomes.map((one, at) => (moved || ahead[at] ? spoiled(one, current.epoch) : one));
    }
    current = after;
  }
}

/** Said in an epoch that had not begun when it was read. */
function isAhead({ certifiedEpoch, epoch }: ChainFact): boolean {
  return certifiedEpoch !== null && certifiedEpoch > epoch;
}

function spoiled({ blobId }: Outcome, epoch: number): Outcome {
  const error = new ChainError('epoch-changed', {
    happened: `Walrus's epoch (${epoch}) changed while it was asked, or not all that was read knows of the change, ${MOST_ROUNDS} times in a row`,
    toDo: 'It settles by itself.',
  });
  return { blobId, fact: null, error, outOfReach: false };
}

const OUT_OF_REACH: readonly ChainErrorCode[] = [
  'unreachable',
  'timeout',
  'rate-limited',
  'unauthorized',
  'refused-address',
];

/** @returns one for each, in their order; what goes wrong with one is its own outcome */
async function readOnce(
  asked: readonly AskedBlob[],
  current: CurrentEpoch,
  { network, now, objects, statuses }: Means,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const at: Circumstances = {
    network,
    readAt: now(),
    epoch: current,
    changingSince: current.changingSince,
  };
  const read = async (ids: readonly (string | null)[]) => {
    const known = ids.filter((id) => id !== null);
    const readings = await readBlobs(known, current.types, objects, signal);
    return ids.map((id): BlobReading | null => (id === null ? null : (readings.shift() ?? null)));
  };
  const owns = await read(asked.map(({ objectId }) => objectId));
  const checked = owns.map((own, each) => ofBlob(own, asked[each]!.blobId));
  const heard = await Promise.all(
    asked.map(({ blobId, fresh = false }, each) => {
      const own = checked[each]!;
      if (!leavesOpen(own, current)) return null;
      // An object that is gone: what was said while it was there says nothing of that.
      const anew = fresh || own?.state === 'missing';
      return hear(statuses, blobId, current, anew, signal);
    }),
  );
  const others = await read(
    heard.map((one, each) => {
      const objectId = one instanceof ChainError ? null : (one?.objectId ?? null);
      return objectId === asked[each]?.objectId ? null : objectId;
    }),
  );
  return asked.map((one, each) => {
    const other = ofBlob(others[each] ?? null, one.blobId);
    return outcomeOf(one, { own: checked[each] ?? null, heard: heard[each] ?? null, other }, at);
  });
}

function outcomeOf(
  { blobId, was = null }: AskedBlob,
  read: { own: BlobReading | null; heard: Heard | ChainError | null; other: BlobReading | null },
  at: Circumstances,
): Outcome {
  const { own, heard, other } = read;
  const outOfReach = isOutOfReach(own);
  if (own?.state === 'failed') return { blobId, fact: null, error: own.error, outOfReach };
  // Another object that can't be read now isn't left out: the next reading would have it again.
  const error = heard instanceof ChainError ? heard : isOutOfReach(other) ? other.error : null;
  if (error && own?.state !== 'found') return { blobId, fact: null, error, outOfReach };
  const evidence = {
    own: own?.state === 'missing' ? ('gone' as const) : own,
    nodes: error || heard instanceof ChainError ? null : (heard?.status ?? null),
    other: !error && other?.state === 'found' ? other : null,
  };
  // What the storage nodes said a while ago is no word of now.
  const readAt = evidence.nodes ? Math.min(at.readAt, (heard as Heard).at) : at.readAt;
  const fact = judge({ blobId, was }, evidence, { ...at, readAt });
  return { blobId, fact, error, outOfReach };
}

function isOutOfReach(
  reading: BlobReading | null,
): reading is Extract<BlobReading, { state: 'failed' }> {
  return reading?.state === 'failed' && OUT_OF_REACH.includes(reading.error.code);
}

async function hear(
  statuses: NodeStatuses,
  blobId: BlobId,
  current: CurrentEpoch,
  fresh: boolean,
  signal: AbortSignal,
): Promise<Heard | ChainError> {
  try {
    return await statuses.of(blobId, current, fresh, signal);
  } catch (error) {
    if (error instanceof ChainError) return error;
    throw error;
  }
}

/** An object that stands for another blob says nothing of this one. */
function ofBlob(reading: BlobReading | null, blobId: BlobId): BlobReading | null {
  if (reading?.state !== 'found' || reading.blob.blobId === blobId) return reading;
  const error = new ChainError('other-blob', {
    happened: `object ${reading.blob.objectId} stands for the blob ${reading.blob.blobId}`,
    toDo: 'Check the object id.',
  });
  return { state: 'failed', error };
}
