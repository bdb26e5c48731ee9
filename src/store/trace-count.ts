/** Traces, counted: how many there are, by what was decided and by how certain their artifact is. */
import type { Certainty } from '../lineage/attribution.ts';

export const HOUR_MS = 3_600_000;

export interface TraceCount {
  /** ms: [from, to). */
  from: number;
  to: number;
  traces: number;
  /** Null: none was made. */
  decisions: { decision: string | null; traces: number }[];
  /** Decisions beyond those that are counted by name. */
  otherDecisions: number;
  certainties: Partial<Record<Certainty, number>>;
  /** Of how many it wasn't looked at how certain they are: more than can be looked at for a page. */
  uncounted: number;
}

export interface TraceCounts {
  /** Those that have traces, oldest first. */
  buckets: TraceCount[];
  /** Of each bucket: as asked for, or an hour. */
  stepMs: number;
  /** False: traces that were stored before an upgrade are still being counted, and these are at least as many. */
  complete: boolean;
}

/**
 * Buckets of whole hours, the first from the hour that `from` lies in; or shorter ones from `from` itself,
 * as long as there are few enough traces to be counted one by one. The last may be cut short.
 */
export interface CountedPeriod {
  from: number;
  to: number;
  stepMs: number;
}
