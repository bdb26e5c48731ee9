/** What was seen inside blobs. */
import { desc, eq, sql } from 'drizzle-orm';
import { inspections } from '#schema';
import type { Inspection } from '../../inspect/inspection.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { InspectionBasis, StoredInspection } from '../blob.ts';
import type { Db } from './open.ts';

export class Inspections {
  readonly #db: Db;
  readonly #best;

  constructor(db: Db) {
    this.#db = db;
    this.#best = db
      .select()
      .from(inspections)
      .where(eq(inspections.blobId, sql.placeholder('blobId')))
      .orderBy(desc(inspections.basis))
      .limit(1)
      .prepare();
  }

  put(blobId: BlobId, basis: InspectionBasis, inspection: Inspection, recordedAt: number): void {
    const seen = { recordedAt, body: JSON.stringify(inspection) };
    this.#db
      .insert(inspections)
      .values({ blobId, basis, ...seen })
      .onConflictDoUpdate({ target: [inspections.blobId, inspections.basis], set: seen })
      .run();
  }

  /** Of verified bytes where there is one. */
  of(blobId: BlobId): StoredInspection | null {
    const row = this.#best.get({ blobId });
    if (!row) return null;
    const { body, basis, recordedAt } = row;
    return {
      inspection: JSON.parse(body) as Inspection,
      basis: basis as InspectionBasis,
      recordedAt,
    };
  }
}
