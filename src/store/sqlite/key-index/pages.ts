/** The rows of `key_pages`. */
import type Database from 'better-sqlite3';

export type PageKind = 'entries' | 'filter' | 'fences';

export class Pages {
  readonly #sql;

  constructor(client: Database.Database) {
    this.#sql = {
      one: client
        .prepare<[number, PageKind, number], Buffer>(
          'SELECT body FROM key_pages WHERE run_id = ? AND kind = ? AND number = ?',
        )
        .pluck(),
      all: client
        .prepare<[number, PageKind], Buffer>(
          'SELECT body FROM key_pages WHERE run_id = ? AND kind = ? ORDER BY number',
        )
        .pluck(),
      add: client.prepare<[number, PageKind, number, Uint8Array]>(
        'INSERT INTO key_pages (run_id, kind, number, body) VALUES (?, ?, ?, ?)',
      ),
      drop: client.prepare<[number, number]>(
        'DELETE FROM key_pages WHERE rowid IN (SELECT rowid FROM key_pages WHERE run_id = ? LIMIT ?)',
      ),
    };
  }

  entries(run: number, number: number): Buffer {
    const body = this.#sql.one.get(run, 'entries', number);
    if (body) return body;
    const message = `page ${number} of run ${run} is missing in the index of keys, so rows can't be found by their key; the database is damaged: restore a backup, or empty key_runs and key_pages, and the next start builds the index anew`;
    throw new Error(message);
  }

  all(run: number, kind: PageKind): Buffer {
    return Buffer.concat(this.#sql.all.all(run, kind));
  }

  add(run: number, kind: PageKind, number: number, body: Uint8Array): void {
    this.#sql.add.run(run, kind, number, body);
  }

  /** @returns how many there were to drop, `limit` at most */
  drop(run: number, limit: number): number {
    return this.#sql.drop.run(run, limit).changes;
  }
}
