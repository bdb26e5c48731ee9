/**
 * Readings → runs → tenures and changes (shared rules 1–3 of attribution live in a run's reach).
 *
 * Everything here works on *stretches*, so that a million readings need not be looked at one by
 * one: a reading is a stretch of one, two neighbouring stretches of one artifact merge into one,
 * and what can't be merged further is the list of runs.
 */
import type { ArtifactId } from './manifest.ts';
import type { Reading } from './reading.ts';

/** Consecutive readings of one artifact (or of absence: null). */
export interface Stretch {
  artifactId: ArtifactId | null;
  readingId: string; // of its first reading
  recordedAt: number; // of its first reading
  firstRequestedAt: number;
  firstReceivedAt: number;
  lastRequestedAt: number;
  lastReceivedAt: number;
  observations: number;
  maxGapMs: number; // longest receivedAt(i+1) − requestedAt(i); 0 for one reading
}

/** Before every reading and after every reading: safe integers, so that any database can hold them. */
export const BEFORE_ALL = Number.MIN_SAFE_INTEGER;
export const AFTER_ALL = Number.MAX_SAFE_INTEGER;

/**
 * A stretch that can't be merged further, with its reach: the artifact may have been under the
 * label at any instant of the open interval (after, until), and at none outside it.
 */
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
  from: ArtifactId | null;
  to: ArtifactId | null;
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
  const gap = next.firstReceivedAt - stretch.lastRequestedAt;
  return {
    ...stretch,
    lastRequestedAt: next.lastRequestedAt,
    lastReceivedAt: next.lastReceivedAt,
    observations: stretch.observations + next.observations,
    maxGapMs: Math.max(stretch.maxGapMs, next.maxGapMs, gap),
  };
}

/** The runs of a label. @param stretches in order of time, not overlapping */
export function runsOf(stretches: Iterable<Stretch>): Run[] {
  const runs: Run[] = [];
  for (const stretch of stretches) {
    const last = runs.at(-1);
    if (last && last.artifactId === stretch.artifactId) {
      Object.assign(last, merge(last, stretch));
      continue;
    }
    if (last) last.until = stretch.firstReceivedAt;
    runs.push({ ...stretch, after: last?.lastRequestedAt ?? BEFORE_ALL, until: AFTER_ALL });
  }
  return runs;
}

export function beganIn(run: Run): Window {
  return { after: run.after === BEFORE_ALL ? null : run.after, before: run.firstReceivedAt };
}

/** Tenures, oldest first: runs of an artifact. Absence is none. */
export function tenuresOf(runs: readonly Run[]): Tenure[] {
  return runs.flatMap((run) => tenureOf(run) ?? []);
}

export function tenureOf(run: Run): Tenure | null {
  if (run.artifactId === null) return null;
  return {
    artifactId: run.artifactId,
    firstSeenAt: run.firstReceivedAt,
    lastConfirmedAt: run.lastRequestedAt,
    observations: run.observations,
    maxGapMs: run.maxGapMs,
    began: beganIn(run),
    ended: run.until === AFTER_ALL ? null : { after: run.lastRequestedAt, before: run.until },
  };
}

/** @param heldBefore whether the label held `to` in any earlier run; @param heldAny whether it held anything */
export function changeKind(
  from: ArtifactId | null,
  to: ArtifactId | null,
  heldBefore: boolean,
  heldAny: boolean,
): ChangeKind {
  if (to === null) return 'vanished';
  if (!heldAny) return 'first_seen';
  if (from === null) return 'reappeared';
  return heldBefore ? 'returned' : 'moved';
}

/** Changes, oldest first. A label that begins absent has no change there. */
export function changesOf(runs: readonly Run[]): Change[] {
  const held = new Set<ArtifactId>();
  const changes: Change[] = [];
  let from: ArtifactId | null = null;
  for (const run of runs) {
    const to = run.artifactId;
    if (to !== from) {
      const kind = changeKind(from, to, to !== null && held.has(to), held.size > 0);
      const detectedAt = run.recordedAt;
      changes.push({ id: run.readingId, kind, from, to, ...beganIn(run), detectedAt });
    }
    if (to !== null) held.add(to);
    from = to;
  }
  return changes;
}
