/** One reading of a label's source. All times: integer ms since 1970, UTC. */
import type { Under } from './manifest.ts';

/** When a source was asked and when it answered: what it said was so at some instant of the two and between. */
export type Instants = { requestedAt: number; receivedAt: number };

/** A reading that says something. (A failed one says nothing and isn't one of these.) */
export interface Reading extends Instants {
  id: string;
  recordedAt: number; // when it was on disk; never goes back. What `asOf` counts by
  artifactId: Under;
}

/** Order in time: readings of one label don't overlap, so it is total on them. */
export function byTime(a: Instants, b: Instants): number {
  return a.requestedAt - b.requestedAt || a.receivedAt - b.receivedAt;
}
