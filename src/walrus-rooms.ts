/** The composition of what looks after blobs where a network is set: who fetches, who computes, who asks the chain. */

import { inspectFile } from './inspect/inspect.ts';
import { gaveUp } from './inspect/inspection.ts';
import { peekInto } from './inspect/peek.ts';
import type { BlobId } from './lineage/manifest.ts';
import type { SuiReader } from './sources/sui-reader.ts';
import { Turns } from './walrus/aggregators/turns.ts';
import { createVerifier, type Verifier } from './walrus/aggregators/verifier.ts';
import { createChain } from './walrus/chain/chain.ts';
import { ChainError } from './walrus/chain/chain-error.ts';
import { mostBytes } from './walrus/encoder/encoder-limits.ts';
import { createEncoderPool } from './walrus/encoder/encoder-pool.ts';
import { standingOf } from './walrus/standing.ts';
import { CHAIN_OFF, type DeskMeans, type WalrusDesk, type WalrusSettings } from './walrus-desk.ts';
import type { BlobDesk } from './watch/blob-desk.ts';
import { ChainWatch } from './watch/chain-watch.ts';
import { RUNS_AT_ONCE, VerificationWatch } from './watch/verification-watch.ts';

/** Somebody waits for them: they don't queue behind what goes on by itself. */
const ON_DEMAND_AT_ONCE = 2;

export function openWalrusRooms(means: DeskMeans): WalrusDesk {
  const { settings, store, fetcher, clock, dataFolder, metrics, log } = means;
  const encoder = createEncoderPool();
  const verifier = createVerifier({
    fetcher,
    aggregators: settings.aggregators,
    encoder,
    spoolFolder: dataFolder,
    maxBytes: mostBytes(settings.shards),
    nShards: settings.shards,
    atOnce: RUNS_AT_ONCE + ON_DEMAND_AT_ONCE,
    now: clock.now,
    elapsed: clock.elapsed,
  });
  const verifications = new VerificationWatch({
    store,
    verifier,
    inspectFile,
    policy: settings.verify,
    clock,
    report: {
      verified(run) {
        metrics.verified(run);
        for (const { outcome, blobId, aggregator, code } of run.attempts) {
          const told = { blobId, aggregator, code };
          if (outcome === 'mismatch') log.error(told, 'other bytes are served under a Blob ID');
          else log.info({ ...told, outcome }, 'a blob was checked');
        }
      },
      failed: (blobId, err) => log.error({ blobId, err }, 'a blob could not be checked'),
    },
  });
  const chain = chainOf(means, settings);
  return {
    sui: chain?.sui ?? null,
    verifyNow: (blobId) => verifications.verifyNow(blobId),
    async askChainNow(blobId) {
      await chain?.watch.askNow(blobId);
    },
    chainProblem: (blobId) => (chain ? chain.watch.problem(blobId) : CHAIN_OFF),
    peek: peekOf(means, verifier),
    async start() {
      await verifications.start();
      chain?.watch.start();
    },
    wake() {
      verifications.wake();
      chain?.watch.wake();
    },
    async stop() {
      await Promise.all([verifications.stop(), chain?.watch.stop()]);
      await verifier.close();
      await encoder.close();
    },
  };
}

function chainOf({ store, fetcher, clock, metrics, log }: DeskMeans, settings: WalrusSettings) {
  if (settings.chain === null) return null;
  const { suiUrl, packageConfig } = settings.chain;
  const chain = createChain({
    network:
      packageConfig === null
        ? (settings.network as 'mainnet' | 'testnet')
        : { name: settings.network, packageConfig },
    grpcUrl: suiUrl,
    fetch: fetcher.fetch,
    now: clock.now,
    // A network on loopback has no certificates; every other one has.
    storageNodeUrlScheme: new URL(suiUrl).protocol === 'http:' ? 'http' : 'https',
  });
  const objects = new BlobObjects();
  const watch = new ChainWatch({
    store,
    network: chain.network,
    objectOf: (blobId) => objects.of(blobId),
    ask: (asked, signal) => chain.facts(asked, signal),
    problemOf: (error) =>
      error instanceof ChainError ? { code: error.code, message: error.message } : null,
    clock,
    expiryDays: settings.expiryDays,
    report: {
      asked: ({ facts, failures }) => metrics.chainAsked(facts.length, failures.length),
      outOfReach(problem) {
        metrics.chainOutOfReach();
        log.warn(problem, 'the chain could not be asked; the watch of labels goes on');
      },
      failed: (err) => log.error({ err }, 'what the chain said could not be recorded'),
    },
  });
  const sui: SuiReader = {
    network: chain.network,
    now: clock.now,
    host: new URL(suiUrl).host,
    readObjects: (objectIds, signal) => chain.readObjects(objectIds, signal),
    blobTypes: (signal) => chain.blobTypes(signal),
    noteBlobObject: (blobId, objectId) => objects.note(blobId, objectId),
  };
  return { watch, sui };
}

const MOST_OBJECTS = 10_000;

/** Which object stands for a blob, as far as sources saw it. What is forgotten is seen again. */
class BlobObjects {
  readonly #seen = new Map<BlobId, string>();

  of(blobId: BlobId): string | null {
    return this.#seen.get(blobId) ?? null;
  }

  note(blobId: BlobId, objectId: string): void {
    if (this.#seen.size >= MOST_OBJECTS) this.#seen.clear();
    this.#seen.set(blobId, objectId);
  }
}

/** Of all who ask for comparisons: each look may take a thread and its memory. */
const PEEKS_AT_ONCE = 2;
/** What could not be looked into is not asked for again at once, however often somebody compares. */
const PEEK_AGAIN_MS = 60_000;

/** Looks at what was never looked at. An aggregator's word is enough here, and is called that. */
function peekOf({ store, clock, log }: DeskMeans, verifier: Verifier): BlobDesk['peek'] {
  const turns = new Turns(PEEKS_AT_ONCE);
  const triedAt = new Map<BlobId, number>();

  async function isWorthIt(blobId: BlobId): Promise<boolean> {
    if (clock.elapsed() - (triedAt.get(blobId) ?? Number.NEGATIVE_INFINITY) < PEEK_AGAIN_MS) {
      return false;
    }
    if ((await store.inspections([blobId])).has(blobId)) return false;
    const { attempts } = (await store.blobFacts([blobId], null)).get(blobId)!;
    // The word of one who is known to serve other bytes is none.
    return standingOf(attempts).state !== 'mismatch';
  }

  async function peekAt(path: string, blobId: BlobId, signal: AbortSignal): Promise<void> {
    if (!(await isWorthIt(blobId))) return;
    if (triedAt.size >= MOST_OBJECTS) triedAt.clear();
    triedAt.set(blobId, clock.elapsed());
    const read = (bytes: number) => verifier.readBlobPrefix(blobId, bytes, signal);
    const inspection = await peekInto(path, read, signal);
    if (inspection && !gaveUp(inspection)) {
      await store.recordInspection(blobId, 'unverified', inspection, clock.now());
    }
  }

  return async (files, signal) => {
    for (const { path, blobId } of files) {
      try {
        await turns.run(signal, () => peekAt(path, blobId, signal));
      } catch (err) {
        if (signal.aborted) return;
        log.info({ blobId, err }, 'the beginning of a blob could not be read');
      }
    }
  };
}
