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
  readonly #holding;

  constructor(db: Db, labels: Labels) {
    this.#db = db;
    this.#labels = labels;
    this.#holding = db.$client.prepare<{ labelId: number; startedAt: number }, unknown>(
      'SELECT 1 FROM holds WHERE label_id = :labelId AND held_from <= :startedAt AND held_to > :startedAt',
    );
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

  /** @returns the label that it held traces of; null where there is no such hold */
  remove(name: string): number | null {
    const gone = this.#db.delete(holds).where(eq(holds.name, name)).returning().get();
    return gone?.labelId ?? null;
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

  /** Whether a trace of the label that began then is held. */
  has(labelId: number | null, startedAt: number): boolean {
    return labelId !== null && this.#holding.get({ labelId, startedAt }) !== undefined;
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
