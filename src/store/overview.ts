/** All labels at a glance, those first that need somebody to look. */
import type { StoredLabel } from './store.ts';
import type { TraceCount } from './trace-count.ts';

export interface Watching {
  /** Null: it is pushed to, so nothing here can read it. */
  everyMs: number | null;
  /** When the newest reading that said something was asked, or the label was made. */
  confirmedAt: number;
  removedAt: number | null;
}

/** A label is overdue once it wasn't confirmed for so many of its intervals. */
export function isOverdue(
  { everyMs, confirmedAt, removedAt }: Watching,
  { now, deadlineIntervals }: { now: number; deadlineIntervals: number },
): boolean {
  if (everyMs === null || removedAt !== null) return false;
  return now - confirmedAt > deadlineIntervals * everyMs;
}

export interface OverviewQuery {
  /** Over names; null: all. */
  glob: string | null;
  /** Those whose watch was stopped, instead of the others. */
  removed: boolean;
  limit: number;
  offset: number;
  /** A label is overdue once it wasn't confirmed for so many of its intervals. */
  deadlineIntervals: number;
  now: number;
  /** Changes are told that were seen since then; and traces that began since that hour. */
  changesSince: number;
  tracesSince: number;
}

export interface OverviewLabel {
  label: StoredLabel;
  /** Its last reading failed. */
  isFailing: boolean;
  isOverdue: boolean;
  /** Of the artifact: a few paths, in order, and how many there are. */
  files: { paths: string[]; count: number };
  /** When changes were seen since then, newest first. */
  changes: number[];
  /** There are older ones than are told. */
  hasMoreChanges: boolean;
  /** Null: none began since then, as far as they are counted. */
  traces: TraceCount | null;
}

export interface Overview {
  /** The failing first, then the overdue, then by name. */
  labels: OverviewLabel[];
  /** That the glob fits. */
  total: number;
  failing: number;
  overdue: number;
  /** How many labels there are, and how many of which the watch was stopped, whatever the glob. */
  watched: number;
  removed: number;
  /** False: older traces are still being counted, and there are at least as many as are told. */
  tracesComplete: boolean;
}
