/** What is on disk right after a kill: looked at in a copy only, so that the service finds what it left. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const FILE = 'underlabel.db';

/** @returns what is wrong with it; null where nothing is, or there is no database yet */
export function databaseFault(dataFolder: string): string | null {
  if (!existsSync(join(dataFolder, FILE))) return null;
  const folder = mkdtempSync(join(tmpdir(), 'underlabel-soak-copy-'));
  try {
    for (const name of [FILE, `${FILE}-wal`]) {
      if (existsSync(join(dataFolder, name))) {
        copyFileSync(join(dataFolder, name), join(folder, name));
      }
    }
    const copy = new Database(join(folder, FILE));
    const said = copy.pragma('integrity_check', { simple: true });
    const orphans = copy.pragma('foreign_key_check') as unknown[];
    copy.close();
    if (said === 'ok' && orphans.length === 0) return null;
    return `the database is damaged: ${said}, ${orphans.length} rows without what they belong to`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns what is wrong with how the live writer commits, as the service itself says; null where nothing is */
export async function durabilityFault(url: string): Promise<string | null> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) });
  const [, labels = ''] = /^underlabel_store_info\{(.*)\} 1$/m.exec(await answer.text()) ?? [];
  const isSafe = labels.includes('journal_mode="wal"') && labels.includes('synchronous="full"');
  return isSafe ? null : `the live writer runs with '${labels}'`;
}
