/**
 * What is said of a blob, put together from its object on Sui and from the storage nodes. Pure.
 *
 * - An object that is certified and lasts says it all: the storage nodes are not asked. (So a blob
 *   whose encoding they proved wrong is `invalid` only where they were asked.)
 * - One that is registered only, or whose storage has ended, says less than it seems: another object
 *   may keep the same blob. Where the storage nodes know better, their word counts.
 * - A missing object is not missing data: its owner may have burned it, which no event tells and
 *   which takes nothing away from the storage nodes, or wrapped it in another object. So they decide.
 * - `deleted` is said only where nothing else is left: the object was seen deletable, with storage
 *   that still lasts; it is gone; and the storage nodes no longer know the blob. (Burned, it would
 *   still be there; expired, its storage would have ended.) It stays `deleted` until some object or
 *   storage node knows the blob again.
 * - `nonexistent` is all else that nobody knows, `expired` where its storage was seen to end by now.
 */
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainFact, ChainStatus } from '../chain-fact.ts';
import type { BlobObject } from './blob-object.ts';
import type { BlobReading } from './blob-objects.ts';
import type { NodeStatus } from './node-status.ts';
import { beginningOf, type WalrusEpoch } from './walrus-epoch.ts';

/** Under which circumstances all of it was read. */
export interface Circumstances {
  network: string;
  /** ms */
  readAt: number;
  epoch: WalrusEpoch;
  /** While the change to the epoch is going on: about when it began, ms. */
  changingSince: number;
}

/** Whether the storage nodes are to be asked. */
export function leavesOpen(own: BlobReading | null, { epoch }: WalrusEpoch): boolean {
  if (own?.state === 'failed') return false;
  return own?.state !== 'found' || statusOf(own.blob, epoch) !== 'certified';
}

export interface Evidence {
  /** The object that was known; `gone` where it isn't there any more, null where none was known. */
  own: BlobObjectRead | 'gone' | null;
  /** Null where they weren't asked, or could not be and `own` counts alone. */
  nodes: NodeStatus | null;
  /** The object that the storage nodes' status comes from, where it could be read. */
  other: BlobObjectRead | null;
}

/** @param was what was said of the blob last */
export function judge(
  { blobId, was }: { blobId: BlobId; was: ChainFact | null },
  evidence: Evidence,
  at: Circumstances,
): ChainFact {
  const fact = best(blobId, evidence, at) ?? lost(blobId, was, evidence.own === 'gone', at);
  const { endEpoch } = fact;
  // What was reckoned nearer to an end that has passed is better than what would be reckoned now.
  if (endEpoch === null || endEpoch >= at.epoch.epoch || was?.endEpoch !== endEpoch) return fact;
  const { endsAt, endsAtEstimated } = was;
  return endsAt === null ? fact : { ...fact, endsAt, endsAtEstimated };
}

/** Null where neither an object nor a storage node knows the blob. */
function best(
  blobId: BlobId,
  { own, nodes, other }: Evidence,
  at: Circumstances,
): ChainFact | null {
  const ownFact = own && own !== 'gone' ? factOfObject(own, at) : null;
  if (nodes?.type === 'invalid') {
    return { ...(ownFact ?? blank(blobId, at)), status: 'invalid' };
  }
  const theirs = nodes && nodes.type !== 'nonexistent' ? factOfStatus(blobId, nodes, at) : null;
  const said = [ownFact, other && factOfObject(other, at), theirs].filter((fact) => fact !== null);
  // The first of the best: an object says more than a status does.
  return said.sort((a, b) => RANK[b.status] - RANK[a.status])[0] ?? null;
}

export interface BlobObjectRead {
  blob: BlobObject;
  attributes: Record<string, string> | null;
}

const RANK: Record<ChainStatus, number> = {
  certified: 3,
  registered: 2,
  expired: 1,
  deleted: 0,
  invalid: 0,
  nonexistent: 0,
};

function statusOf(
  { endEpoch, certifiedEpoch }: Pick<BlobObject, 'endEpoch' | 'certifiedEpoch'>,
  epoch: number,
): ChainStatus {
  if (endEpoch <= epoch) return 'expired';
  return certifiedEpoch === null ? 'registered' : 'certified';
}

function factOfObject({ blob, attributes }: BlobObjectRead, at: Circumstances): ChainFact {
  const { blobId, certifiedEpoch, endEpoch, deletable, objectId, size } = blob;
  return {
    ...blank(blobId, at),
    status: statusOf(blob, at.epoch.epoch),
    certifiedEpoch,
    endEpoch,
    ...beginningOf(endEpoch, at.epoch, at.changingSince),
    deletable,
    objectId,
    size,
    attributes,
  };
}

function factOfStatus(
  blobId: BlobId,
  status: Extract<NodeStatus, { type: 'permanent' | 'deletable' }>,
  at: Circumstances,
): ChainFact {
  const certifiedEpoch = status.initialCertifiedEpoch;
  if (status.type === 'deletable') {
    const said = certifiedEpoch === null ? 'registered' : 'certified';
    return { ...blank(blobId, at), status: said, certifiedEpoch, deletable: true };
  }
  const { endEpoch, isCertified } = status;
  const certified = isCertified ? certifiedEpoch : null;
  const lasting = isCertified ? 'certified' : 'registered';
  return {
    ...blank(blobId, at),
    status: endEpoch <= at.epoch.epoch ? 'expired' : lasting,
    certifiedEpoch: certified,
    endEpoch,
    ...beginningOf(endEpoch, at.epoch, at.changingSince),
    deletable: false,
  };
}

/** Neither an object nor a storage node knows it: what was known of it decides what that means. */
function lost(blobId: BlobId, was: ChainFact | null, gone: boolean, at: Circumstances): ChainFact {
  const nothing = blank(blobId, at);
  if (was?.endEpoch == null) return nothing;
  const { endEpoch, certifiedEpoch, deletable, objectId, size } = was;
  const left = { ...nothing, certifiedEpoch, endEpoch, deletable, objectId, size };
  const wasDeleted = was.status === 'deleted' || (gone && deletable && endEpoch > at.epoch.epoch);
  if (wasDeleted) {
    const { endsAt, endsAtEstimated } = was;
    return { ...left, status: 'deleted', endsAt, endsAtEstimated };
  }
  if (endEpoch > at.epoch.epoch) return nothing;
  return { ...left, status: 'expired', ...beginningOf(endEpoch, at.epoch, at.changingSince) };
}

function blank(blobId: BlobId, { network, readAt, epoch }: Circumstances): ChainFact {
  return {
    blobId,
    network,
    readAt,
    epoch: epoch.epoch,
    status: 'nonexistent',
    certifiedEpoch: null,
    endEpoch: null,
    endsAt: null,
    endsAtEstimated: false,
    deletable: null,
    objectId: null,
    size: null,
    attributes: null,
  };
}
