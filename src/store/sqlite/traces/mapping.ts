/**
 * Which label the trace of a span has: the one it names, the one label that holds the blob it names,
 * or the one its origin is mapped to. Each mapping is kept with the time from which it held, so that
 * what was said of a trace then can be said again.
 */
import { and, desc, eq, lte, or, sql } from 'drizzle-orm';
import { blobMappings, mappings, origins as originTable } from '#schema';
import type { BlobId } from '../../../lineage/manifest.ts';
import type { Mapper } from '../../mapping.ts';
import { bareRow } from '../bare.ts';
import { bound } from '../bound.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Mapped, Moves } from './moves.ts';
import { type OriginRow, type Origins, originOf } from './origins.ts';

const UNMAPPED: Mapped = { labelId: null, labelBy: null };
/** How many are remembered; what is forgotten is just read again. */
const MOST_REMEMBERED = 10_000;

export class Mapping {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #origins: Origins;
  readonly #moves: Moves;
  readonly #mapper: Mapper;
  readonly #newest;
  readonly #asOf;
  readonly #blobAsOf;
  readonly #holders;
  readonly #blobsUnder;
  readonly #put;
  /** By origin. */
  readonly #remembered = new Map<number, Mapped>();
  /** The one label that holds a blob; null: none, or several. */
  readonly #held = new Map<BlobId, number | null>();

  constructor(db: Db, labels: Labels, origins: Origins, moves: Moves, mapper: Mapper) {
    this.#db = db;
    this.#labels = labels;
    this.#origins = origins;
    this.#moves = moves;
    this.#mapper = mapper;
    const ofOrigin = eq(mappings.originId, bound('originId'));
    const newestFirst = desc(mappings.recordedAt);
    this.#newest = db
      .select()
      .from(mappings)
      .where(ofOrigin)
      .orderBy(newestFirst)
      .limit(1)
      .prepare();
    const asOf = db
      .select()
      .from(mappings)
      .where(and(ofOrigin, lte(mappings.recordedAt, bound('asOf'))))
      .orderBy(newestFirst);
    this.#asOf = bareRow(db, mappings, asOf);
    const blobAsOf = db
      .select()
      .from(blobMappings)
      .where(
        and(
          eq(blobMappings.blobId, sql.placeholder('blobId')),
          lte(blobMappings.recordedAt, bound('asOf')),
        ),
      )
      .orderBy(desc(blobMappings.recordedAt));
    this.#blobAsOf = bareRow(db, blobMappings, blobAsOf);
    this.#holders = db.$client
      .prepare<[BlobId], number>(
        `SELECT DISTINCT l.id FROM artifact_files f
         JOIN runs r ON r.artifact_id = f.artifact_id JOIN labels l ON l.id = r.label_id
         WHERE f.blob_id = ? AND l.source IS NOT NULL AND l.removed_at IS NULL LIMIT 2`,
      )
      .pluck();
    this.#blobsUnder = db.$client
      .prepare<[number], BlobId>(
        `SELECT DISTINCT f.blob_id FROM artifact_files f WHERE f.artifact_id IN (
           SELECT DISTINCT artifact_id FROM runs WHERE label_id = ? AND artifact_id IS NOT NULL)`,
      )
      .pluck();
    this.#put = db.$client.prepare<[number, number, number | null, string | null]>(
      `INSERT INTO mappings (origin_id, recorded_at, label_id, label_by) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET label_id = excluded.label_id, label_by = excluded.label_by`,
    );
  }

  /** Inside a transaction: a mapping that is new is recorded. */
  of(origin: OriginRow, blobId: BlobId | null, recordedAt: number): Mapped {
    if (blobId !== null && origin.declaredLabel === null) {
      const labelId = this.#holderOf(blobId);
      this.#recordHolder(blobId, labelId, recordedAt);
      if (labelId !== null) return { labelId, labelBy: 'blob' };
    }
    const known = this.#remembered.get(origin.id) ?? this.#newestOf(origin.id);
    return this.#remember(origin, known ?? this.#record(origin, this.#map(origin), recordedAt));
  }

  /**
   * Inside a transaction: the label that a stored trace has by now.
   * @param recordedAt asked for where its origin was not mapped before: all its spans were told by blobs
   */
  now(originId: number, blobId: BlobId | null, recordedAt: () => number): Mapped {
    const origin = this.#origins.byId(originId);
    if (blobId !== null && origin.declaredLabel === null) {
      const labelId = this.#holderOf(blobId);
      if (labelId !== null) return { labelId, labelBy: 'blob' };
    }
    const known = this.#remembered.get(originId) ?? this.#newestOf(originId);
    return known ?? this.of(origin, null, recordedAt());
  }

  /** The label that a trace had at `asOf`, by what was recorded by then, and since when. */
  asOf(origin: OriginRow, blobId: BlobId | null, asOf: number): Mapped & { since: number } {
    let since = Number.MIN_SAFE_INTEGER;
    if (blobId !== null && origin.declaredLabel === null) {
      const held = this.#blobAsOf({ blobId, asOf });
      since = held?.recordedAt ?? since;
      if (held && held.labelId !== null) return { labelId: held.labelId, labelBy: 'blob', since };
    }
    const mapping = this.#asOf({ originId: origin.id, asOf });
    if (!mapping) return { ...UNMAPPED, since };
    return { ...mappedOf(mapping), since: Math.max(since, mapping.recordedAt) };
  }

  /** Inside a transaction: maps every origin anew. @returns how many are mapped otherwise than before */
  remap(recordedAt: number): number {
    return this.#remapAll(this.#origins.all(), recordedAt);
  }

  /** Inside a transaction: a label of this name is there now, and it holds blobs. */
  labelPut({ id, name }: LabelRow, recordedAt: number): void {
    const named = or(eq(originTable.requestModel, name), eq(originTable.responseModel, name));
    this.#remapAll(this.#db.select().from(originTable).where(named).all(), recordedAt);
    this.held(this.#blobsUnder.all(id), recordedAt);
  }

  /** Inside a transaction: it is not watched any more, and tells no blob's spans apart. */
  labelRemoved({ id }: LabelRow, recordedAt: number): void {
    this.held(this.#blobsUnder.all(id), recordedAt);
  }

  /** Inside a transaction: which labels hold these blobs may be others now. */
  held(blobIds: readonly BlobId[], recordedAt: number): void {
    this.#held.clear();
    for (const blobId of blobIds) {
      const from = this.#moves.labelsNaming(blobId);
      if (from.length === 0) continue;
      if (!this.#recordHolder(blobId, this.#holderOf(blobId), recordedAt)) continue;
      for (const label of from) this.#moves.lookThrough(label);
    }
  }

  /** What was undone may have been remembered. */
  forgetAll(): void {
    this.#remembered.clear();
    this.#held.clear();
  }

  #remapAll(origins: readonly OriginRow[], recordedAt: number): number {
    this.#remembered.clear();
    let changed = 0;
    for (const origin of origins) {
      const before = this.#newestOf(origin.id);
      const mapped = this.#map(origin);
      const isSame = before?.labelId === mapped.labelId && before.labelBy === mapped.labelBy;
      if (!before || isSame) continue;
      this.#record(origin, mapped, recordedAt);
      this.#moves.lookThrough(before.labelId);
      changed++;
    }
    return changed;
  }

  #map(origin: OriginRow): Mapped {
    const mapped = this.#mapper(originOf(origin), (name) => isLabel(this.#labels.find(name)));
    if (!mapped) return UNMAPPED;
    return { labelId: this.#labels.intern(mapped.label).id, labelBy: mapped.by };
  }

  #newestOf(originId: number): Mapped | null {
    const mapping = this.#newest.get({ originId });
    return mapping ? mappedOf(mapping) : null;
  }

  #remember(origin: OriginRow, mapped: Mapped): Mapped {
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(origin.id, mapped);
    return mapped;
  }

  #record(origin: OriginRow, mapped: Mapped, recordedAt: number): Mapped {
    this.#put.run(origin.id, recordedAt, mapped.labelId, mapped.labelBy);
    return mapped;
  }

  /** Null where none holds it, or several do: then it doesn't tell them apart. */
  #holderOf(blobId: BlobId): number | null {
    const known = this.#held.get(blobId);
    if (known !== undefined) return known;
    const holders = this.#holders.all(blobId);
    const holder = holders.length === 1 ? holders[0]! : null;
    if (this.#held.size >= MOST_REMEMBERED) this.#held.clear();
    this.#held.set(blobId, holder);
    return holder;
  }

  /** @returns whether it is another one than before */
  #recordHolder(blobId: BlobId, labelId: number | null, recordedAt: number): boolean {
    const before = this.#blobAsOf({ blobId, asOf: Number.MAX_SAFE_INTEGER });
    if ((before?.labelId ?? null) === labelId) return false;
    this.#db
      .insert(blobMappings)
      .values({ blobId, recordedAt, labelId })
      .onConflictDoUpdate({
        target: [blobMappings.blobId, blobMappings.recordedAt],
        set: { labelId },
      })
      .run();
    return true;
  }
}

/** Registered, removed or not: its history stays. */
const isLabel = (row: LabelRow | null) => row !== null && row.source !== null;

const mappedOf = ({ labelId, labelBy }: { labelId: number | null; labelBy: string | null }) =>
  ({ labelId, labelBy }) as Mapped;
