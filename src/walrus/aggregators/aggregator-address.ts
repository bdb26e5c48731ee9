/** Where an aggregator is: a base address, with a path of its own or without. */
import type { BlobId } from '../../lineage/manifest.ts';

export interface AggregatorAddress {
  /** What it is called in attempts. */
  origin: string;
  blobUrl(blobId: BlobId): URL;
}

/** @throws Error where it is no address of an aggregator; no secret in it is shown */
export function aggregatorAddress(base: string): AggregatorAddress {
  const url = URL.canParse(base) ? new URL(base) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Error(
      `${base.slice(0, 100)} is not the address of an aggregator; give an https: URL`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new Error(
      `the aggregator ${url.origin} must be given without user, query and fragment; configure a credential for its host instead`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  return {
    origin: url.origin,
    blobUrl: (blobId) => new URL(`${url.origin}${path}/v1/blobs/${blobId}`),
  };
}
