/** What sources answered, word for word: which reading had which answer, and the bodies worth keeping. */
import { and, desc, eq, getTableColumns, inArray, lt, lte, sql } from 'drizzle-orm';
import { answerMarks, answers } from '#schema';
import type { Answer, StoredAnswer } from '../store.ts';
import { bound, givenFor } from './bound.ts';
import type { Db } from './open.ts';

export class Answers {
  readonly #db: Db;
  readonly #last;
  readonly #at;
  readonly #mark;
  readonly #keep;

  constructor(db: Db) {
    this.#db = db;
    const ofLabel = eq(answerMarks.labelId, bound('labelId'));
    const marks = (where: ReturnType<typeof and>) =>
      db
        .select({ sha256: answerMarks.sha256 })
        .from(answerMarks)
        .where(where)
        .orderBy(desc(answerMarks.seq))
        .prepare();
    this.#last = marks(ofLabel);
    this.#at = marks(and(ofLabel, lte(answerMarks.seq, bound('seq'))));
    this.#mark = db
      .insert(answerMarks)
      .values(givenFor(getTableColumns(answerMarks)))
      .prepare();
    this.#keep = db
      .insert(answers)
      .values({ ...givenFor(getTableColumns(answers)), droppedAt: null })
      .onConflictDoUpdate({
        target: answers.sha256,
        set: {
          body: sql`excluded.body`,
          recordedAt: sql`excluded.recorded_at`,
          revealing: sql`max(${answers.revealing}, excluded.revealing)`,
          droppedAt: null,
        },
      })
      .prepare();
  }

  /** Answers repeat: only where one differs from the label's last is it noted. */
  mark(labelId: number, seq: number, answer: Answer | null): void {
    const sha256 = answer?.sha256 ?? null;
    if ((this.#last.get({ labelId })?.sha256 ?? null) === sha256) return;
    this.#mark.run({ labelId, seq, sha256 });
  }

  /** The answer of a reading: the one noted last at or before it. */
  of(labelId: number, seq: number): string | null {
    return this.#at.get({ labelId, seq })?.sha256 ?? null;
  }

  /**
   * Keeps a body: of an answer that made a reading fail, for a while; of one that revealed a change
   * for good.
   */
  keep(answer: Answer | null, revealing: boolean, recordedAt: number): void {
    if (!answer) return;
    const { sha256, bytes, body } = answer;
    this.#keep.run({ sha256, bytes, body, recordedAt, revealing: revealing ? 1 : 0 });
  }

  get(sha256: string): StoredAnswer | null {
    const row = this.#db.select().from(answers).where(eq(answers.sha256, sha256)).get();
    return row ? { bytes: row.bytes, body: row.body, droppedAt: row.droppedAt } : null;
  }

  /** @returns how many bodies were let go of */
  drop(before: number, limit: number, now: number): number {
    const fading = this.#db
      .select({ sha256: answers.sha256 })
      .from(answers)
      // The index is partial: its condition must stand here to the letter.
      .where(and(sql`revealing = 0 AND body IS NOT NULL`, lt(answers.recordedAt, before)))
      .limit(limit);
    return this.#db
      .update(answers)
      .set({ body: null, droppedAt: now })
      .where(inArray(answers.sha256, fading))
      .run().changes;
  }
}
