/** Which object a status of the storage nodes is about: the events of its transaction name it. */

import { TransactionError } from '@mysten/sui/client';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { parseStructTag } from '@mysten/sui/utils';
import { blobIdFromInt } from '@mysten/walrus';
import type { BlobId } from '../../lineage/manifest.ts';
import type { FullNode } from './full-node.ts';
import { blobCertifiedLayout, blobRegisteredLayout } from './move-layout.ts';

const LAYOUTS = { BlobCertified: blobCertifiedLayout, BlobRegistered: blobRegisteredLayout };

/**
 * @param packageId of Walrus, as its types have it
 * @returns the id of the Blob that was certified or registered last in it; null where no event says
 * so, or the full node no longer has the transaction
 * @throws ChainError; the signal's reason where it is aborted
 */
export async function objectOfTransaction(
  blobId: BlobId,
  { digest, packageId }: { digest: string; packageId: string },
  { node, client }: { node: FullNode; client: SuiGrpcClient },
  signal: AbortSignal,
): Promise<string | null> {
  const asked = () =>
    client
      .getTransaction({ digest, include: { events: true }, signal })
      .then(({ Transaction }) => Transaction?.events ?? [])
      .catch((error: unknown) => {
        if (error instanceof TransactionError) return [];
        throw error;
      });
  const events = await node.ask(asked, signal);
  const said = events.toReversed().map((event) => saidBy(event, packageId));
  return said.find((each) => each?.blobId === blobId)?.objectId ?? null;
}

/** Null where it is another event, of another package, or can't be read. */
function saidBy({ eventType, bcs }: { eventType: string; bcs: Uint8Array }, packageId: string) {
  try {
    const { address, module, name } = parseStructTag(eventType);
    if (address !== packageId || module !== 'events' || !(name in LAYOUTS)) return null;
    const { blob_id, object_id } = LAYOUTS[name as keyof typeof LAYOUTS].parse(bcs);
    return { blobId: blobIdFromInt(blob_id), objectId: object_id };
  } catch {
    return null;
  }
}
