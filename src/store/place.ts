/** Where a reading just made stands in time, and whether two can both stand. Source: design.md, the heart. */
import type { Instants } from '../lineage/reading.ts';

export type Placement =
  | { placed: true; instants: Instants }
  | { placed: false; code: 'stale' | 'clock'; message: string };

/**
 * @param seenSince earliest instant at which a cache on the way may have seen the answer, or null if none answered
 * @param newest the newest reading of the label that says something
 */
export function place(
  asked: Instants,
  seenSince: number | null,
  newest: Instants | null,
): Placement {
  const previous = newest?.receivedAt ?? Number.NEGATIVE_INFINITY;
  if (asked.receivedAt < asked.requestedAt || asked.requestedAt < previous) {
    const message =
      "this machine's clock stepped back, so the reading has no place in time and does not count; check the time service";
    return { placed: false, code: 'clock', message };
  }
  const requestedAt = Math.min(asked.requestedAt, seenSince ?? asked.requestedAt);
  if (requestedAt < previous) {
    const message =
      'a cache, or a full node that lags behind, answered with what it may have seen before the previous reading, which says nothing about now; ask the source to honour Cache-Control: no-cache, or read it less often';
    return { placed: false, code: 'stale', message };
  }
  // So soon after the newest that both have its instant: two with the same one would have no order.
  const sameInstant = requestedAt === newest?.requestedAt && asked.receivedAt === previous;
  const receivedAt = asked.receivedAt + (sameInstant ? 1 : 0);
  return { placed: true, instants: { requestedAt, receivedAt } };
}

/** True where two readings of one label can't both stand. Touching is fine; sharing both instants is not. */
export function overlaps(a: Instants, b: Instants): boolean {
  if (a.requestedAt === b.requestedAt && a.receivedAt === b.receivedAt) return true;
  return a.requestedAt < b.receivedAt && b.requestedAt < a.receivedAt;
}
