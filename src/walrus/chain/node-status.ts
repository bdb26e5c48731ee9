/** What the storage nodes say of a blob: more than a third of them alike, so at least one that is honest. */
import {
  BlobNotCertifiedError,
  NoBlobStatusReceivedError,
  NoVerifiedBlobStatusReceivedError,
} from '@mysten/walrus';
import { z } from 'zod';
import type { BlobId } from '../../lineage/manifest.ts';
import { ChainError } from './chain-error.ts';
import type { CurrentEpoch } from './epochs.ts';
import type { FullNode } from './full-node.ts';

const epoch = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const event = z.object({ txDigest: z.string().max(64) });
const initialCertifiedEpoch = epoch.nullish().transform((value) => value ?? null);

const nodeStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('nonexistent') }),
  z.object({ type: z.literal('invalid') }),
  z.object({
    type: z.literal('permanent'),
    endEpoch: epoch,
    isCertified: z.boolean(),
    statusEvent: event,
    initialCertifiedEpoch,
  }),
  z.object({ type: z.literal('deletable'), initialCertifiedEpoch }),
]);

export type NodeStatus = z.output<typeof nodeStatus>;

/** @throws ChainError where too few answer, or they don't agree; the signal's reason where it is aborted */
export async function nodeStatusOf(
  blobId: BlobId,
  { client }: CurrentEpoch,
  node: FullNode,
  signal: AbortSignal,
): Promise<NodeStatus> {
  try {
    const said = await node.ask(
      () => client.getVerifiedBlobStatus({ blobId, signal }).catch(inOtherWords),
      signal,
    );
    return nodeStatus.parse(said);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new ChainError(
      'bad-answer',
      {
        happened: "the storage nodes answered with a status that can't be",
        toDo: 'A newer Walrus may need a newer release of this service.',
      },
      { cause: error },
    );
  }
}

/** What the SDK throws where the storage nodes, and not the full node, are the matter. */
function inOtherWords(cause: unknown): { type: 'nonexistent' } {
  if (cause instanceof BlobNotCertifiedError) return { type: 'nonexistent' };
  if (cause instanceof NoBlobStatusReceivedError) {
    throw new ChainError(
      'unreachable',
      {
        happened: 'fewer than two thirds of the Walrus storage nodes answered',
        toDo: 'Check that they can be reached from here (https:, other ports than 443 included).',
      },
      { cause },
    );
  }
  if (cause instanceof NoVerifiedBlobStatusReceivedError) {
    throw new ChainError(
      'no-agreement',
      {
        happened: 'no third of the Walrus storage nodes says the same',
        toDo: 'It settles by itself as the news reaches them.',
      },
      { cause },
    );
  }
  throw cause;
}
