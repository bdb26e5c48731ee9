/**
 * A small file beside the database: the newest `recordedAt` that it had committed. A database that
 * knows of nothing as late is an older copy, put back by whatever means. The file never runs ahead
 * of the database, and it is a help, not a promise: where it is missing, spoilt or behind, nothing
 * is claimed.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from './open.ts';

const EVERY_MS = 10_000;

export class Watermark {
  readonly #db: Db;
  readonly #file: string;
  /** When it was looked at last, by the wall clock. */
  #notedAt: number | null = null;

  constructor(db: Db, folder: string) {
    this.#db = db;
    this.#file = join(folder, 'watermark.json');
  }

  /** Null where nothing can be claimed by it. */
  read(): number | null {
    try {
      const { recordedAt, time } = JSON.parse(readFileSync(this.#file, 'utf8')) as Told;
      // Said twice, so that a spoilt file isn't taken for a time that never was.
      return Number.isSafeInteger(recordedAt) && isoOf(recordedAt) === time ? recordedAt : null;
    } catch {
      return null;
    }
  }

  /** Something was committed: written if it wasn't for a while. */
  note(now: number): void {
    // By how far the clock moved, wherever to: one that was put back must not stop it.
    if (this.#notedAt !== null && Math.abs(now - this.#notedAt) < EVERY_MS) return;
    this.#notedAt = now;
    this.write();
  }

  /** Not within a transaction: what it holds may yet be undone. */
  write(): void {
    if (!this.#db.$client.open || this.#db.$client.inTransaction) return;
    try {
      const recordedAt = newestRecordedAt(this.#db);
      // A new database beside an old one's watermark.
      if (recordedAt === null) rmSync(this.#file, { force: true });
      else this.#replace({ recordedAt, time: isoOf(recordedAt) });
    } catch {
      // A full disk, say. The one there is stays, and claims less.
    }
  }

  /** Whole or not at all: a process may be killed at any moment. */
  #replace(told: Told): void {
    const unfinished = `${this.#file}.unfinished`;
    writeFileSync(unfinished, `${JSON.stringify(told)}\n`, { mode: 0o600 });
    renameSync(unfinished, this.#file);
  }
}

interface Told {
  recordedAt: number;
  time: string;
}

const isoOf = (time: number) => new Date(time).toISOString();

/** The newest `recordedAt` of all that is recorded; null where nothing is. It never goes back. */
export function newestRecordedAt(db: Db): number | null {
  return db.$client
    .prepare(
      `SELECT max(t) FROM (
         SELECT max(last_recorded_at) AS t FROM labels
         UNION ALL SELECT max(recorded_at) FROM label_settings
         UNION ALL SELECT max(removed_at) FROM labels
         UNION ALL SELECT max(recorded_at) FROM lost
         UNION ALL SELECT max(recorded_at) FROM dropped_traces
         UNION ALL SELECT max(recorded_at) FROM mappings
         UNION ALL SELECT max(recorded_at) FROM blob_mappings
         UNION ALL SELECT recorded_at FROM verifications WHERE seq = (SELECT max(seq) FROM verifications)
         UNION ALL SELECT recorded_at FROM chain_facts WHERE seq = (SELECT max(seq) FROM chain_facts)
         UNION ALL SELECT recorded_at FROM events WHERE seq = (SELECT max(seq) FROM events)
         UNION ALL SELECT recorded_at FROM traces WHERE seq = (SELECT max(seq) FROM traces))`,
    )
    .pluck()
    .get() as number | null;
}
