/**
 * Readings → runs → tenures and changes. All of it works on stretches, so that a million readings
 * need not be looked at one by one: a reading is a stretch of one, two neighbouring stretches of
 * one artifact merge, and what can't be merged further is the list of runs.
 */
import type { ArtifactId, Under } from './manifest.ts';
import type { Reading } from './reading.ts';

/** Consecutive readings of one artifact, or of absence. */
export interface Stretch {
  artifactId: Under;
  readingId: string; // of its first reading
  recordedAt: number; // of its first reading
  firstRequestedAt: number;
  firstReceivedAt: number;
  lastRequestedAt: number;
  lastReceivedAt: number;
  observations: number;
  maxGapMs: number; // longest receivedAt(i+1) − requestedAt(i); 0 for one reading
}

/** Before and after every reading: safe integers, so that any database can hold them. */
export const BEFORE_ALL = Number.MIN_SAFE_INTEGER;
export const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/** Rules 1–3: its artifact may have been there at any instant of the open (after, until), and at none outside. */
export interface Run extends Stretch {
  after: number; // the previous run's last `requestedAt`; BEFORE_ALL for the first run
  until: number; // the next run's first `receivedAt`; AFTER_ALL for the last run
}

/** Open: what lies strictly between. `after` is null where nothing was read before. */
export type Window = { after: number | null; before: number };

export interface Tenure {
  artifactId: ArtifactId;
  firstSeenAt: number;
  lastConfirmedAt: number;
  observations: number;
  maxGapMs: number;
  began: Window;
  ended: Window | null;
}

export type ChangeKind = 'first_seen' | 'moved' | 'returned' | 'vanished' | 'reappeared';

export interface Change extends Window {
  id: string; // the revealing reading's
  kind: ChangeKind;
  from: Under;
  to: Under;
  detectedAt: number; // when the revealing reading was recorded
}

export function stretchOf(reading: Reading): Stretch {
  const { artifactId, id: readingId, recordedAt, requestedAt, receivedAt } = reading;
  const first = { firstRequestedAt: requestedAt, firstReceivedAt: receivedAt };
  const last = { lastRequestedAt: requestedAt, lastReceivedAt: receivedAt };
  return { artifactId, readingId, recordedAt, ...first, ...last, observations: 1, maxGapMs: 0 };
}

/** `next` follows `stretch` directly and shows the same artifact. */
export function merge(stretch: Stretch, next: Stretch): Stretch {
  const { lastRequestedAt, lastReceivedAt } = next;
  const observations = stretch.observations + next.observations;
  const gap = next.firstReceivedAt - stretch.lastRequestedAt;
  const maxGapMs = Math.max(stretch.maxGapMs, next.maxGapMs, gap);
  return { ...stretch, lastRequestedAt, lastReceivedAt, observations, maxGapMs };
}

/** The runs of a label. @param stretches in order of time, not overlapping */
export function runsOf(stretches: Iterable<Stretch>): Run[] {
  const runs: Run[] = [];
  for (const stretch of stretches) {
    const last = runs.at(-1);
    if (last && last.artifactId === stretch.artifactId) {
      Object.assign(last, merge(last, stretch));
    } else {
      if (last) last.until = stretch.firstReceivedAt;
      runs.push({ ...stretch, after: last?.lastRequestedAt ?? BEFORE_ALL, until: AFTER_ALL });
    }
  }
  return runs;
}

export function beganIn(run: Run): Window {
  return { after: run.after === BEFORE_ALL ? null : run.after, before: run.firstReceivedAt };
}

/** Tenures, oldest first: runs of an artifact. Absence is none. */
export function tenuresOf(runs: readonly Run[]): Tenure[] {
  return runs.flatMap((run) => {
    const { artifactId, observations, maxGapMs, lastRequestedAt: lastConfirmedAt } = run;
    if (artifactId === null) return [];
    const ended = run.until === AFTER_ALL ? null : { after: lastConfirmedAt, before: run.until };
    const times = { firstSeenAt: run.firstReceivedAt, lastConfirmedAt, began: beganIn(run), ended };
    return [{ artifactId, observations, maxGapMs, ...times }];
  });
}

/** @param before whether the label held `to` in an earlier run; @param any whether it held anything */
export function changeKind(from: Under, to: Under, before: boolean, any: boolean): ChangeKind {
  if (to === null) return 'vanished';
  if (!any) return 'first_seen';
  if (from === null) return 'reappeared';
  return before ? 'returned' : 'moved';
}

/** Changes, oldest first. A label that begins absent has no change there. */
export function changesOf(runs: readonly Run[]): Change[] {
  const held = new Set<Under>();
  const changes: Change[] = [];
  let from: Under = null;
  for (const run of runs) {
    const to = run.artifactId;
    if (to !== from) {
      const { readingId: id, recordedAt: detectedAt } = run;
      const kind = changeKind(from, to, held.has(to), held.size > 0);
      changes.push({ id, kind, from, to, ...beganIn(run), detectedAt });
    }
    if (to !== null) held.add(to);
    from = to;
  }
  return changes;
}
