/** A label's readings on disk, in order of time: chunks of consecutive readings of one artifact. */
import { and, asc, desc, eq, getTableColumns, gte, lte, sql } from 'drizzle-orm';
import { chunks } from '#schema';
import type { ArtifactId } from '../../lineage/manifest.ts';
import { byTime, type Instants, type Reading } from '../../lineage/reading.ts';
import { merge, type Stretch, stretchOf } from '../../lineage/timeline.ts';
import { bareRow, bareRun } from './bare.ts';
import { bound, givenFor } from './bound.ts';
import { CHUNK_BYTES, type PackedReading, pack, packNext, unpack } from './chunk.ts';
import type { Db } from './open.ts';

export interface NewReading extends PackedReading {
  artifactId: ArtifactId | null;
}

export type ChunkRow = typeof chunks.$inferSelect;

/** Where a reading stands among those on disk. */
export interface Place {
  /** The chunk that begins at or before it, unpacked, and the reading's index there. */
  chunk: ChunkRow | null;
  within: PackedReading[];
  index: number;
  /** Its neighbours; `next` may share both its instants. */
  previous: PackedReading | null;
  next: (PackedReading & { artifactId: ArtifactId | null }) | null;
  /** The chunk that `next` stands in. */
  following: ChunkRow | null;
}

/** The id of a reading, and of the change it reveals. */
export const readingId = (labelId: number, seq: number) => `${labelId}-${seq}`;

export function parseReadingId(id: string): { labelId: number; seq: number } | null {
  const match = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(id);
  return match ? { labelId: Number(match[1]), seq: Number(match[2]) } : null;
}

const time = sql`(${chunks.firstReceivedAt}, ${chunks.firstRequestedAt})`;
const givenTime = sql`(${bound('receivedAt')}, ${bound('requestedAt')})`;

export class Readings {
  readonly #db: Db;
  readonly #at;
  readonly #before;
  readonly #after;
  readonly #grow;
  readonly #put;

  constructor(db: Db) {
    this.#db = db;
    // Without LIMIT: `get` steps to the first row and no further.
    const ofLabel = eq(chunks.labelId, bound('labelId'));
    const at = db
      .select()
      .from(chunks)
      .where(and(ofLabel, sql`${time} <= ${givenTime}`))
      .orderBy(desc(chunks.firstReceivedAt), desc(chunks.firstRequestedAt));
    this.#at = bareRow(db, chunks, at);
    const before = db
      .select()
      .from(chunks)
      .where(and(ofLabel, sql`${time} < ${givenTime}`))
      .orderBy(desc(chunks.firstReceivedAt), desc(chunks.firstRequestedAt));
    this.#before = bareRow(db, chunks, before);
    const after = db
      .select()
      .from(chunks)
      .where(and(ofLabel, sql`${time} > ${givenTime}`))
      .orderBy(asc(chunks.firstReceivedAt), asc(chunks.firstRequestedAt));
    this.#after = bareRow(db, chunks, after);
    const { id: _, ...columns } = getTableColumns(chunks);
    this.#put = db.insert(chunks).values(givenFor(columns)).prepare();
    const growing = db
      .update(chunks)
      .set({
        lastRequestedAt: bound('lastRequestedAt'),
        lastReceivedAt: bound('lastReceivedAt'),
        observations: bound('observations'),
        maxGapMs: bound('maxGapMs'),
        lastSeq: bound('lastSeq'),
        mostRecordedAt: bound('mostRecordedAt'),
        packed: sql`${sql.placeholder('packed')}`,
      })
      .where(eq(chunks.id, sql.placeholder('id')));
    this.#grow = bareRun(db, growing);
  }

  /** The last chunk that begins at or before these instants. */
  chunkAt(labelId: number, { requestedAt, receivedAt }: Instants): ChunkRow | null {
    return this.#at({ labelId, requestedAt, receivedAt }) ?? null;
  }

  /** The last chunk that begins before these instants. */
  chunkBefore(labelId: number, { requestedAt, receivedAt }: Instants): ChunkRow | null {
    return this.#before({ labelId, requestedAt, receivedAt }) ?? null;
  }

  /** The first chunk that begins after these instants. */
  chunkAfter(labelId: number, { requestedAt, receivedAt }: Instants): ChunkRow | null {
    return this.#after({ labelId, requestedAt, receivedAt }) ?? null;
  }

  /** All chunks of a label. */
  all(labelId: number): ChunkRow[] {
    return this.#db
      .select()
      .from(chunks)
      .where(eq(chunks.labelId, labelId))
      .orderBy(asc(chunks.firstReceivedAt), asc(chunks.firstRequestedAt))
      .all();
  }

  /** The chunks that lie within two times of answer. */
  between(labelId: number, firstReceivedAt: number, lastReceivedAt: number): ChunkRow[] {
    const from = gte(chunks.firstReceivedAt, firstReceivedAt);
    const to = lte(chunks.lastReceivedAt, lastReceivedAt);
    return this.#db
      .select()
      .from(chunks)
      .where(and(eq(chunks.labelId, labelId), from, to))
      .orderBy(asc(chunks.firstReceivedAt), asc(chunks.firstRequestedAt))
      .all();
  }

  placeOf(labelId: number, instants: Instants): Place {
    const chunk = this.chunkAt(labelId, instants);
    const within = chunk ? unpackRow(chunk) : [];
    const index = within.findLastIndex((reading) => byTime(reading, instants) < 0) + 1;
    const following = index < within.length ? chunk : this.chunkAfter(labelId, instants);
    const nextReading = within[index] ?? (following && firstOf(following));
    return {
      chunk,
      within,
      index,
      previous: within[index - 1] ?? null,
      next: nextReading ? { ...nextReading, artifactId: following!.artifactId } : null,
      following,
    };
  }

  /** Adds a reading that comes after all others. */
  append(labelId: number, reading: NewReading): void {
    const end = Number.MAX_SAFE_INTEGER;
    const chunk = this.chunkAt(labelId, { requestedAt: end, receivedAt: end });
    if (chunk && chunk.artifactId === reading.artifactId) {
      const last = { receivedAt: chunk.lastReceivedAt, seq: chunk.lastSeq };
      const addition = packNext(last, reading);
      if (chunk.packed.length + addition.length <= CHUNK_BYTES) {
        this.#grow({
          ...merge(stretchOfRow(chunk), stretchOf(readingOf(labelId, reading, reading.artifactId))),
          lastSeq: reading.seq,
          mostRecordedAt: Math.max(chunk.mostRecordedAt, reading.recordedAt),
          packed: Buffer.concat([chunk.packed, addition]),
          id: chunk.id,
        });
        return;
      }
    }
    this.#insert(labelId, reading.artifactId, [reading]);
  }

  /** Adds a reading that falls before or between others, at its place. */
  insertAt(labelId: number, place: Place, reading: NewReading): void {
    const { chunk, within, index, following } = place;
    if (chunk && chunk.artifactId === reading.artifactId) {
      this.#replace(chunk, [within.toSpliced(index, 0, reading)]);
    } else if (index === within.length && following?.artifactId === reading.artifactId) {
      this.#replace(following, [[reading, ...unpackRow(following)]]);
    } else {
      if (chunk && index < within.length) {
        this.#replace(chunk, [within.slice(0, index), within.slice(index)]);
      }
      this.#insert(labelId, reading.artifactId, [reading]);
    }
  }

  #replace(chunk: ChunkRow, groups: PackedReading[][]): void {
    this.#db.delete(chunks).where(eq(chunks.id, chunk.id)).run();
    for (const group of groups) this.#insert(chunk.labelId, chunk.artifactId, group);
  }

  #insert(labelId: number, artifactId: ArtifactId | null, readings: PackedReading[]): void {
    const packed = pack(readings);
    if (packed.length > CHUNK_BYTES) {
      const half = readings.length >> 1;
      this.#insert(labelId, artifactId, readings.slice(0, half));
      this.#insert(labelId, artifactId, readings.slice(half));
      return;
    }
    const recorded = readings.map((reading) => reading.recordedAt);
    const stretch = readings
      .map((reading) => stretchOf(readingOf(labelId, reading, artifactId)))
      .reduce(merge);
    this.#put.run({
      labelId,
      ...columnsOf(stretch),
      lastSeq: readings.at(-1)!.seq,
      leastRecordedAt: Math.min(...recorded),
      mostRecordedAt: Math.max(...recorded),
      packed,
    });
  }
}

export function firstOf(row: ChunkRow): PackedReading {
  return {
    seq: row.firstSeq,
    requestedAt: row.firstRequestedAt,
    receivedAt: row.firstReceivedAt,
    recordedAt: row.firstRecordedAt,
  };
}

export function unpackRow(row: ChunkRow): PackedReading[] {
  return unpack(firstOf(row), row.packed);
}

export function readingOf(
  labelId: number,
  { seq, requestedAt, receivedAt, recordedAt }: PackedReading,
  artifactId: ArtifactId | null,
): Reading {
  return { id: readingId(labelId, seq), requestedAt, receivedAt, recordedAt, artifactId };
}

/** A chunk or a run on disk, as the heart's stretch. */
export function stretchOfRow(
  row: Omit<ChunkRow, 'id' | 'packed' | 'lastSeq' | 'leastRecordedAt' | 'mostRecordedAt'>,
): Stretch {
  const { labelId, firstSeq, firstRecordedAt, ...rest } = row;
  return {
    artifactId: rest.artifactId,
    readingId: readingId(labelId, firstSeq),
    recordedAt: firstRecordedAt,
    firstRequestedAt: rest.firstRequestedAt,
    firstReceivedAt: rest.firstReceivedAt,
    lastRequestedAt: rest.lastRequestedAt,
    lastReceivedAt: rest.lastReceivedAt,
    observations: rest.observations,
    maxGapMs: rest.maxGapMs,
  };
}

/** The columns of a stretch, the same in chunks and runs. */
export function columnsOf(stretch: Stretch) {
  const { readingId: id, recordedAt: firstRecordedAt, ...rest } = stretch;
  return {
    artifactId: rest.artifactId,
    firstSeq: parseReadingId(id)!.seq,
    firstRecordedAt,
    firstRequestedAt: rest.firstRequestedAt,
    firstReceivedAt: rest.firstReceivedAt,
    lastRequestedAt: rest.lastRequestedAt,
    lastReceivedAt: rest.lastReceivedAt,
    observations: rest.observations,
    maxGapMs: rest.maxGapMs,
  };
}
