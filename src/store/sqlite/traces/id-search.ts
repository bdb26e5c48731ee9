/**
 * Ids by a part of them. They are indexed by hash (`TraceRows`), which knows nothing of parts, and an
 * index in order of ids would cost every trace a random page. So a bounded number is looked at, from
 * the latest start down, as lists show them: 3 ms for 10,000 where traces came in order of their starts,
 * 25 where they came in none.
 */
import type { FoundId, FoundIds, IdSearch } from '../../id-search.ts';
import type { Db } from '../open.ts';

const MOST_LOOKED = 10_000;

interface Period {
  from: number;
  to: number;
}

interface Asked extends Period {
  prefix: string;
  suffix: string;
  limit: number;
}

export class IdSearches {
  readonly #find;
  readonly #looked;
  readonly #next;

  constructor(db: Db) {
    const { $client: client } = db;
    const began = `FROM traces INDEXED BY traces_time
      WHERE started_at >= CAST(:from AS INTEGER) AND started_at < CAST(:to AS INTEGER)
      ORDER BY started_at DESC`;
    this.#find = client.prepare<Asked, FoundId>(
      `SELECT t.id, l.name AS label, t.startedAt
       FROM (SELECT id, label_id, started_at AS startedAt ${began} LIMIT ${MOST_LOOKED}) t
       LEFT JOIN labels l ON l.id = t.label_id
       WHERE length(t.id) >= length(:prefix) + length(:suffix)
         AND substr(t.id, 1, length(:prefix)) = :prefix
         AND (:suffix = '' OR substr(t.id, -length(:suffix)) = :suffix)
       ORDER BY t.startedAt DESC, t.id DESC LIMIT CAST(:limit AS INTEGER)`,
    );
    this.#looked = client.prepare<Period, { looked: number; lookedFrom: number | null }>(
      `SELECT count(*) AS looked, min(startedAt) AS lookedFrom
       FROM (SELECT started_at AS startedAt ${began} LIMIT ${MOST_LOOKED})`,
    );
    this.#next = client.prepare<Period, unknown>(`SELECT 1 ${began} LIMIT 1 OFFSET ${MOST_LOOKED}`);
  }

  find({ prefix, suffix, from, to }: IdSearch, limit: number): FoundIds {
    const period = {
      from: from ?? Number.MIN_SAFE_INTEGER,
      to: to ?? Number.MAX_SAFE_INTEGER,
    };
    const found = this.#find.all({ ...period, prefix, suffix, limit: limit + 1 });
    return {
      items: found.slice(0, limit),
      more: found.length > limit,
      ...this.#looked.get(period)!,
      complete: this.#next.get(period) === undefined,
    };
  }
}
