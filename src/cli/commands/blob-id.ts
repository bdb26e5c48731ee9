/** `underlabel blob-id`: the Walrus Blob IDs of local files. No network, no service. */
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { blobIdOf, MAX_ENCODABLE_BYTES } from '../../walrus/encode.ts';
import { ending, printJson } from '../asking.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { pathOf } from '../folder.ts';
import { shown } from '../plain.ts';
import { complain, print } from '../screen.ts';

const HELP = `
Takes about a second for small files, and a minute and 2.5 GB of memory for 1 GB.

Example:
  underlabel blob-id model.onnx weights/*.bin`;

export function addBlobId(parent: Command): void {
  parent
    .command('blob-id <file...>')
    .description('the Walrus Blob ID of local files, one "ID  FILE" line each')
    .option('--json', 'print [{blobId, file}]')
    .addHelpText('after', HELP)
    .action(ending(blobIds));
}

async function blobIds(files: string[], { json }: { json?: true }): Promise<Exit> {
  const found: { blobId: string; file: string }[] = [];
  for (const file of files) {
    try {
      const blobId = await blobIdOf(await bytesOf(file));
      found.push({ blobId, file });
      if (!json) print(`${blobId}  ${shown(file)}`);
    } catch (error) {
      complain((error as Error).message);
    }
  }
  if (json) printJson(JSON.stringify(found));
  return found.length === files.length ? EXIT.fine : EXIT.error;
}

/** Its size is known before a byte is read. */
async function bytesOf(file: string): Promise<Buffer> {
  const handle = await open(pathOf(file)).catch((cause: NodeJS.ErrnoException) => {
    throw noBlobId(file, `it can't be opened (${cause.code})`, 'Check the path', cause);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw noBlobId(file, 'it is not a file', 'Give files, not folders');
    if (stat.size > MAX_ENCODABLE_BYTES) {
      const toDo = 'Compute it with the Walrus command line';
      throw noBlobId(file, `it has ${stat.size} bytes and the encoder ends below 2 GiB`, toDo);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function noBlobId(file: string, problem: string, toDo: string, cause?: unknown): CommandError {
  return new CommandError('file', `${shown(file)} has no Blob ID here: ${problem}. ${toDo}.`, {
    cause,
  });
}
