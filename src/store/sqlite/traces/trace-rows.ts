/** Rows of traces: put in, and found by id or number. */
import { hash } from 'node:crypto';
import { getTableColumns } from 'drizzle-orm';
import { traces } from '#schema';
import { KeyIndex } from '../key-index/key-index.ts';
import type { Db } from '../open.ts';

export type TraceRow = typeof traces.$inferSelect;

const COLUMNS = Object.entries(getTableColumns(traces)).map(([key, { name }]) => ({ key, name }));

/** A row as many are read at a time: hashes as texts, since a buffer of its own for each is most of the garbage. */
type TextRow = Omit<TraceRow, 'inputHash' | 'outputHash'> & {
  inputHash: string | null;
  outputHash: string | null;
};

const selectedOf = ({ key, name }: (typeof COLUMNS)[number]) => `${name} AS "${key}"`;
const selectedAsText = ({ key, name }: (typeof COLUMNS)[number]) =>
  // hex() makes an empty text of NULL.
  selectedOf({ key, name: key.endsWith('Hash') ? `nullif(hex(${name}), '')` : name });

export class TraceRows {
  /** By id. */
  readonly ids: KeyIndex;
  readonly #insert;
  readonly #bySeq;
  readonly #several;
  readonly #newest;
  #next: number;

  constructor(db: Db) {
    const { $client: client } = db;
    // The statement that runs tens of thousands of times a second, so the driver runs it bare:
    // filling in drizzle's placeholders costs a third of the insert.
    const names = COLUMNS.map(({ name }) => name);
    this.#insert = client.prepare(
      `INSERT INTO traces (${names}) VALUES (${COLUMNS.map(({ key }) => `:${key}`)})`,
    );
    this.#bySeq = client.prepare<[number], TraceRow>(
      `SELECT ${COLUMNS.map(selectedOf)} FROM traces WHERE seq = ?`,
    );
    this.#several = client.prepare<[string], TextRow>(
      `SELECT ${COLUMNS.map(selectedAsText)} FROM traces
       WHERE seq IN (SELECT value FROM json_each(?))`,
    );
    this.#newest = client.prepare<[], number | null>('SELECT max(seq) FROM traces').pluck();
    const oldest = client.prepare<[], number | null>('SELECT min(seq) FROM traces').pluck();
    const after = client.prepare<[number], { seq: number; id: string }>(
      'SELECT seq, id FROM traces WHERE seq > ? ORDER BY seq',
    );
    this.ids = new KeyIndex(
      client,
      'traces',
      function* (last) {
        for (const { seq, id } of after.iterate(last)) yield { hash: keyOf(id), ref: seq };
      },
      { firstRef: () => oldest.get() ?? 0 },
    );
    // A number is never given twice, even where the newest traces were dropped.
    const dropped = client.prepare<[], number>('SELECT seq FROM dropped_traces').pluck();
    this.#next = 1 + Math.max(this.newest(), dropped.get() ?? 0);
  }

  /** Inside a transaction; it has a number of its own from now on. @param key of its id */
  insert(row: Omit<TraceRow, 'seq'>, key: Buffer): number {
    const seq = this.#next++;
    this.#insert.run({ seq, ...row });
    this.ids.add(key, seq);
    return seq;
  }

  /** Rows that are there, in the order asked for. */
  several(seqs: readonly number[]): TraceRow[] {
    const rows = this.#several.all(JSON.stringify(seqs)).map(withHashes);
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    return seqs.map((seq) => bySeq.get(seq)!);
  }

  /** @param key of the id */
  find(id: string, key = keyOf(id)): TraceRow | null {
    for (const seq of this.ids.refs(key)) {
      const row = this.#bySeq.get(seq);
      if (row?.id === id) return row;
    }
    return null;
  }

  /** The number of the newest; 0 where there is none. */
  newest(): number {
    return this.#newest.get() ?? 0;
  }
}

function withHashes(row: TextRow): TraceRow {
  const { inputHash, outputHash } = row;
  const rest: Omit<TextRow, 'inputHash' | 'outputHash'> = row;
  return Object.assign(rest, { inputHash: bytesOf(inputHash), outputHash: bytesOf(outputHash) });
}

const bytesOf = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'));

/** The key of an id: by a hash, so that nobody can choose ids that meet. */
export function keyOf(id: string): Buffer {
  // By way of a string: a buffer of its own for 32 bytes costs more than their hash, one of the pool little.
  return Buffer.from(hash('sha256', id, 'binary'), 'binary');
}
