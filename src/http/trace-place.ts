/** Where a stream of traces begins: after which of their numbers, which are given in order of recording. */
import type { Store } from '../store/store.ts';
import { badRequest } from './problem.ts';

type Numbers = Pick<Store, 'newestTrace' | 'tracesAfter'>;

interface Asked {
  /** The number of the last trace that came; it counts before the others. */
  lastEventId?: string | undefined;
  /** From those recorded then or later; ms. */
  since?: number | undefined;
  /** From the last so many, whether they are wanted or not. */
  last?: number | undefined;
}

/** @throws ProblemError bad-request where `lastEventId` is no number of a trace */
export async function placeOf(
  store: Numbers,
  { lastEventId, since, last }: Asked,
): Promise<number> {
  const newest = await store.newestTrace();
  if (lastEventId) {
    // One ahead of all there is comes from a database that an older copy replaced.
    if (/^\d{1,15}$/.test(lastEventId)) return Math.min(Number(lastEventId), newest);
    const message = 'is no number of a trace; send one as it came, or none to hear from now on';
    throw badRequest([{ path: 'Last-Event-ID', message }]);
  }
  if (since !== undefined) return lastBefore(store, since, newest);
  return Math.max(0, newest - (last ?? 0));
}

/** Halves the numbers until it has the last trace recorded before then; `recordedAt` never goes back. */
async function lastBefore(store: Numbers, since: number, newest: number): Promise<number> {
  let [low, high] = [0, newest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [next] = await store.tracesAfter(middle, 1, false);
    if (next && next.recordedAt < since) low = next.seq;
    else high = middle;
  }
  return Math.min(low, newest);
}
