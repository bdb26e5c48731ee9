/**
 * Recognises a database that is an older copy of one that went on after it. What was recorded in
 * between is gone, and with it any ground to say that nothing changed meanwhile.
 */
import { sql } from 'drizzle-orm';
import { copies, labels, lost } from '#schema';
import type { LostStretch } from '../store.ts';
import type { Db } from './open.ts';
import { newestRecordedAt } from './watermark.ts';

export interface Opening {
  /** The newest `recordedAt` that the folder knows to have been committed, or null. */
  watermark: number | null;
  now: number;
  /** The time to record at, no earlier than the one given and later than all that is recorded. */
  recordedAt: (now: number) => number;
  /** Tells of it, within the transaction that records it. */
  tell: (lost: LostStretch) => void;
}

/**
 * To be asked when a database is opened, before anything is recorded in it. A stretch is recorded
 * once: what made the copy known as one is gone with the same commit.
 */
export function recogniseRestored(db: Db, opening: Opening): LostStretch | null {
  const { watermark, now, recordedAt, tell } = opening;
  const recognise = (): LostStretch | null => {
    const from = copiedAt(db, watermark);
    if (from === null) return null;
    // After all that the other one may have recorded, even where this machine's clock is behind it.
    const to = recordedAt(Math.max(now, from + 1, (watermark ?? from) + 1));
    const stretch = { from, to, recordedAt: to };
    db.insert(lost).values(stretch).run();
    db.delete(copies).run();
    // The other one may have given numbers to readings since, about one a millisecond at most.
    db.update(labels)
      .set({ nextSeq: sql`${labels.nextSeq} + ${to - from + 1}` })
      .run();
    tell(stretch);
    return stretch;
  };
  return db.$client.transaction(recognise).immediate();
}

/** Up to when the copy holds all that was recorded; null where nothing says that it is one. */
function copiedAt(db: Db, watermark: number | null): number | null {
  const taken = sql<number | null>`min(${copies.takenAt})`;
  const said = db.select({ taken }).from(copies).get()?.taken ?? null;
  if (said !== null) return said;
  const newest = newestRecordedAt(db);
  return newest !== null && watermark !== null && newest < watermark ? newest : null;
}
