/**
 * The Blob ID of bytes, computed here: what an aggregator or a hub says an ID is, is only its word.
 * This is the process's own pool, for whoever needs no other.
 */
import type { BlobId } from '../../lineage/manifest.ts';
import type { BlobSource } from './encoder-job.ts';
import { createEncoderPool, type EncodeOptions, type EncoderPool } from './encoder-pool.ts';

export { EncodeError, type EncodeErrorCode } from './encode-error.ts';
export { MAX_ENCODABLE_BYTES, N_SHARDS } from './encoder-limits.ts';

let pool: EncoderPool | null = null;

/**
 * The Walrus Blob ID of bytes, or of a file's bytes, in a thread. Bytes are copied when their turn
 * comes, so leave them unchanged until then. For what it throws, see EncoderPool.
 */
export function blobIdOf(source: BlobSource, options?: EncodeOptions): Promise<BlobId> {
  pool ??= createEncoderPool();
  return pool.blobIdOf(source, options);
}
