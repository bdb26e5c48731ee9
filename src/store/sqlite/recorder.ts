/** Readings become observations, changes and events: each in one transaction. */
import { failedReadings } from '#schema';
import type { ArtifactId } from '../../lineage/manifest.ts';
import { byTime, type Instants } from '../../lineage/reading.ts';
import type { Change, Run } from '../../lineage/timeline.ts';
import { StoreError } from '../errors.ts';
import { overlaps, place } from '../place.ts';
import type { Answer, PushedReading, Recorded, WatchedReading } from '../store.ts';
import type { Answers } from './answers.ts';
import type { Artifacts } from './artifacts.ts';
import type { BlobRecorder } from './blob-recorder.ts';
import type { Blobs } from './blobs.ts';
import type { Events } from './events.ts';
import type { History } from './history.ts';
import { type LabelRow, type Labels, sourceOf } from './labels.ts';
import { failedObservation, type Observations } from './observations.ts';
import type { Db } from './open.ts';
import type { NewReading, Readings } from './readings.ts';
import type { Mapping } from './traces/mapping.ts';

interface Rooms {
  db: Db;
  answers: Answers;
  labels: Labels;
  readings: Readings;
  history: History;
  artifacts: Artifacts;
  blobs: Blobs;
  blobRecorder: BlobRecorder;
  events: Events;
  observations: Observations;
  mapping: Mapping;
}

export class Recorder {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  watched(name: string, reading: WatchedReading, recordedAt: number): Recorded {
    const { labels, history, artifacts } = this.#rooms;
    const label = labels.registered(name);
    const { outcome, answer } = reading;
    if (outcome.kind === 'failed') return this.#failed(label, reading, outcome, recordedAt);
    const last = history.newest(label.id);
    const placement = place(reading, reading.seenSince, newestOf(last));
    if (!placement.placed) return this.#failed(label, reading, placement, recordedAt);
    const artifactId =
      outcome.kind === 'absent' ? null : artifacts.intern(outcome.files, recordedAt);
    const placed = newReading(label, placement.instants, artifactId, recordedAt);
    this.#tellReadable(label, placed);
    const change = this.#append(label, last, placed, answer, {
      lastAttemptAt: reading.requestedAt,
      lastSuccessAt: reading.receivedAt,
      consecutiveFailures: 0,
      lastErrorCode: null,
      lastErrorMessage: null,
      unreadableSince: null,
    });
    if (change) this.#tellChange(label, change, recordedAt);
    return this.#recorded(label, placed, change, answer?.sha256 ?? null);
  }

  /** @param now the wall clock; `recordedAt` may be a little ahead of it */
  pushed(name: string, push: PushedReading, now: number, recordedAt: number): Recorded {
    const { labels, history, artifacts, readings } = this.#rooms;
    const label = labels.registered(name);
    refuseUnpushable(label, push);
    const last = history.newest(label.id);
    const newest = newestOf(last);
    const instants = instantsOf(push, now, newest);
    refuseFuture(label, instants, now);
    const artifactId = push.files === null ? null : artifacts.intern(push.files, recordedAt);
    const reading = newReading(label, instants, artifactId, recordedAt);
    if (isLast(instants, newest)) {
      const change = this.#append(label, last, reading, null);
      if (change && !push.backfill) this.#tellChange(label, change, recordedAt);
      return this.#recorded(label, reading, push.backfill ? null : change);
    }
    const place = readings.placeOf(label.id, instants);
    const { next } = place;
    if (next && byTime(next, instants) === 0 && next.artifactId === artifactId) {
      return { ...this.#recorded(label, next, null), duplicate: true };
    }
    refuseOverlap(push, instants, newest, place.previous, next);
    this.#rooms.answers.mark(label.id, reading.seq, null);
    history.insertAt(label.id, place, reading);
    this.#rooms.mapping.held(artifacts.blobIds(artifactId), recordedAt);
    this.#save(label, recordedAt, this.#ends(label));
    return this.#recorded(label, reading, null);
  }

  /** @param watch what else of the label changes with it */
  #append(
    label: LabelRow,
    last: Run | null,
    reading: NewReading,
    answer: Answer | null,
    watch: Partial<LabelRow> = {},
  ): Change | null {
    const change = this.#rooms.history.append(label.id, last, reading);
    this.#rooms.answers.mark(label.id, reading.seq, answer);
    if (change) this.#rooms.answers.keep(answer, true, reading.recordedAt);
    if (change?.to) this.#held(change.to, change.from, reading.recordedAt);
    this.#save(label, reading.recordedAt, {
      ...watch,
      firstReceivedAt: label.firstReceivedAt ?? reading.receivedAt,
      lastRequestedAt: reading.requestedAt,
    });
    return change;
  }

  /** The label holds this artifact now. */
  #held(artifactId: ArtifactId, before: ArtifactId | null, recordedAt: number): void {
    const { blobs, artifacts, mapping } = this.#rooms;
    blobs.hurry(artifactId, before);
    mapping.held(artifacts.blobIds(artifactId), recordedAt);
  }

  #tellChange({ name }: LabelRow, change: Change, recordedAt: number): void {
    const { events, artifacts, blobRecorder } = this.#rooms;
    events.change(name, change, recordedAt);
    const held = new Set(artifacts.blobIds(change.from));
    if (change.to) blobRecorder.tellOf(change.to, held, recordedAt);
  }

  /** The label after a reading of it. */
  #save(label: LabelRow, recordedAt: number, values: Partial<LabelRow>): void {
    const nextSeq = label.nextSeq + 1;
    this.#rooms.labels.saveReading({ ...label, ...values, nextSeq, lastRecordedAt: recordedAt });
  }

  #ends(label: LabelRow): Partial<LabelRow> {
    const [first] = this.#rooms.history.runsFrom(label.id, Number.MIN_SAFE_INTEGER, 1);
    const newest = this.#rooms.history.newest(label.id)!;
    return {
      firstReceivedAt: first!.firstReceivedAt,
      lastRequestedAt: newest.lastRequestedAt,
    };
  }

  #failed(
    label: LabelRow,
    { requestedAt, receivedAt, answer }: WatchedReading,
    { code, message }: { code: string; message: string },
    recordedAt: number,
  ): Recorded {
    const seq = label.nextSeq;
    const answerSha256 = answer?.sha256 ?? null;
    const times = { requestedAt, receivedAt, recordedAt };
    this.#rooms.db
      .insert(failedReadings)
      .values({ labelId: label.id, seq, ...times, code, message, answerSha256 })
      .run();
    this.#rooms.answers.keep(answer, false, recordedAt);
    this.#tellUnreadable(label, requestedAt, { code, message }, recordedAt);
    this.#save(label, recordedAt, {
      lastAttemptAt: requestedAt,
      consecutiveFailures: label.consecutiveFailures + 1,
      lastErrorCode: code,
      lastErrorMessage: message,
      unreadableSince: label.unreadableSince ?? requestedAt,
    });
    const observation = failedObservation(label, { seq, ...times, code, message, answerSha256 });
    return { observation, duplicate: false, change: null };
  }

  /** Told once, at the first reading that fails. */
  #tellUnreadable(
    { name: label, unreadableSince, lastSuccessAt }: LabelRow,
    since: number,
    error: { code: string; message: string },
    recordedAt: number,
  ): void {
    if (unreadableSince !== null) return;
    const told = { label, since, error, lastSuccessAt };
    this.#rooms.events.record('underlabel.label.unreadable', label, told, recordedAt);
  }

  /** Told once, at the first reading that says something again. */
  #tellReadable(label: LabelRow, { requestedAt: until, artifactId, recordedAt }: NewReading): void {
    const { name, unreadableSince: since, consecutiveFailures: failures } = label;
    if (since === null) return;
    const told = { label: name, since, until, failures, artifactId };
    this.#rooms.events.record('underlabel.label.readable', name, told, recordedAt);
  }

  #recorded(
    label: LabelRow,
    reading: NewReading,
    change: Change | null,
    answerSha256?: string | null,
  ): Recorded {
    const observation = this.#rooms.observations.said(label, reading, answerSha256);
    const stored = change && { ...change, label: label.name, retiredAt: null };
    return { observation, duplicate: false, change: stored };
  }
}

/** A reading with the label's next number. */
function newReading(
  label: LabelRow,
  { requestedAt, receivedAt }: Instants,
  artifactId: ArtifactId | null,
  recordedAt: number,
): NewReading {
  return { seq: label.nextSeq, requestedAt, receivedAt, recordedAt, artifactId };
}

function newestOf(run: Run | null): Instants | null {
  return run && { requestedAt: run.lastRequestedAt, receivedAt: run.lastReceivedAt };
}

/** True where a reading comes after the newest one, which it doesn't overlap. */
function isLast(instants: Instants, newest: Instants | null): boolean {
  if (newest === null) return true;
  return byTime(newest, instants) < 0 && instants.requestedAt >= newest.receivedAt;
}

function refuseUnpushable(label: LabelRow, push: PushedReading): void {
  const { kind } = sourceOf(label);
  if (kind === 'push' || push.backfill) return;
  const message = `'${label.name}' is read from its source (${kind}); only a backfill (?backfill=true) may add readings to it`;
  throw new StoreError('not-push', message);
}

/** How far a time that is ours to take may run ahead, where pushes come faster than milliseconds pass. */
const AHEAD_MS = 50;

/** Times left out are taken now; where the newest reading has that instant already, right after it. */
function instantsOf(push: PushedReading, now: number, newest: Instants | null): Instants {
  if (push.requestedAt === undefined && push.receivedAt === undefined) {
    const free = newest
      ? newest.receivedAt + (newest.requestedAt === newest.receivedAt ? 1 : 0)
      : 0;
    const taken = free > now && free - now <= AHEAD_MS ? free : now;
    return { requestedAt: taken, receivedAt: taken };
  }
  const instants = { requestedAt: push.requestedAt ?? now, receivedAt: push.receivedAt ?? now };
  if (instants.requestedAt <= instants.receivedAt) return instants;
  const path = push.receivedAt === undefined ? 'requestedAt' : 'receivedAt';
  const message =
    'receivedAt is before requestedAt (one left out is taken now); a source answers after it is asked';
  throw new StoreError('bad-times', message, { path });
}

function refuseFuture(label: LabelRow, instants: Instants, now: number): void {
  const latest = now + Math.max(label.clockSkewMs, AHEAD_MS);
  if (instants.receivedAt <= latest) return;
  const path = instants.requestedAt > latest ? 'requestedAt' : 'receivedAt';
  const message = `${path} is ahead of now by more than the label's clockSkew; check the clock it was read by`;
  throw new StoreError('bad-times', message, { path });
}

function refuseOverlap(
  push: PushedReading,
  instants: Instants,
  newest: Instants | null,
  previous: Instants | null,
  next: Instants | null,
): void {
  if (!push.backfill && newest && instants.requestedAt < newest.receivedAt) {
    const message =
      'it was asked before the newest reading was answered; a reading of the past is added with ?backfill=true';
    throw new StoreError('before-newest', message, { path: 'requestedAt' });
  }
  const other = [previous, next].find((reading) => reading && overlaps(reading, instants));
  if (!other) return;
  const [from, to] = [other.requestedAt, other.receivedAt].map((t) => new Date(t).toISOString());
  const message = `it overlaps the reading from ${from} to ${to}, and readings of one label don't overlap; nothing was stored`;
  throw new StoreError('overlap', message, { path: 'requestedAt' });
}
