/**
 * Which label the trace of a span has: the one it names, the one label that holds the blob it names,
 * or the one its origin is mapped to. Each mapping is kept with the time from which it held, so that
 * what was said of a trace then can be said again.
 */
import { and, desc, eq, lte, sql } from 'drizzle-orm';
import { blobMappings, mappings } from '#schema';
import type { BlobId } from '../../../lineage/manifest.ts';
import type { LabelBy, Mapper } from '../../mapping.ts';
import { bound } from '../bound.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Moves } from './moves.ts';
import { type OriginRow, type Origins, originOf } from './origins.ts';

export interface Mapped {
  labelId: number | null;
  labelBy: LabelBy | null;
}

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
  readonly #remembered = new Map<number, Mapped>();

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
    this.#asOf = db
      .select()
      .from(mappings)
      .where(and(ofOrigin, lte(mappings.recordedAt, bound('asOf'))))
      .orderBy(newestFirst)
      .limit(1)
      .prepare();
    this.#blobAsOf = db
      .select()
      .from(blobMappings)
      .where(
        and(
          eq(blobMappings.blobId, sql.placeholder('blobId')),
          lte(blobMappings.recordedAt, bound('asOf')),
        ),
      )
      .orderBy(desc(blobMappings.recordedAt))
      .limit(1)
      .prepare();
    this.#holders = db.$client
      .prepare<[BlobId], number>(
        `SELECT DISTINCT l.id FROM artifact_files f
         JOIN runs r ON r.artifact_id = f.artifact_id JOIN labels l ON l.id = r.label_id
         WHERE f.blob_id = ? AND l.source IS NOT NULL AND l.removed_at IS NULL LIMIT 2`,
      )
      .pluck();
  }

  /** Inside a transaction: a mapping that is new is recorded. */
  of(origin: OriginRow, blobId: BlobId | null, recordedAt: number): Mapped {
    if (blobId !== null && origin.declaredLabel === null) {
      const labelId = this.#holderOf(blobId);
      if (labelId !== null) return this.#byBlob(blobId, labelId, recordedAt);
    }
    const known = this.#remembered.get(origin.id) ?? this.#newest.get({ originId: origin.id });
    const mapped = known ? mappedOf(known) : this.#record(origin, this.#map(origin), recordedAt);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(origin.id, mapped);
    return mapped;
  }

  /** The label that a trace had at `asOf`, by what was recorded by then. */
  asOf(origin: OriginRow, blobId: BlobId | null, asOf: number): Mapped {
    if (blobId !== null && origin.declaredLabel === null) {
      const held = this.#blobAsOf.get({ blobId, asOf });
      if (held) return { labelId: held.labelId, labelBy: 'blob' };
    }
    const mapping = this.#asOf.get({ originId: origin.id, asOf });
    return mapping ? mappedOf(mapping) : UNMAPPED;
  }

  /** Inside a transaction: maps every origin anew. @returns how many have another label */
  remap(recordedAt: number): number {
    this.#remembered.clear();
    let changed = 0;
    for (const origin of this.#origins.all()) {
      const before = this.#newest.get({ originId: origin.id });
      const mapped = this.#map(origin);
      if (!before || before.labelId === mapped.labelId) continue;
      this.#record(origin, mapped, recordedAt);
      this.#moves.begin({ originId: origin.id, from: before.labelId, to: mapped });
      changed++;
    }
    return changed;
  }

  /** Inside a transaction: a label has begun to hold these blobs, so traces that name one may be its. */
  held(blobIds: readonly BlobId[], recordedAt: number): void {
    for (const blobId of blobIds) {
      const from = this.#moves.labelsNaming(blobId);
      if (from.length === 0) continue;
      const labelId = this.#holderOf(blobId);
      if (labelId === null) continue;
      const to = this.#byBlob(blobId, labelId, recordedAt);
      for (const label of from) {
        if (label !== labelId) this.#moves.begin({ blobId, from: label, to });
      }
    }
  }

  /** What was undone may have been remembered. */
  forgetAll(): void {
    this.#remembered.clear();
  }

  #map(origin: OriginRow): Mapped {
    const mapped = this.#mapper(originOf(origin), (name) => isLabel(this.#labels.find(name)));
    if (!mapped) return UNMAPPED;
    return { labelId: this.#labels.intern(mapped.label).id, labelBy: mapped.by };
  }

  #record(origin: OriginRow, mapped: Mapped, recordedAt: number): Mapped {
    this.#db
      .insert(mappings)
      .values({ originId: origin.id, recordedAt, ...mapped })
      .onConflictDoUpdate({ target: [mappings.originId, mappings.recordedAt], set: mapped })
      .run();
    return mapped;
  }

  /** Null where none holds it, or several do: then it doesn't tell them apart. */
  #holderOf(blobId: BlobId): number | null {
    const holders = this.#holders.all(blobId);
    return holders.length === 1 ? holders[0]! : null;
  }

  #byBlob(blobId: BlobId, labelId: number, recordedAt: number): Mapped {
    const before = this.#blobAsOf.get({ blobId, asOf: Number.MAX_SAFE_INTEGER });
    if (before?.labelId !== labelId) {
      this.#db
        .insert(blobMappings)
        .values({ blobId, recordedAt, labelId })
        .onConflictDoUpdate({
          target: [blobMappings.blobId, blobMappings.recordedAt],
          set: { labelId },
        })
        .run();
    }
    return { labelId, labelBy: 'blob' };
  }
}

/** Registered, removed or not: its history stays. */
const isLabel = (row: LabelRow | null) => row !== null && row.source !== null;

const mappedOf = ({ labelId, labelBy }: { labelId: number | null; labelBy: string | null }) =>
  ({ labelId, labelBy }) as Mapped;
