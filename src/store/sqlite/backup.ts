/** A consistent copy of the database while it is written to. */
import { chmodSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { copies } from '#schema';
import type { Db } from './open.ts';
import { namedError, type UnitOfWork } from './transaction.ts';

/**
 * @param file is made, and must not be there yet. The copy holds all that was recorded up to `now`
 * and says of itself that it is one, so that whoever restores it learns from when on nothing is known
 */
export async function backUp(db: Db, work: UnitOfWork, file: string, now: number): Promise<void> {
  // Once this unit is committed, so is all that was recorded by then; what comes after is later.
  const takenAt = await work.run(() => work.recordedAt(now));
  work.told(takenAt, takenAt);
  try {
    await db.$client.backup(file);
    chmodSync(file, 0o600);
    const copy = new Database(file);
    try {
      // Whoever keeps the copy sees to it that it is on disk; here all would wait for that.
      copy.pragma('synchronous = OFF');
      drizzle(copy).insert(copies).values({ takenAt }).onConflictDoNothing().run();
      // One file, whole by itself: nothing of it in a journal beside it.
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
  } catch (error) {
    rmSync(file, { force: true });
    throw namedError(error);
  }
}
