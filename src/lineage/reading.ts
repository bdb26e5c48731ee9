/** One reading of a label's source, and where in time it may stand. All times: integer ms since 1970, UTC. */
import type { ArtifactId } from './manifest.ts';

/** When a source was asked and when it answered: what it said was so at some instant of [requestedAt, receivedAt]. */
export interface Instants {
  requestedAt: number;
  receivedAt: number;
}

/** A reading that says something: an artifact, or `null` for "absent". (A failed one says nothing and isn't one of these.) */
export interface Reading extends Instants {
  id: string;
  /** When it was on disk; never goes back within a store. What `asOf` counts by. */
  recordedAt: number;
  artifactId: ArtifactId | null;
}

/** Order in time: readings of one label don't overlap, so it is total on them. */
export function byTime(a: Instants, b: Instants): number {
  return a.requestedAt - b.requestedAt || a.receivedAt - b.receivedAt;
}
