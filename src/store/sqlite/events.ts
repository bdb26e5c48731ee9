/** Events, written in the transaction of what they tell: so none is told that isn't so, and none is lost. */
import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { conflicts, events } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { Change } from '../../lineage/timeline.ts';
import type { LabelRow } from './labels.ts';
import type { Db } from './open.ts';

export class Events {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  change(label: string, change: Change, recordedAt: number): void {
    this.#put(`underlabel.change.${change.kind}`, label, { label, ...change }, recordedAt);
  }

  /**
   * A trace of the label names a blob that no candidate holds. @returns false where this was told
   * already and the label was not read since
   */
  conflict(label: LabelRow, blobId: BlobId, traceId: string, recordedAt: number): boolean {
    const toldAfter = label.lastRequestedAt!;
    const { changes } = this.#db
      .insert(conflicts)
      .values({ labelId: label.id, blobId, toldAfter })
      .onConflictDoUpdate({
        target: [conflicts.labelId, conflicts.blobId],
        set: { toldAfter },
        setWhere: sql`${conflicts.toldAfter} < ${toldAfter}`,
      })
      .run();
    if (changes === 0) return false;
    const data = { label: label.name, blobId, traceId };
    this.#put('underlabel.trace.conflict', label.name, data, recordedAt);
    return true;
  }

  #put(type: string, subject: string, data: object, recordedAt: number): void {
    const row = { id: uuidv7(), type, subject, recordedAt, data: JSON.stringify(data) };
    this.#db.insert(events).values(row).run();
  }
}
