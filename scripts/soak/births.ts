/** Kills a service while it makes its data folder, or brings an older one up to date; then it must start. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { databaseFault, durabilityFault } from './database.ts';
import type { Findings } from './findings.ts';
import type { Random } from './random.ts';
import { ServiceProcess } from './service-process.ts';

/** Making the tables takes a few ms of this. */
const LATEST_MS = 40;
const MIGRATIONS = join(import.meta.dirname, '../../db/migrations');

export async function killAtBirth(random: Random, findings: Findings): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'underlabel-soak-birth-'));
  try {
    const isUpgrade = random.chance(0.5);
    if (isUpgrade) makeOlder(folder);
    // An older folder has a database already: there, the lock shows that the service is at work.
    const sign = join(folder, isUpgrade ? 'lock.db' : 'underlabel.db');
    const killed = new ServiceProcess(folder, []);
    while (!existsSync(sign) && !killed.gone.aborted) await pause(1);
    await pause(random.between(0, LATEST_MS));
    note(findings, await killed.kill());
    note(findings, databaseFault(folder));
    const next = new ServiceProcess(folder, []);
    note(findings, await durabilityFault(await next.ready));
    note(findings, await next.stop());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function note(findings: Findings, fault: string | null): void {
  if (fault) findings.note(`in a folder just begun: ${fault}`);
}

/** As the first version left it. */
function makeOlder(folder: string): void {
  const migrations = join(folder, 'migrations');
  mkdirSync(join(migrations, 'meta'), { recursive: true });
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'));
  const [first] = journal.entries as { tag: string }[];
  const file = `${first!.tag}.sql`;
  writeFileSync(join(migrations, file), readFileSync(join(MIGRATIONS, file)));
  writeFileSync(
    join(migrations, 'meta/_journal.json'),
    JSON.stringify({ ...journal, entries: [first] }),
  );
  const client = new Database(join(folder, 'underlabel.db'));
  client.pragma('journal_mode = WAL');
  migrate(drizzle(client), { migrationsFolder: migrations });
  client.close();
  rmSync(migrations, { recursive: true });
}
