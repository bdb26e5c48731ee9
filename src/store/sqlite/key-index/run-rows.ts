/** The rows of `key_runs` of one index. */
import type Database from 'better-sqlite3';

export interface RunRow {
  id: number;
  level: number;
  state: 'building' | 'live' | 'dead';
  entries: number;
  lastRef: number;
}

export class RunRows {
  readonly #index: string;
  readonly #sql;

  constructor(client: Database.Database, index: string) {
    this.#index = index;
    this.#sql = {
      all: client.prepare<[string], RunRow>(
        'SELECT id, level, state, entries, last_ref AS lastRef FROM key_runs WHERE key_index = ? ORDER BY id',
      ),
      lastRef: client
        .prepare<[number], number>('SELECT last_ref FROM key_runs WHERE id = ?')
        .pluck(),
      begin: client.prepare<[string, number]>(
        "INSERT INTO key_runs (key_index, level, state, entries, last_ref) VALUES (?, ?, 'building', 0, 0)",
      ),
      finish: client.prepare<[number, number, number]>(
        "UPDATE key_runs SET state = 'live', entries = ?, last_ref = ? WHERE id = ?",
      ),
      end: client.prepare<[number]>("UPDATE key_runs SET state = 'dead' WHERE id = ?"),
      remove: client.prepare<[number]>('DELETE FROM key_runs WHERE id = ?'),
      uncover: client.prepare<[number, string, number]>(
        "UPDATE key_runs SET last_ref = ? WHERE key_index = ? AND state = 'live' AND last_ref >= ?",
      ),
    };
  }

  all(): RunRow[] {
    return this.#sql.all.all(this.#index);
  }

  lastRef(id: number): number {
    return this.#sql.lastRef.get(id)!;
  }

  /** @returns the id of a run that is being built */
  begin(level: number): number {
    return Number(this.#sql.begin.run(this.#index, level).lastInsertRowid);
  }

  finish(id: number, entries: number, lastRef: number): void {
    this.#sql.finish.run(entries, lastRef, id);
  }

  end(id: number): void {
    this.#sql.end.run(id);
  }

  remove(id: number): void {
    this.#sql.remove.run(id);
  }

  /** No run says any more that it has the row of this ref. */
  uncover(ref: number): void {
    this.#sql.uncover.run(ref - 1, this.#index, ref);
  }
}
