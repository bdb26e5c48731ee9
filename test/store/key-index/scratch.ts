/** Rows with keys in real files, and an index over them. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { KeyIndex, type KeyIndexOptions } from '../../../src/store/sqlite/key-index/key-index.ts';
import { openFolder } from '../../../src/store/sqlite/open.ts';
import { temporaryFolder } from '../opened.ts';

export const SMALL: KeyIndexOptions = { memoryEntries: 8, fanOut: 2 };

/** A hash whose key is `hi` and `lo`. */
export function hash(hi: number, lo: number, rest = 0): Buffer {
  const bytes = Buffer.alloc(32, rest);
  bytes.writeUInt32BE(hi >>> 0, 0);
  bytes.writeUInt32BE(lo >>> 0, 4);
  return bytes;
}

/** Spread as those of a SHA-256 are, the same each time. */
export function spread(i: number): Buffer {
  return hash(Math.imul(i + 1, 0x9e3779b1), Math.imul(i + 7, 0x85ebca6b));
}

export interface Scratch {
  readonly file: string;
  readonly client: Database.Database;
  readonly index: KeyIndex;
  /** A row and its entry, in the transaction that is open. @returns its number */
  add(hash: Uint8Array): number;
  /** Each in a transaction of its own. */
  addAll(hashes: Iterable<Uint8Array>): number[];
  settle(): void;
  /** What `key_runs` says, the oldest first. */
  runs(): { id: number; level: number; state: string; entries: number; last_ref: number }[];
  /** The file as a process that was killed now would leave it. */
  killed(): string;
  close(): void;
}

/** A new file with the tables of the store, of which only those of the index are used. */
export function newFile(): string {
  empty ??= emptyFile();
  const file = join(temporaryFolder(), 'underlabel.db');
  writeFileSync(file, empty);
  return file;
}

/** Made once, since making the tables waits for the disk. */
let empty: Buffer | undefined;

function emptyFile(): Buffer {
  const folder = temporaryFolder();
  openFolder(folder).close();
  const file = join(folder, 'underlabel.db');
  const client = new Database(file);
  client.exec(`
    CREATE TABLE keyed (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL);
    -- A transaction that adds to it fails at its commit.
    CREATE TABLE refused (seq INTEGER REFERENCES keyed (seq) DEFERRABLE INITIALLY DEFERRED);
  `);
  client.close();
  return readFileSync(file);
}

/**
 * @param apart how far row numbers are from each other
 * @param most pages that the disk has room for
 */
export function scratch(
  file = newFile(),
  options = SMALL,
  { apart = 1, most = 1_000_000 }: { apart?: number; most?: number } = {},
): Scratch {
  const client = new Database(file);
  client.pragma(`max_page_count = ${most}`);
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = OFF');
  onTestFinished(() => void client.close());
  const insert = client.prepare('INSERT INTO keyed (seq, hash) VALUES (?, ?)');
  const last = client.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM keyed').pluck();
  const past = client.prepare<[number], { hash: Buffer; ref: number }>(
    'SELECT hash, seq AS ref FROM keyed WHERE seq > ? ORDER BY seq',
  );
  const first = client.prepare<[], number>('SELECT coalesce(min(seq), 0) FROM keyed').pluck();
  const index = new KeyIndex(client, 'keyed', (after) => past.iterate(after), {
    firstRef: () => first.get()!,
    ...options,
  });
  const runs = client.prepare<[], ReturnType<Scratch['runs']>[number]>(
    'SELECT id, level, state, entries, last_ref FROM key_runs ORDER BY id',
  );
  const add = (hash: Uint8Array) => {
    const seq = last.get()! + apart;
    insert.run(seq, hash);
    index.add(hash, seq);
    return seq;
  };
  return {
    ...{ file, client, index, add },
    addAll: (hashes) => Array.from(hashes, (hash) => client.transaction(add)(hash)),
    settle() {
      while (index.maintain(0));
    },
    runs: () => runs.all(),
    killed() {
      const copy = `${file}-killed-${++copies}`;
      for (const end of ['', '-wal']) {
        if (existsSync(file + end)) copyFileSync(file + end, copy + end);
      }
      return copy;
    },
    close: () => void client.close(),
  };
}

let copies = 0;
