/** Stored traces on their way to the label that they have by now: in steps, and on after a restart. */
import { eq } from 'drizzle-orm';
import { moves } from '#schema';
import type { BlobId } from '../../../lineage/manifest.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Mapped } from './mapping.ts';
import type { Origins } from './origins.ts';

type MoveRow = typeof moves.$inferSelect;

interface Begun {
  originId?: number;
  blobId?: BlobId;
  from: number | null;
  to: Mapped;
}

interface Moving {
  seq: number;
  originId: number;
  labelBy: string | null;
  startedAt: number;
  endedAt: number;
  bytes: number;
}

/** Where a move has come to: nothing at or before it is left. */
interface Place {
  startedAt: number;
  seq: number;
}

const BEGINNING: Place = { startedAt: Number.MIN_SAFE_INTEGER, seq: 0 };
const COLUMNS =
  'seq, origin_id AS originId, label_by AS labelBy, started_at AS startedAt, ended_at AS endedAt, bytes';

export class Moves {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #origins: Origins;
  readonly #unmapped;
  readonly #ofLabel;
  readonly #naming;
  readonly #labelsNaming;
  readonly #set;
  readonly #lastAt;
  /** Of the moves under way. After a restart each begins anew, and passes over what has moved. */
  readonly #places = new Map<number, Place>();

  constructor(db: Db, labels: Labels, origins: Origins) {
    this.#db = db;
    this.#labels = labels;
    this.#origins = origins;
    const { $client: client } = db;
    this.#unmapped = client.prepare<[number, number], Moving>(
      `SELECT ${COLUMNS} FROM traces WHERE label_id IS NULL AND origin_id = ? LIMIT CAST(? AS INTEGER)`,
    );
    this.#ofLabel = client.prepare<{ labelId: number; limit: number } & Place, Moving>(
      `SELECT ${COLUMNS} FROM traces
       WHERE label_id = CAST(:labelId AS INTEGER)
         AND (started_at, seq) > (CAST(:startedAt AS INTEGER), CAST(:seq AS INTEGER))
       ORDER BY started_at, seq LIMIT CAST(:limit AS INTEGER)`,
    );
    this.#naming = client.prepare<
      { blobId: BlobId; labelId: number | null; seq: number; limit: number },
      Moving
    >(
      `SELECT ${COLUMNS} FROM traces
       WHERE blob_id = :blobId AND origin_id IS NOT NULL AND blob_id IS NOT NULL
         AND label_id IS :labelId AND seq > CAST(:seq AS INTEGER)
       ORDER BY seq LIMIT CAST(:limit AS INTEGER)`,
    );
    this.#labelsNaming = client
      .prepare<[BlobId], number | null>(
        `SELECT DISTINCT label_id FROM traces
         WHERE blob_id = ? AND origin_id IS NOT NULL AND blob_id IS NOT NULL`,
      )
      .pluck();
    this.#set = client.prepare<[number | null, string | null, number]>(
      'UPDATE traces SET label_id = ?, label_by = ? WHERE seq = ?',
    );
    this.#lastAt = client
      .prepare<[number], number | null>(
        'SELECT max(started_at) FROM traces WHERE label_id IS NULL AND origin_id = ?',
      )
      .pluck();
  }

  /** Inside a transaction. */
  begin({ originId = undefined, blobId = undefined, from, to }: Begun): void {
    this.#db
      .insert(moves)
      .values({
        originId: originId ?? null,
        blobId: blobId ?? null,
        fromLabelId: from,
        toLabelId: to.labelId,
        labelBy: to.labelBy,
      })
      .run();
  }

  /** The labels (null: none) of stored spans that name a blob. */
  labelsNaming(blobId: BlobId): (number | null)[] {
    return this.#labelsNaming.all(blobId);
  }

  get isDue(): boolean {
    return this.#first() !== undefined;
  }

  /** Inside a transaction: looks at no more than `limit` traces. @returns whether there are more */
  step(limit: number): boolean {
    const move = this.#first();
    if (!move) return false;
    const place = this.#places.get(move.id) ?? BEGINNING;
    const looked = this.#next(move, place, limit);
    const moving = looked.filter((trace) => goes(move, trace));
    for (const { seq } of moving) this.#set.run(move.toLabelId, move.labelBy, seq);
    this.#recount(move, moving);
    const last = looked.at(-1);
    if (looked.length < limit) {
      this.#db.delete(moves).where(eq(moves.id, move.id)).run();
      this.#places.delete(move.id);
    } else if (last) {
      this.#places.set(move.id, last);
    }
    return this.#first() !== undefined;
  }

  #first(): MoveRow | undefined {
    return this.#db.select().from(moves).orderBy(moves.id).limit(1).get();
  }

  #next(
    { originId, blobId, fromLabelId: labelId }: MoveRow,
    place: Place,
    limit: number,
  ): Moving[] {
    if (blobId !== null) {
      return this.#naming.all({ blobId, labelId, seq: place.seq, limit });
    }
    // Those that have moved are not among the unmapped any more.
    if (labelId === null) return this.#unmapped.all(originId!, limit);
    const { startedAt, seq } = place;
    return this.#ofLabel.all({ labelId, startedAt, seq, limit });
  }

  #recount({ fromLabelId: from, toLabelId: to }: MoveRow, moving: readonly Moving[]): void {
    if (moving.length === 0) return;
    const bytes = moving.reduce((sum, trace) => sum + trace.bytes, 0);
    if (from !== null) this.#labels.countBytes(from, -bytes);
    if (to !== null) {
      this.#labels.countBytes(to, bytes);
      const longest = Math.max(...moving.map(({ startedAt, endedAt }) => endedAt - startedAt));
      this.#labels.noteLength(to, longest);
    }
    if (from !== null && to !== null) return;
    const sign = to === null ? 1 : -1;
    for (const [originId, traces] of Map.groupBy(moving, (trace) => trace.originId)) {
      this.#origins.countUnmapped(originId, {
        traces: sign * traces.length,
        bytes: sign * traces.reduce((sum, trace) => sum + trace.bytes, 0),
        lastAt: to === null ? this.#lastAt.get(originId)! : null,
      });
    }
  }
}

/** What a trace was sent with, names itself, or is told by its blob is not for an origin's mapping to change. */
function goes({ blobId, originId }: MoveRow, { labelBy, originId: of }: Moving): boolean {
  if (blobId !== null) return labelBy === null || labelBy === 'rule' || labelBy === 'model';
  return of === originId && labelBy !== 'blob';
}
