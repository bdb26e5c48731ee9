/** Changes across labels, and one by its id. */
import { and, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import { changes, labels as labelTable } from '#schema';
import { labelGlob } from '../label-glob.ts';
import type { ChangeFilter, StoredChange } from '../store.ts';
import type { History } from './history.ts';
import type { Labels } from './labels.ts';
import type { Db } from './open.ts';
import { parseReadingId, readingId } from './readings.ts';

export class ChangeList {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #history: History;

  constructor(db: Db, labels: Labels, history: History) {
    this.#db = db;
    this.#labels = labels;
    this.#history = history;
  }

  /** Newest first by (detectedAt, id). */
  page({ label, retired = false, from, to, limit, before }: ChangeFilter): StoredChange[] {
    const wanted = label === null ? null : labelGlob(label);
    const ids = wanted && this.#labels.names(true).filter(({ name }) => wanted.test(name));
    const key = before && parseReadingId(before.id);
    const where = and(
      retired ? undefined : isNull(changes.retiredAt),
      ids
        ? inArray(
            changes.labelId,
            ids.map(({ id }) => id),
          )
        : undefined,
      from === null ? undefined : gte(changes.detectedAt, from),
      to === null ? undefined : lt(changes.detectedAt, to),
      key
        ? sql`(${changes.detectedAt}, ${changes.labelId}, ${changes.seq}) < (${before!.detectedAt}, ${key.labelId}, ${key.seq})`
        : undefined,
    );
    const rows = this.#history.recentChanges(where, limit);
    return rows.map(({ change, label: name }) => storedChange(change, name));
  }

  /** Retired or not. */
  get(id: string): StoredChange | null {
    const key = parseReadingId(id);
    if (!key) return null;
    const found = this.#db
      .select({ change: changes, label: labelTable.name })
      .from(changes)
      .innerJoin(labelTable, eq(labelTable.id, changes.labelId))
      .where(and(eq(changes.labelId, key.labelId), eq(changes.seq, key.seq)))
      .get();
    return found ? storedChange(found.change, found.label) : null;
  }
}

export function storedChange(row: typeof changes.$inferSelect, label: string): StoredChange {
  const { labelId, seq, ...rest } = row;
  return { ...rest, kind: row.kind as StoredChange['kind'], id: readingId(labelId, seq), label };
}
