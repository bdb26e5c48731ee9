/** Verifiers over stand-in aggregators, for a network of 10 shards; all gone when the test ends. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FetcherOptions } from '../../src/fetch/fetcher.ts';
import { type Aggregator, startAggregator } from '../../src/sandbox/aggregator.ts';
import {
  createVerifier,
  type Verifier,
  type VerifierOptions,
} from '../../src/walrus/aggregators/verifier.ts';
import { blobIdOf } from '../../src/walrus/encoder/encode.ts';
import { fetcher } from '../fetch/opened.ts';

export const N_SHARDS = 10;

export interface Opened {
  verifier: Verifier;
  folder: string;
  /** What lies in the spool folder, at any depth. */
  left(): Promise<string[]>;
}

export async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'underlabel-verifier-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function opened(
  aggregators: readonly (Aggregator | { origin: string } | string)[],
  { fetching, ...options }: Partial<VerifierOptions> & { fetching?: Partial<FetcherOptions> } = {},
): Promise<Opened> {
  const folder = options.spoolFolder ?? (await folderOfTest());
  const verifier = createVerifier({
    fetcher: fetcher(fetching),
    aggregators: aggregators.map(addressOf),
    encoder: { blobIdOf },
    spoolFolder: folder,
    maxBytes: 1_000_000,
    nShards: N_SHARDS,
    keepFreeBytes: 0,
    now: () => 1_000,
    elapsed: () => performance.now(),
    ...options,
    patience: {
      headMs: 5000,
      idleMs: 5000,
      leastBytes: 1,
      timeoutMs: 10_000,
      pauseMs: 1,
      ...options.patience,
    },
  });
  onTestFinished(() => verifier.close());
  return { verifier, folder, left: () => readdir(folder, { recursive: true }) };
}

function addressOf(aggregator: Aggregator | { origin: string } | string): string {
  if (typeof aggregator === 'string') return aggregator;
  return 'url' in aggregator ? aggregator.url : aggregator.origin;
}

export async function aggregator(): Promise<Aggregator> {
  const started = await startAggregator({ nShards: N_SHARDS });
  onTestFinished(() => started.close());
  return started;
}

/** Bytes that are the same in every run, and no two pieces of which are alike. */
export function bytesOf(seed: string, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let at = 0; at < length; at += 32) {
    blocks.push(createHash('sha256').update(`${seed} ${at}`).digest());
  }
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const idOf = (bytes: Uint8Array) => blobIdOf(bytes, { nShards: N_SHARDS });
