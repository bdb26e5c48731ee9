/** Having blobs fetched and checked now, from a page: whoever asked waits a little, and it goes on all the same. */
import type { BlobId } from '../../lineage/manifest.ts';
import { type BlobDesk, NO_NETWORK_IS_SET } from '../../watch/blob-desk.ts';
import type { Clock } from '../../watch/clock.ts';
import { VerificationDropped } from '../../watch/verification-watch.ts';
import { within } from '../../watch/within.ts';
import { PageError } from '../panel.tsx';

export interface VerifyMeans {
  desk: Pick<BlobDesk, 'verifyNow' | 'askChainNow'>;
  clock: Pick<Clock, 'after'>;
}

const WAIT_MS = 5000;

/**
 * One after another, and the chain is asked about each. @returns whether all of it is over
 * @throws PageError where there is nothing to ask, or the service stops
 */
export async function verifyNow(
  { desk, clock }: VerifyMeans,
  blobIds: readonly BlobId[],
): Promise<boolean> {
  const [first, ...rest] = blobIds;
  if (first === undefined) return true;
  const running = desk.verifyNow(first);
  if (!running) throw new PageError(409, 'Nothing can be checked', NO_NETWORK_IS_SET);
  const all = async () => {
    await Promise.all([running, desk.askChainNow(first)]);
    for (const id of rest) await Promise.all([desk.verifyNow(id), desk.askChainNow(id)]);
    return true;
  };
  const done = await within(WAIT_MS, clock, all()).catch((error: unknown) => {
    if (!(error instanceof VerificationDropped)) throw error;
    throw new PageError(503, 'The service is stopping', error.message);
  });
  return done ?? false;
}
