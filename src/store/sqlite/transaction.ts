/** One unit of work on the one connection, and the time it is recorded at. */
import { StoreError } from '../errors.ts';
import type { Db } from './open.ts';

const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC']);

export class UnitOfWork {
  readonly #db: Db;
  /** The newest time that something was recorded at; it may be ahead of a clock that stepped back. */
  #recorded: number;
  /** The newest `asOf` that was answered. */
  #told: number;

  constructor(db: Db) {
    this.#db = db;
    this.#recorded = latestRecordedAt(db);
    // What was answered before this process began isn't known: up to the newest record, any instant may have been.
    this.#told = this.#recorded;
  }

  /** The time to record at: never before what was recorded, nor at an instant an `asOf` was answered for. */
  recordedAt(now: number): number {
    this.#recorded = Math.max(now, this.#recorded, this.#told + 1);
    return this.#recorded;
  }

  /** What was known at `asOf` was just told: nothing may be recorded at that instant any more. */
  told(asOf: number, now: number): void {
    if (asOf <= Math.max(now, this.#recorded)) this.#told = Math.max(this.#told, asOf);
  }

  /** Runs `work` as one transaction. @throws StoreError full, and then nothing of it is stored */
  run<T>(work: () => T): T {
    try {
      return this.#db.$client.transaction(work).immediate();
    } catch (error) {
      if (!isFull(error)) throw error;
      const message =
        'the disk of the data folder is full, so nothing was stored; free space, then send it again';
      throw new StoreError('full', message, { cause: error });
    }
  }
}

function isFull(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return FULL.has(code ?? '') || (cause instanceof Error && isFull(cause));
}

function latestRecordedAt(db: Db): number {
  const latest = db.$client
    .prepare(
      `SELECT max(t) FROM (
         SELECT max(last_recorded_at) AS t FROM labels
         UNION ALL SELECT max(recorded_at) FROM label_settings
         UNION ALL SELECT max(removed_at) FROM labels
         UNION ALL SELECT recorded_at FROM events WHERE seq = (SELECT max(seq) FROM events)
         UNION ALL SELECT recorded_at FROM traces WHERE seq = (SELECT max(seq) FROM traces))`,
    )
    .pluck()
    .get() as number | null;
  return latest ?? 0;
}
