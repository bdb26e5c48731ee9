/** Statements that are put together from text as they are asked for; each is prepared once. */
import type { Statement } from 'better-sqlite3';
import type { Db } from '../open.ts';

/** Far more than the ways to combine filters that anybody uses. */
const MOST_KEPT = 200;

export class KeptStatements<Row> {
  readonly #db: Db;
  readonly #kept = new Map<string, Statement<[object], Row>>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** @param sql takes parameters by name; nothing that was sent stands in it, only what chooses between texts of ours */
  of(sql: string): Statement<[object], Row> {
    const known = this.#kept.get(sql);
    if (known) return known;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    const statement = this.#db.$client.prepare<[object], Row>(sql);
    this.#kept.set(sql, statement);
    return statement;
  }
}
