/** `underlabel backup`: a consistent copy of the database, while the service goes on. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import type { Download } from '../client.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { pathOf } from '../folder.ts';
import { print, progress, progressDone } from '../screen.ts';

interface Options extends Asking {
  force?: true;
}

const HELP = `
It holds all that the service had acknowledged when it was asked, and what webhooks are signed with;
keys and settings are not in it. Its length and SHA-256 are checked, and FILE is there whole or not
at all.

To restore: stop the service, put the copy into the data folder as underlabel.db, remove
underlabel.db-wal and underlabel.db-shm there, start the service. See docs/operations.md.

Examples:
  underlabel backup "underlabel-$(date +%F).db"
  underlabel backup /backups/underlabel.db --force --json`;

export function addBackup(parent: Command): void {
  const command = parent
    .command('backup <file>')
    .description('a consistent copy of the database, while the service goes on')
    .option('--force', 'replace the file where it is there already')
    .addHelpText('after', HELP);
  asking(command).action(ending(backup));
}

async function backup(name: string, options: Options): Promise<Exit> {
  const file = pathOf(name);
  refuseExisting(file, options);
  const unfinished = `${file}.unfinished`;
  try {
    const handle = await writable(unfinished);
    const copy = await writing(handle, () => serviceOf(options).download('POST', 'backup'));
    refuseExisting(file, options);
    await rename(unfinished, file);
    await keepName(file);
    tell(file, copy, options);
    return EXIT.fine;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw foreseen(error, file);
  }
}

function refuseExisting(file: string, { force }: Options): void {
  if (force || !existsSync(file)) return;
  const text = `${file} is there already, so nothing was written. Give another name, or replace it with --force.`;
  throw new CommandError('file', text);
}

/** Whoever may read it may read every trace: it is for this user alone. */
async function writable(unfinished: string): Promise<FileHandle> {
  await rm(unfinished, { force: true });
  return open(unfinished, 'wx', 0o600);
}

/** Once it resolves, the bytes are checked and on disk. */
async function writing(handle: FileHandle, ask: () => Promise<Download>): Promise<Download> {
  try {
    const download = await ask();
    const hash = createHash('sha256');
    let bytes = 0;
    await handle.writeFile(
      (async function* () {
        for await (const part of download.parts) {
          hash.update(part);
          bytes += part.length;
          progress(`${bytes} of ${download.bytes} bytes`);
          yield part;
        }
      })(),
    );
    if (bytes !== download.bytes || !hash.digest().equals(download.sha256)) {
      const text = 'what came is not what the service sent (its length or SHA-256 differs)';
      throw new CommandError('foreign-answer', text);
    }
    await handle.sync();
    return download;
  } finally {
    progressDone();
    await handle.close();
  }
}

/** The name is an entry of the folder, and on disk once the folder is. Not every system lets one ask for that. */
async function keepName(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function tell(file: string, { bytes, sha256 }: Download, { json }: Options): void {
  const digest = sha256.toString('hex');
  if (json) {
    printJson(JSON.stringify({ file, bytes, sha256: digest }));
    return;
  }
  print(`wrote ${file}: ${bytes} bytes, SHA-256 ${digest}`);
  print('to restore it: stop the service, put it into the data folder as underlabel.db, remove');
  print('underlabel.db-wal and underlabel.db-shm there, start the service');
}

function foreseen(error: unknown, file: string): unknown {
  if (error instanceof CommandError) {
    const text = `${error.message}\nNo backup was written.`;
    return new CommandError(error.code, text, { cause: error });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const text = `${file} can't be written (${code}), so there is no backup. Check the path and the space there.`;
  return new CommandError('file', text, { cause: error });
}
