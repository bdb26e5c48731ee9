/** Opens the data folder: one process at a time, migrated, durable. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import * as schema from '#schema';
import { StoreError } from '../errors.ts';
import { Watermark } from './watermark.ts';

export type Db = BetterSQLite3Database<typeof schema> & { $client: Database.Database };

const MIGRATIONS = join(import.meta.dirname, '../../../db/migrations');

export interface OpenFolder {
  db: Db;
  watermark: Watermark;
  close(): void;
}

/** @throws StoreError in-use, newer-database */
export function openFolder(folder: string): OpenFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const lock = takeLock(folder);
  let client: Database.Database | undefined;
  try {
    client = new Database(join(folder, 'underlabel.db'));
    // FULL: with WAL, a commit is on disk before it is acknowledged, not just after a checkpoint.
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
      client.pragma(pragma);
    }
    client.pragma('busy_timeout = 5000');
    const db = Object.assign(drizzle(client, { schema }), { $client: client });
    bringUpToDate(db, folder);
    const watermark = new Watermark(db, folder);
    return {
      db,
      watermark,
      close() {
        watermark.write();
        db.$client.close();
        lock.close();
      },
    };
  } catch (error) {
    client?.close();
    lock.close();
    throw error;
  }
}

/** The lock is an open transaction on a file of its own: the system lets go of it when the process dies. */
function takeLock(folder: string): Database.Database {
  const lock = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause;
    const message = `another process is using the data folder ${folder}; stop it, or give this one a folder of its own (--data)`;
    throw new StoreError('in-use', message, { cause });
  }
}

function bringUpToDate(db: Db, folder: string): void {
  const known = knownMigrations();
  const applied = appliedMigrations(db.$client);
  if (applied.some((when) => when > known.at(-1)!)) {
    const message = `the database in ${folder} was written by a newer Underlabel; start that version, or restore a backup from before the upgrade`;
    throw new StoreError('newer-database', message);
  }
  const pending = known.filter((when) => !applied.includes(when));
  if (applied.length > 0 && pending.length > 0) copyFirst(db.$client, folder, applied.length);
  migrate(db, { migrationsFolder: MIGRATIONS });
}

function knownMigrations(): number[] {
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  return journal.entries.map((entry) => entry.when);
}

function appliedMigrations(client: Database.Database): number[] {
  const table = client
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'")
    .get();
  if (!table) return [];
  return client.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all().map(Number);
}

function copyFirst(client: Database.Database, folder: string, version: number): void {
  const copy = join(folder, `underlabel-before-upgrade-from-${version}.db`);
  if (existsSync(copy)) return;
  // Under its name only once it is whole: one that broke off would pass for a copy at the next start.
  const unfinished = `${copy}.unfinished`;
  rmSync(unfinished, { force: true });
  client.prepare('VACUUM INTO ?').run(unfinished);
  renameSync(unfinished, copy);
}
