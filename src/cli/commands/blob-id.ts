/** `underlabel blob-id`: the Walrus Blob IDs of local files. No network, no service. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { MAX_SHARDS, MIN_SHARDS, N_SHARDS } from '../../walrus/encoder/encoder-limits.ts';
import { createEncoderPool, type EncoderPool } from '../../walrus/encoder/encoder-pool.ts';
import { ending, printJson, wholeNumber } from '../asking.ts';
import { EncodingProgress, showProgress } from '../encoding-progress.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { pathOf } from '../folder.ts';
import { shown } from '../plain.ts';
import { complain, print, progressDone } from '../screen.ts';

interface Options {
  nShards: number;
  json?: true;
}

type Outcome = { blobId: string } | { error: Error };

const HELP = `
Takes a second or a few for small files, and about a minute and 2.5 GB of memory for 1 GB; files from
2 GiB on can't be encoded. Several files are encoded side by side, and printed in the order given. A
file that has no Blob ID is named on stderr; the others still get theirs, and the exit code is 2.

Examples:
  underlabel blob-id model.onnx weights/*.bin
  underlabel blob-id model.onnx --json | jq -r '.[].blobId'`;

/** More than this share memory more than they share cores; here nobody else needs one. */
const MOST_AT_A_TIME = 4;

export function addBlobId(parent: Command): void {
  parent
    .command('blob-id <file...>')
    .description('the Walrus Blob ID of local files, one "ID  FILE" line each')
    .option(
      '--n-shards <number>',
      'shards of the network; mainnet and testnet have the default',
      wholeNumber(MIN_SHARDS, MAX_SHARDS),
      N_SHARDS,
    )
    .option('--json', 'print [{blobId, file}]')
    .addHelpText('after', HELP)
    .action(ending(blobIds));
}

async function blobIds(files: string[], { nShards, json }: Options): Promise<Exit> {
  const pool = createEncoderPool({ size: Math.min(availableParallelism(), MOST_AT_A_TIME) });
  const distinct = new Set(files);
  const encoding = new EncodingProgress(distinct.size, nShards);
  const stopShowing = showProgress(encoding);
  // A file that was named twice is encoded once.
  const outcomes = new Map(
    [...distinct].map((file) => [file, outcomeOf(file, { pool, encoding, nShards })]),
  );
  const found: { blobId: string; file: string }[] = [];
  for (const file of files) {
    const outcome = await outcomes.get(file)!;
    progressDone();
    if ('error' in outcome) complain(outcome.error.message);
    else {
      found.push({ blobId: outcome.blobId, file });
      if (!json) print(`${outcome.blobId}  ${shown(file)}`);
    }
  }
  stopShowing();
  await pool.close();
  if (json) printJson(JSON.stringify(found));
  return found.length === files.length ? EXIT.fine : EXIT.error;
}

interface Means {
  pool: EncoderPool;
  encoding: EncodingProgress;
  nShards: number;
}

/** Never rejects: each file has its turn to be told of. */
async function outcomeOf(file: string, { pool, encoding, nShards }: Means): Promise<Outcome> {
  const name = shown(file);
  try {
    if (file === '-') throw standardInput();
    const onStart = (bytes: number) => encoding.began(name, bytes, performance.now());
    return { blobId: await pool.blobIdOf({ file: pathOf(file), name }, { nShards, onStart }) };
  } catch (error) {
    return { error: error as Error };
  } finally {
    encoding.ended(name, performance.now());
  }
}

/** How long it is would be known only once all of it was in memory. */
function standardInput(): CommandError {
  const text =
    '- has no Blob ID here: standard input is not read. Save it to a file first; a file of that name is ./-.';
  return new CommandError('file', text);
}
