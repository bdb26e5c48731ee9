/** The heart: which artifact produced a trace, how certain that is, on what grounds. Computed, never stored. */
import type { ArtifactId, BlobId, Under } from './manifest.ts';
import type { Instants, Reading } from './reading.ts';
import { type Run, runsOf, type Stretch, stretchOf, type Window } from './timeline.ts';

/** What the label's readings alone say; and the strongest that holds, with the trace's own evidence. */
export type Observed = 'bracketed' | 'provisional' | 'ambiguous' | 'unobserved';
export type Certainty = 'proven' | 'declared' | Observed;

/** Closed, in ms: what a trace covers, widened by what its clock and its server may be off. */
export type Span = { start: number; end: number };
/** How far the trace's clock may be from ours, and how long a server may lag behind its label, in ms. */
export type Tolerance = { clockSkewMs: number; servingLagMs: number };

export interface Grounds {
  before: Instants | null; // the last reading answered by the start of the span
  after: Instants | null; // the first one asked at its end or later
  maxGapMs: number | null; // longest receivedAt(i+1) − requestedAt(i) from `before` through `after`
}

/** All that attribution needs of a label's readings: what they say around a span. */
export interface View {
  runs: readonly Run[]; // those that reach the span, in order of time
  grounds: Grounds; // none before: unobserved; one after: confirmed
}

/** Open, in ms: what was read then is lost, because an older copy was restored. */
export type Lost = { from: number; to: number };

/** A blob that the trace's own evidence names. */
export interface Named {
  blobId: BlobId;
  proven: boolean; // the evidence was verified; else the trace just says so
  holders: readonly ArtifactId[]; // the artifacts of this label's history that hold it
}

export interface Attribution {
  certainty: Certainty;
  observed: Observed;
  artifactId: Under;
  candidates: Under[]; // in order of time, each once
  window: Window | null;
  conflict: boolean;
  declaredBlobId: BlobId | null;
  grounds: Grounds;
}

/** Rule 4: what a trace covers. */
export function spanOf(startedAt: number, endedAt: number, tolerance: Tolerance): Span {
  const { clockSkewMs, servingLagMs } = tolerance;
  return { start: startedAt - clockSkewMs - servingLagMs, end: endedAt + clockSkewMs };
}

/** The runs that reach a span. @param runs in order of time: both ends of their reach only grow */
export function runsReaching(runs: readonly Run[], span: Span): Run[] {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.until > span.start) high = middle;
    else low = middle + 1;
  }
  const met: Run[] = [];
  for (; low < runs.length && runs[low]!.after < span.end; low++) met.push(runs[low]!);
  return met;
}

/** Rules 5–8. */
export function attribute(view: View, named: Named | null = null): Attribution {
  const observed = observedIn(view);
  const runs = observed === 'unobserved' ? [] : view.runs;
  const candidates = [...new Set(runs.map((run) => run.artifactId))];
  const holding = named?.holders.filter((artifactId) => candidates.includes(artifactId)) ?? [];
  return {
    certainty: named ? (named.proven ? 'proven' : 'declared') : observed,
    observed,
    artifactId: (named ? (only(holding) ?? only(named.holders)) : only(candidates)) ?? null,
    candidates,
    window: windowOf(runs),
    conflict: named !== null && candidates.length > 0 && holding.length === 0,
    declaredBlobId: named?.blobId ?? null,
    grounds: view.grounds,
  };
}

function observedIn({ runs, grounds }: View): Observed {
  if (!grounds.before) return 'unobserved';
  // Neighbouring runs differ, so two that reach the span are two candidates.
  if (runs.length > 1) return 'ambiguous';
  return grounds.after ? 'bracketed' : 'provisional';
}

/** The hull of the open windows between the runs that reach the span. */
function windowOf([first, ...rest]: readonly Run[]): Window | null {
  const last = rest.at(-1);
  return last ? { after: first!.lastRequestedAt, before: last.firstReceivedAt } : null;
}

const only = <T>(items: readonly T[]) => (items.length === 1 ? items[0] : undefined);

/** The view of a history held in memory. @param readings of one label, in order of time */
export function viewOf(readings: readonly Reading[], span: Span, lost: readonly Lost[] = []): View {
  const stretches = readings.map(stretchOf);
  return {
    runs: runsReaching(runsOf(stretches), span),
    grounds: groundsOf(stretches, span, lost),
  };
}

/**
 * Rule 9: a reading is no ground for a span where what was read anywhere from the one to the other
 * is lost. So what reaches into a lost stretch, or begins after it and before the first answer to a
 * question asked since, is unobserved; and what ended before it is confirmed by no later reading.
 * (Those readings still show what else may have been there: they add candidates, never certainty.)
 * @param stretches in order of time; the two that neighbour the span are single readings
 */
export function groundsOf(
  stretches: readonly Stretch[],
  span: Span,
  lost: readonly Lost[] = [],
): Grounds {
  const from = stretches.findLastIndex((stretch) => stretch.lastReceivedAt <= span.start);
  const to = stretches.findIndex((stretch) => stretch.firstRequestedAt >= span.end);
  const isKnown = (start: number, end: number) => !lost.some((l) => l.from < end && l.to > start);
  let [before, after] = [instantsOf(stretches[from]), instantsOf(stretches[to])];
  if (before && !isKnown(before.requestedAt, span.end)) before = null;
  if (after && !isKnown(span.start, after.receivedAt)) after = null;
  if (!before || !after) return { before, after, maxGapMs: null };
  let maxGapMs = 0;
  for (let i = from; i < to; i++) {
    const gap = stretches[i + 1]!.firstReceivedAt - stretches[i]!.lastRequestedAt;
    maxGapMs = Math.max(maxGapMs, gap, stretches[i + 1]!.maxGapMs);
  }
  return { before, after, maxGapMs };
}

function instantsOf(one?: Stretch): Instants | null {
  return one ? { requestedAt: one.firstRequestedAt, receivedAt: one.firstReceivedAt } : null;
}
