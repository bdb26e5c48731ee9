/** Rows of a label's traces, page by page: each page is a query of its own, which ends before the next begins. */
import type { Db } from '../open.ts';
import type { Scan } from './scans.ts';

/** What a diff needs of a trace; its texts by their places. In the order of COLUMNS. */
export type CohortRow = [
  seq: number,
  startedAt: number,
  endedAt: number,
  decision: string | null,
  blobId: string | null,
  context: string | null,
  turn: number | null,
  originId: number | null,
  inputHash: Buffer | null,
  outputHash: Buffer | null,
  inputRef: number | null,
  outputRef: number | null,
  attributesRef: number | null,
  /** Of the three texts together. */
  bytes: number,
];

const COLUMNS = `seq, started_at, ended_at, decision, blob_id, context, turn, origin_id,
  input_hash, output_hash, input_ref, output_ref, attributes_ref, bytes`;

/** Rows of a page: what is held at a time. */
const PAGE = 2000;

interface Asked {
  labelId: number;
  startedAt: number;
  seq: number;
  to: number;
  newest: number;
}

export class CohortRows {
  readonly #all;
  readonly #declared;

  constructor(db: Db) {
    // By name, since the planner would rather look through all traces up to the newest.
    const page = (index: string, where: string) =>
      db.$client
        .prepare<[Asked], CohortRow>(
          `SELECT ${COLUMNS} FROM traces INDEXED BY ${index}
           WHERE label_id = :labelId ${where}
             AND (started_at, seq) > (CAST(:startedAt AS INTEGER), CAST(:seq AS INTEGER))
             AND started_at < CAST(:to AS INTEGER) AND seq <= CAST(:newest AS INTEGER)
           ORDER BY started_at, seq LIMIT ${PAGE}`,
        )
        .raw();
    this.#all = page('traces_label_time', '');
    this.#declared = page('traces_declared', 'AND blob_id IS NOT NULL');
  }

  /** In order of (startedAt, seq). @param newest number of the newest trace that counts */
  *of(labelId: number, { from, to, onlyDeclared }: Scan, newest: number): Generator<CohortRow[]> {
    const statement = onlyDeclared ? this.#declared : this.#all;
    let [startedAt, seq] = [from, 0];
    for (;;) {
      const rows = statement.all({ labelId, startedAt, seq, to, newest });
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      [seq, startedAt] = rows.at(-1)!;
    }
  }
}
