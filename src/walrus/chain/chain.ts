/**
 * What Sui and the Walrus storage nodes say of blobs: words of others, with the time and the epoch
 * they were said in. Everything that is asked and answered is bounded (chain-limits.ts).
 */
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainFact } from '../chain-fact.ts';
import type { BlobTypes } from './blob-object.ts';
import { ChainError, type ChainErrorCode } from './chain-error.ts';
import { type ChainLimits, DEFAULT_LIMITS } from './chain-limits.ts';
import { type AskedBlob, type Outcome, readInOneEpoch } from './chain-reading.ts';
import { Epochs } from './epochs.ts';
import { FullNode } from './full-node.ts';
import { NodeStatuses } from './node-statuses.ts';
import { PUBLIC_FULL_NODES } from './public-full-nodes.ts';
import { type ChainNetwork, networkName, packageConfigOf } from './sui-networks.ts';
import type { ReadObject } from './sui-object.ts';
import { SuiObjects } from './sui-objects.ts';
import type { Fetch } from './whole-fetch.ts';

export type { AskedBlob } from './chain-reading.ts';

/** Why something about a blob isn't known. */
export interface ChainFailure {
  blobId: BlobId;
  code: ChainErrorCode;
  /** What happened, what follows from it and what to do. */
  message: string;
  /** Seconds the other side asks to be left alone for. */
  retryAfterSeconds: number | null;
}

export interface ChainAnswers {
  facts: ChainFact[];
  /**
   * A blob is in one of the two. It is in both where its object says that it is registered only or
   * that its storage ended, and the storage nodes could not be asked whether another object keeps it.
   */
  failures: ChainFailure[];
}

export interface Chain {
  /** `mainnet`, `testnet`, or the name of a custom network. */
  readonly network: string;
  /**
   * Asks about each blob. How objects and storage nodes make up an answer is in blob-judgement.ts.
   * @throws ChainError where nothing could be had at all; the signal's reason where it is aborted
   */
  facts(asked: readonly AskedBlob[], signal: AbortSignal): Promise<ChainAnswers>;
  /**
   * Reads any objects. Those who read at about the same time share calls of up to 50 objects.
   * @returns one result for each id, in their order; what goes wrong with one, or with the call it
   * was in, is its own result
   * @throws the signal's reason where it is aborted
   */
  readObjects(objectIds: readonly string[], signal: AbortSignal): Promise<ReadObject[]>;
  /** The Move types of the network's Walrus. @throws ChainError; the signal's reason where it is aborted */
  blobTypes(signal: AbortSignal): Promise<BlobTypes>;
}

export interface ChainOptions {
  network: ChainNetwork;
  /** Of a full node that speaks gRPC-web; by default the public one of the network. */
  grpcUrl?: string | null;
  /** For the full node and the storage nodes, whose addresses are on chain: it must refuse what may not be asked. */
  fetch: Fetch;
  /** Wall clock, ms. */
  now?: () => number;
  /** `http` only for a network on this machine. */
  storageNodeUrlScheme?: 'http' | 'https';
  limits?: Partial<ChainLimits>;
}

/** @throws Error where a custom network comes without the URL of a full node, or with what is none */
export function createChain(options: ChainOptions): Chain {
  const { network, fetch, now = Date.now, storageNodeUrlScheme = 'https' } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const name = networkName(network);
  const node = new FullNode({ network: name, grpcUrl: grpcUrlOf(options), fetch, now, limits });
  const means = {
    ...{ node, fetch, now, limits, storageNodeUrlScheme },
    ...{ network: name, packageConfig: packageConfigOf(network) },
  };
  const objects = new SuiObjects(node, limits);
  const reading = {
    ...{ network: name, now, objects },
    ...{ epochs: new Epochs(means), statuses: new NodeStatuses(means) },
  };
  return {
    network: name,
    readObjects: (objectIds, signal) => objects.read(objectIds, signal),
    blobTypes: async (signal) => (await reading.epochs.current(signal)).types,
    async facts(asked, signal) {
      if (asked.length === 0) return { facts: [], failures: [] };
      const outcomes = await readInOneEpoch(asked, reading, signal).catch((error: unknown) => {
        throw error instanceof ChainError ? nothingKnown(error) : error;
      });
      return answersOf(outcomes);
    },
  };
}

function grpcUrlOf({ network, grpcUrl }: ChainOptions): string {
  if (grpcUrl) return grpcUrl;
  if (typeof network === 'string') return PUBLIC_FULL_NODES[network];
  throw new Error(`The network ${network.name} has no public full node: give the URL of one.`);
}

/** @throws ChainError where nothing could be had at all */
function answersOf(outcomes: readonly Outcome[]): ChainAnswers {
  const [first] = outcomes;
  if (first?.error && outcomes.every(({ outOfReach }) => outOfReach))
    throw nothingKnown(first.error);
  return {
    facts: outcomes.flatMap(({ fact }) => (fact ? [fact] : [])),
    failures: outcomes.flatMap((one) => (one.error ? [failureOf(one, one.error)] : [])),
  };
}

function failureOf({ blobId, fact }: Outcome, error: ChainError): ChainFailure {
  const { code, happened, toDo, retryAfterSeconds } = error;
  const unknown = fact
    ? "so whether another object keeps this blob isn't known"
    : "so what the chain says of this blob isn't known; the watch goes on";
  return { blobId, code, message: `${happened}, ${unknown}. ${toDo}`, retryAfterSeconds };
}

function nothingKnown(cause: ChainError): ChainError {
  const { code, toDo, retryAfterSeconds } = cause;
  const happened = `${cause.happened}, so what the chain says of blobs isn't known; the watch goes on`;
  return new ChainError(code, { happened, toDo }, { cause, retryAfterSeconds });
}
