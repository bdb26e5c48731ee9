/** What retention leaves alone: the traces of a label in a period. */
import { asc, eq } from 'drizzle-orm';
import { holds, labels as labelTable } from '#schema';
import type { Hold, StoredHold } from '../../store.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';

/** When traces began: [from, to). */
export interface Period {
  from: number;
  to: number;
}

export class Holds {
  readonly #db: Db;
  readonly #labels: Labels;

  constructor(db: Db, labels: Labels) {
    this.#db = db;
    this.#labels = labels;
  }

  /** @throws StoreError unknown-label where nothing ever named it */
  put({ name, label, from, to, reason }: Hold, createdAt: number): void {
    const values = { labelId: this.#labels.known(label).id, from, to, reason, createdAt };
    this.#db
      .insert(holds)
      .values({ name, ...values })
      .onConflictDoUpdate({ target: holds.name, set: values })
      .run();
  }

  remove(name: string): boolean {
    return this.#db.delete(holds).where(eq(holds.name, name)).run().changes > 0;
  }

  all(): StoredHold[] {
    return this.#db
      .select({
        name: holds.name,
        label: labelTable.name,
        from: holds.from,
        to: holds.to,
        reason: holds.reason,
        createdAt: holds.createdAt,
      })
      .from(holds)
      .innerJoin(labelTable, eq(labelTable.id, holds.labelId))
      .orderBy(asc(holds.name))
      .all();
  }

  /** The periods before `before` that no hold of the label has, oldest first. */
  freePeriods(labelId: number, before: number): Period[] {
    const held = this.#db
      .select({ from: holds.from, to: holds.to })
      .from(holds)
      .where(eq(holds.labelId, labelId))
      .orderBy(asc(holds.from))
      .all();
    const free: Period[] = [];
    let from = Number.MIN_SAFE_INTEGER;
    for (const hold of held) {
      if (hold.from > from) free.push({ from, to: Math.min(hold.from, before) });
      from = Math.max(from, hold.to);
    }
    free.push({ from, to: before });
    return free.filter((period) => period.from < period.to);
  }
}
