/**
 * Counts the traces that were stored before hours were counted: in order of their numbers, in steps, and
 * on after a restart. Later ones are counted as they come; so at any time it is known of each trace,
 * by its number, whether it is counted.
 */
import type { Db } from '../open.ts';
import { HourCounts } from './hour-counts.ts';

interface Row {
  seq: number;
  labelId: number | null;
  startedAt: number;
  decision: string | null;
  blobId: string | null;
}

interface Reached {
  countedSeq: number;
  untilSeq: number;
}

export class HourCounting {
  readonly #apply: (counts: HourCounts) => void;
  readonly #next;
  readonly #load;
  readonly #save;
  #reached: Reached | null = null;

  constructor(db: Db, apply: (counts: HourCounts) => void) {
    this.#apply = apply;
    const { $client: client } = db;
    client
      .prepare(
        `INSERT INTO hours_counted (id, counted_seq, until_seq, written_seq)
         SELECT 1, 0, newest, newest FROM (SELECT coalesce(max(seq), 0) AS newest FROM traces)
         WHERE NOT EXISTS (SELECT 1 FROM hours_counted)`,
      )
      .run();
    this.#load = client.prepare<[], Reached>(
      'SELECT counted_seq AS countedSeq, until_seq AS untilSeq FROM hours_counted',
    );
    this.#save = client.prepare<[number]>('UPDATE hours_counted SET counted_seq = ?');
    this.#next = client.prepare<{ after: number; until: number; limit: number }, Row>(
      `SELECT seq, label_id AS labelId, started_at AS startedAt, decision, blob_id AS blobId
       FROM traces WHERE seq > CAST(:after AS INTEGER) AND seq <= CAST(:until AS INTEGER)
       ORDER BY seq LIMIT CAST(:limit AS INTEGER)`,
    );
  }

  get isDone(): boolean {
    const { countedSeq, untilSeq } = this.#state;
    return countedSeq >= untilSeq;
  }

  /** Whether the trace of this number is among those that are counted, here or in memory. */
  has(seq: number): boolean {
    const { countedSeq, untilSeq } = this.#state;
    return seq <= countedSeq || seq > untilSeq;
  }

  /** Inside a transaction: counts at most `limit` traces. @returns whether there are more */
  step(limit: number): boolean {
    const { countedSeq, untilSeq } = this.#state;
    if (countedSeq >= untilSeq) return false;
    const rows = this.#next.all({ after: countedSeq, until: untilSeq, limit });
    const counts = new HourCounts();
    for (const row of rows) if (row.labelId !== null) counts.add(row.labelId, row);
    this.#apply(counts);
    const reached = rows.length < limit ? untilSeq : rows.at(-1)!.seq;
    this.#save.run(reached);
    this.#reached = { countedSeq: reached, untilSeq };
    return reached < untilSeq;
  }

  /** What was undone may have moved it on. */
  forgetAll(): void {
    this.#reached = null;
  }

  get #state(): Reached {
    this.#reached ??= this.#load.get()!;
    return this.#reached;
  }
}
