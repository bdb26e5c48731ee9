/**
 * Walrus as it is in the current epoch. The SDK's client remembers system, staking and committee for
 * ever (partly in the Sui client it was given), so each reading of the epoch has new ones of both.
 */
import { ObjectError } from '@mysten/sui/client';
import { WalrusClient } from '@mysten/walrus';
import type { BlobTypes } from './blob-object.ts';
import { ChainError } from './chain-error.ts';
import type { ChainLimits } from './chain-limits.ts';
import type { FullNode } from './full-node.ts';
import type { PackageConfig } from './sui-networks.ts';
import { type WalrusEpoch, walrusEpoch } from './walrus-epoch.ts';
import { type Fetch, wholeFetch } from './whole-fetch.ts';

/** One reading of the epoch, and the client for as long as it holds. */
export interface CurrentEpoch extends WalrusEpoch {
  types: BlobTypes;
  client: WalrusClient;
  readAt: number;
  /** While the change to it is going on: about when it began, ms. */
  changingSince: number;
}

interface Means {
  node: FullNode;
  network: string;
  packageConfig: PackageConfig;
  /** For the storage nodes. */
  fetch: Fetch;
  storageNodeUrlScheme: 'http' | 'https';
  /** Wall clock, ms. */
  now: () => number;
  limits: ChainLimits;
}

export class Epochs {
  readonly #means: Means;
  #current: CurrentEpoch | null = null;
  #reading: Promise<CurrentEpoch> | null = null;
  #doubted = false;

  constructor(means: Means) {
    this.#means = means;
  }

  /**
   * Read once an epoch: again when the next one is due, while one is beginning, and after an hour.
   * @throws ChainError; the signal's reason where it is aborted
   */
  async current(signal: AbortSignal): Promise<CurrentEpoch> {
    signal.throwIfAborted();
    if (this.#current && !this.#isDue(this.#current)) return this.#current;
    // One reading serves all who ask meanwhile: whoever gives up ends only their own waiting.
    return this.#means.node.ask(() => {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = null;
      });
      return this.#reading;
    }, signal);
  }

  /** Something was seen that can't be in the epoch as it was read: it is read again. */
  doubt(): void {
    this.#doubted = true;
  }

  #isDue({ startedAt, durationMs, readAt }: CurrentEpoch): boolean {
    const { now, limits } = this.#means;
    const age = now() - readAt;
    if (this.#doubted || age < 0 || age >= limits.epochForMs) return true;
    const changing = startedAt === null || now() >= startedAt + durationMs;
    return changing && age >= limits.changingEpochForMs;
  }

  async #read(): Promise<CurrentEpoch> {
    const { node, packageConfig, now, storageNodeUrlScheme, limits } = this.#means;
    const timeout = limits.nodeTimeoutMs;
    const client = new WalrusClient({
      packageConfig,
      suiClient: node.newClient(),
      storageNodeUrlScheme,
      storageNodeClientOptions: {
        timeout,
        fetch: wholeFetch(this.#means.fetch, {
          maxBytes: limits.maxStatusBytes,
          timeoutMs: timeout,
        }),
      },
    });
    const readAt = now();
    // Asked in one go, so that the two objects come in one request.
    const [blobType, staking] = await Promise.all([
      client.getBlobType(),
      client.stakingState(),
    ]).catch((error: unknown) => {
      throw isMissing(error) ? this.#wrongNetwork(error) : error;
    });
    const epoch = walrusEpoch(staking);
    const packageId = blobType.slice(0, blobType.indexOf('::'));
    this.#doubted = false;
    this.#current = {
      ...epoch,
      client,
      readAt,
      types: { blobType, sharedBlobType: `${packageId}::shared_blob::SharedBlob` },
      changingSince: this.#changingSince(epoch, readAt),
    };
    return this.#current;
  }

  /** Where the last epoch was seen, its change was due at a known time; else it began before now. */
  #changingSince({ epoch }: WalrusEpoch, readAt: number): number {
    const before = this.#current;
    if (before?.epoch === epoch) return before.changingSince;
    if (before?.epoch !== epoch - 1 || before.startedAt === null) return readAt;
    return Math.min(before.startedAt + before.durationMs, readAt);
  }

  #wrongNetwork(cause: unknown): ChainError {
    const { network, packageConfig } = this.#means;
    return new ChainError(
      'wrong-network',
      {
        happened: `the full node has no Walrus object ${packageConfig.systemObjectId} or ${packageConfig.stakingPoolId}, so it is not of the network ${network}`,
        toDo: 'Configure a full node of that network.',
      },
      { cause },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ObjectError && error.reason === 'notFound';
}
