/** Which stretches of a label's traces can belong to a side: nothing else of them is read. */
import type { Run } from '../../../lineage/timeline.ts';
import { AFTER_ALL, BEFORE_ALL } from '../../../lineage/timeline.ts';
import type { CohortQuery } from '../../store.ts';
import type { LabelRow } from '../labels.ts';

/** Traces that began in [from, to): all of them, or those that name a blob. */
export interface Scan {
  from: number;
  to: number;
  onlyDeclared: boolean;
}

/**
 * In order of time, each trace in one of them at most. A side by period is one. A side by artifact is
 * where its runs reach, and outside of that what names a blob, which may be the artifact's at any time.
 */
export function scansOf(side: CohortQuery, label: LabelRow, runs: readonly Run[]): Scan[] {
  if ('from' in side) return [{ from: side.from, to: side.to, onlyDeclared: false }];
  const wanted = new Set<string | null>(side.artifacts);
  const scans: Scan[] = [];
  let last = side.since ?? BEFORE_ALL;
  for (const run of runs) {
    if (!wanted.has(run.artifactId)) continue;
    const reach = reachOf(run, label);
    const from = Math.max(reach.from, last);
    if (from >= reach.to) continue;
    if (from > last) scans.push({ from: last, to: from, onlyDeclared: true });
    scans.push({ from, to: reach.to, onlyDeclared: false });
    last = reach.to;
  }
  if (last < AFTER_ALL) scans.push({ from: last, to: AFTER_ALL, onlyDeclared: true });
  return scans;
}

/** When a trace can have begun whose span reaches into the run. */
function reachOf({ after, until }: Run, label: LabelRow): { from: number; to: number } {
  const { clockSkewMs, servingLagMs, longestTraceMs } = label;
  return {
    from: after === BEFORE_ALL ? BEFORE_ALL : after - clockSkewMs - longestTraceMs,
    to: until === AFTER_ALL ? AFTER_ALL : until + clockSkewMs + servingLagMs,
  };
}
