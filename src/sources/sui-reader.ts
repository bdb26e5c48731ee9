/** What a source needs of Sui: the objects of one network, through one full node. */
import type { BlobId } from '../lineage/manifest.ts';
import type { Chain } from '../walrus/chain/chain.ts';
import type { ReadObject } from '../walrus/chain/sui-object.ts';

export interface SuiReader extends Pick<Chain, 'network' | 'readObjects' | 'blobTypes'> {
  /** The full node's. */
  readonly host: string;
  /** Wall clock, ms, as readings are timed by. */
  now(): number;
  /** To be told of an object that stands for a blob: from the blob alone it often can't be found. */
  noteBlobObject?(blobId: BlobId, objectId: string): void;
}

/** What is said of one object: that it is so, or that it is missing. */
export type SuiWord = Exclude<ReadObject, { state: 'failed' }>;
