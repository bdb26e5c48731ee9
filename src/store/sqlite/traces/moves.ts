/**
 * Stored traces go to the label that they have by now: whichever they stand under may have to be looked
 * through, from its first trace on, in steps, and on after a restart. What a trace's label is by now is
 * asked when it is looked at, so it matters in no way what changed in between, or in which order.
 */
import { eq, isNull } from 'drizzle-orm';
import { moves } from '#schema';
import type { BlobId } from '../../../lineage/manifest.ts';
import type { LabelBy } from '../../mapping.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Holds } from './holds.ts';
import { HourCounts } from './hour-counts.ts';
import type { Origins } from './origins.ts';
import type { TraceHours } from './trace-hours.ts';

export interface Mapped {
  labelId: number | null;
  labelBy: LabelBy | null;
}

interface Looked {
  seq: number;
  originId: number | null;
  blobId: BlobId | null;
  labelId: number | null;
  labelBy: LabelBy | null;
  startedAt: number;
  endedAt: number;
  decision: string | null;
  bytes: number;
}

/** Nothing at or before it is left to be looked at. */
interface Place {
  startedAt: number;
  seq: number;
}

const BEGINNING: Place = { startedAt: Number.MIN_SAFE_INTEGER, seq: 0 };

export class Moves {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #origins: Origins;
  readonly #holds: Holds;
  readonly #hours: TraceHours;
  readonly #looked;
  readonly #leastNaming;
  readonly #unmappedNaming;
  readonly #set;
  /** Of the moves under way. After a restart each begins anew, and passes over what has moved. */
  readonly #places = new Map<number, Place>();

  constructor(db: Db, labels: Labels, origins: Origins, holds: Holds, hours: TraceHours) {
    this.#db = db;
    this.#labels = labels;
    this.#origins = origins;
    this.#holds = holds;
    this.#hours = hours;
    const { $client: client } = db;
    this.#looked = client.prepare<{ labelId: number | null; limit: number } & Place, Looked>(
      `SELECT seq, origin_id AS originId, blob_id AS blobId, label_id AS labelId, label_by AS labelBy,
         started_at AS startedAt, ended_at AS endedAt, decision, bytes
       FROM traces INDEXED BY traces_label_time
       WHERE label_id IS :labelId
         AND (started_at, seq) > (CAST(:startedAt AS INTEGER), CAST(:seq AS INTEGER))
       ORDER BY started_at, seq LIMIT CAST(:limit AS INTEGER)`,
    );
    const naming = 'blob_id = ? AND blob_id IS NOT NULL AND origin_id IS NOT NULL';
    this.#leastNaming = client
      .prepare<[BlobId, number], number | null>(
        `SELECT min(label_id) FROM traces INDEXED BY traces_blob WHERE ${naming} AND label_id > ?`,
      )
      .pluck();
    this.#unmappedNaming = client.prepare<[BlobId], unknown>(
      `SELECT 1 FROM traces INDEXED BY traces_blob WHERE ${naming} AND label_id IS NULL LIMIT 1`,
    );
    this.#set = client.prepare<[number | null, string | null, number]>(
      'UPDATE traces SET label_id = ?, label_by = ? WHERE seq = ?',
    );
  }

  /** Inside a transaction: the traces under a label (null: under none) may have another by now. */
  lookThrough(labelId: number | null): void {
    const ofLabel = labelId === null ? isNull(moves.fromLabelId) : eq(moves.fromLabelId, labelId);
    const known = this.#db.select().from(moves).where(ofLabel).get();
    if (known) this.#places.delete(known.id);
    else this.#db.insert(moves).values({ fromLabelId: labelId }).run();
  }

  /** The labels (null: none) of stored spans that name a blob. */
  labelsNaming(blobId: BlobId): (number | null)[] {
    const found: (number | null)[] = this.#unmappedNaming.get(blobId) ? [null] : [];
    let least = this.#leastNaming.get(blobId, 0);
    while (least != null) {
      found.push(least);
      least = this.#leastNaming.get(blobId, least);
    }
    return found;
  }

  get isDue(): boolean {
    return this.#first() !== undefined;
  }

  /**
   * Inside a transaction: looks at no more than `limit` traces.
   * @param mappedNow the label that a span has by now
   * @returns whether there are more
   */
  step(limit: number, mappedNow: (originId: number, blobId: BlobId | null) => Mapped): boolean {
    const move = this.#first();
    if (!move) return false;
    const place = this.#places.get(move.id) ?? BEGINNING;
    const labelId = move.fromLabelId;
    this.#hours.write();
    const looked = this.#looked.all({ labelId, ...place, limit });
    const counts = new HourCounts();
    for (const trace of looked) {
      if (trace.originId === null || this.#holds.has(labelId, trace.startedAt)) continue;
      const to = mappedNow(trace.originId, trace.blobId);
      if (to.labelId !== labelId || to.labelBy !== trace.labelBy) this.#move(trace, to, counts);
    }
    this.#hours.apply(counts);
    const last = looked.at(-1);
    if (looked.length < limit || !last) {
      this.#db.delete(moves).where(eq(moves.id, move.id)).run();
      this.#places.delete(move.id);
    } else {
      this.#places.set(move.id, { startedAt: last.startedAt, seq: last.seq });
    }
    return this.isDue;
  }

  /** What was undone may have been passed: each begins anew. */
  forgetAll(): void {
    this.#places.clear();
  }

  #first() {
    return this.#db.select().from(moves).orderBy(moves.id).limit(1).get();
  }

  #move(trace: Looked, to: Mapped, counts: HourCounts): void {
    this.#set.run(to.labelId, to.labelBy, trace.seq);
    if (to.labelId === trace.labelId) return;
    const { originId, bytes, startedAt } = trace;
    if (this.#hours.counting.has(trace.seq)) {
      if (trace.labelId !== null) counts.add(trace.labelId, trace, -1);
      if (to.labelId !== null) counts.add(to.labelId, trace);
    }
    if (trace.labelId !== null) this.#labels.countBytes(trace.labelId, -bytes);
    else this.#origins.countUnmapped(originId!, { traces: -1, bytes: -bytes, lastAt: null });
    if (to.labelId === null) {
      this.#origins.countUnmapped(originId!, { traces: 1, bytes, lastAt: startedAt });
      return;
    }
    this.#labels.countBytes(to.labelId, bytes);
    this.#labels.noteLength(to.labelId, trace.endedAt - startedAt);
  }
}
