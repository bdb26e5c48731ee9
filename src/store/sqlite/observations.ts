/** All readings of a label, the failed among them, newest first. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { failedReadings } from '#schema';
import { byTime } from '../../lineage/reading.ts';
import type { ReadingPage, StoredObservation } from '../store.ts';
import type { Answers } from './answers.ts';
import type { Artifacts } from './artifacts.ts';
import type { LabelRow } from './labels.ts';
import type { Db } from './open.ts';
import {
  type ChunkRow,
  firstOf,
  type NewReading,
  parseReadingId,
  type Readings,
  readingId,
  unpackRow,
} from './readings.ts';

const END = Number.MAX_SAFE_INTEGER;

export class Observations {
  readonly #db: Db;
  readonly #readings: Readings;
  readonly #artifacts: Artifacts;
  readonly #answers: Answers;

  constructor(db: Db, readings: Readings, artifacts: Artifacts, answers: Answers) {
    this.#db = db;
    this.#readings = readings;
    this.#artifacts = artifacts;
    this.#answers = answers;
  }

  page(label: LabelRow, { limit, before }: ReadingPage): StoredObservation[] {
    const isBefore = (at: Key) => before === null || newestFirst(before, at) < 0;
    const said = this.#said(label.id, before?.requestedAt ?? END, isBefore, limit);
    const failed = this.#failed(label.id, before, limit);
    return [
      ...said.map((reading) => this.said(label, reading)),
      ...failed.map((row) => failedObservation(label, row)),
    ]
      .sort((a, b) => newestFirst(keyOf(a), keyOf(b)))
      .slice(0, limit);
  }

  #said(
    labelId: number,
    until: number,
    isBefore: (at: Key) => boolean,
    limit: number,
  ): NewReading[] {
    const found: NewReading[] = [];
    let chunk = this.#lastAskedBy(labelId, until);
    while (chunk && found.length < limit) {
      const { artifactId } = chunk;
      const readings = unpackRow(chunk).map((reading) => ({ ...reading, artifactId }));
      found.push(...readings.filter(isBefore).reverse());
      chunk = this.#readings.chunkBefore(labelId, firstOf(chunk));
    }
    return found;
  }

  /** The last chunk whose first reading was asked by then: chunks are found by when it was answered. */
  #lastAskedBy(labelId: number, until: number): ChunkRow | null {
    let chunk = this.#readings.chunkAt(labelId, { requestedAt: END, receivedAt: until });
    for (;;) {
      const from = chunk ? firstOf(chunk) : { requestedAt: -END, receivedAt: -END };
      const next = this.#readings.chunkAfter(labelId, from);
      if (!next || next.firstRequestedAt > until) return chunk;
      chunk = next;
    }
  }

  #failed(labelId: number, before: Key | null, limit: number) {
    const { requestedAt, receivedAt, seq } = failedReadings;
    const earlier =
      before &&
      sql`(${requestedAt}, ${receivedAt}, ${seq}) < (${before.requestedAt}, ${before.receivedAt}, ${before.seq})`;
    return this.#db
      .select()
      .from(failedReadings)
      .where(and(eq(failedReadings.labelId, labelId), earlier ?? undefined))
      .orderBy(desc(requestedAt), desc(receivedAt), desc(seq))
      .limit(limit)
      .all();
  }

  /** A reading that says something, as an observation. @param answerSha256 where it is known already */
  said(
    label: LabelRow,
    reading: NewReading,
    answerSha256 = this.#answers.of(label.id, reading.seq),
  ): StoredObservation {
    const { artifactId, seq, ...times } = reading;
    return {
      id: readingId(label.id, seq),
      label: label.name,
      requestedAt: times.requestedAt,
      receivedAt: times.receivedAt,
      recordedAt: times.recordedAt,
      outcome: artifactId === null ? 'absent' : 'artifact',
      artifactId,
      blobIds: this.#artifacts.blobIds(artifactId),
      error: null,
      answerSha256,
    };
  }
}

type Key = Pick<NewReading, 'requestedAt' | 'receivedAt' | 'seq'>;

function newestFirst(a: Key, b: Key): number {
  return byTime(b, a) || b.seq - a.seq;
}

function keyOf({ id, requestedAt, receivedAt }: StoredObservation): Key {
  return { requestedAt, receivedAt, seq: parseReadingId(id)!.seq };
}

/** A reading that failed, as an observation. */
export function failedObservation(
  label: LabelRow,
  row: Omit<typeof failedReadings.$inferSelect, 'labelId'>,
): StoredObservation {
  const { seq, requestedAt, receivedAt, recordedAt, code, message, answerSha256 } = row;
  return {
    id: readingId(label.id, seq),
    label: label.name,
    requestedAt,
    receivedAt,
    recordedAt,
    outcome: 'failed',
    artifactId: null,
    blobIds: [],
    error: { code, message },
    answerSha256,
  };
}
