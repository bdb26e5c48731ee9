/**
 * A connection of its own to the folder of a store that is open elsewhere in this process. It reads and
 * does nothing else: no lock, no migration, no write; and no transaction longer than a page of rows,
 * because the log can't begin anew while somebody still reads from it.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import * as schema from '#schema';
import type { Db } from '../open.ts';

/** @throws where there is no database */
export function openReader(file: string): Db {
  const client = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
  return Object.assign(drizzle(client, { schema }), { $client: client });
}

export const databaseIn = (folder: string) => join(folder, 'underlabel.db');
