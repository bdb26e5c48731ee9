/** What Sui and the storage nodes say of a blob, as it was read at one time. Words of others, not proofs. */
import type { BlobId } from '../lineage/manifest.ts';

/**
 * - `certified`: the chain certified it, and its storage lasts
 * - `registered`: its storage is paid for, and it was never certified
 * - `expired`: its storage has ended
 * - `deleted`: known before as deletable, and the chain says it was deleted
 * - `invalid`: the storage nodes proved its encoding wrong
 * - `nonexistent`: neither the chain nor the storage nodes know of it
 */
export type ChainStatus =
  | 'certified'
  | 'registered'
  | 'expired'
  | 'deleted'
  | 'invalid'
  | 'nonexistent';

export interface ChainFact {
  blobId: BlobId;
  /** `mainnet`, `testnet`, or the name of a custom network. */
  network: string;
  /** When it was asked, ms, UTC. */
  readAt: number;
  /** The Walrus epoch it was read in. */
  epoch: number;
  status: ChainStatus;
  certifiedEpoch: number | null;
  /** Exclusive: in this epoch it is stored no more. Null where nobody says (deletable blobs without a known object). */
  endEpoch: number | null;
  /** When that epoch begins, ms, UTC; null where it isn't known. */
  endsAt: number | null;
  /** True where `endsAt` is reckoned from the length of epochs: all but the next boundary are. */
  endsAtEstimated: boolean;
  deletable: boolean | null;
  /** The Sui object that stands for it, where known. */
  objectId: string | null;
  /** Unencoded length in bytes, where the chain says it. */
  size: number | null;
  /** Null where they weren't read (no object known) or are more than are kept; {} where it has none. The owner can change them. */
  attributes: Record<string, string> | null;
}
