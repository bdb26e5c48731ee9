/**
 * What looks after blobs: its settings, and what the rest of the service sees of it. Its rooms are
 * loaded where a network is set only: the chain's libraries take half a second of every start.
 */
import type { Logger } from 'pino';
import type { Fetcher } from './fetch/fetcher.ts';
import type { Metrics } from './http/metrics.ts';
import type { SuiReader } from './sources/sui-reader.ts';
import type { Store } from './store/store.ts';
import type { PackageConfig } from './walrus/chain/sui-networks.ts';
import type { BlobDesk } from './watch/blob-desk.ts';
import type { ChainProblem } from './watch/chain-watch.ts';
import type { Clock } from './watch/clock.ts';
import type { VerifyPolicy } from './watch/verification-watch.ts';

export interface WalrusSettings {
  network: 'mainnet' | 'testnet' | 'custom';
  /** In the order in which they are asked. */
  aggregators: readonly string[];
  /** n_shards of the network. */
  shards: number;
  /** What is checked by itself. */
  verify: VerifyPolicy;
  /** Days before the end of a blob's storage, at which it is told of. */
  expiryDays: readonly number[];
  /** Null: the chain isn't asked. `packageConfig` null: the known one of the network. */
  chain: { suiUrl: string; packageConfig: PackageConfig | null } | null;
}

export interface WalrusDesk extends BlobDesk {
  /** For sources that read objects on Sui; null where the chain isn't asked. */
  readonly sui: SuiReader | null;
  start(): Promise<void>;
  /** Something may have become due. */
  wake(): void;
  stop(): Promise<void>;
}

/** What it works with. */
export interface DeskMeans {
  settings: WalrusSettings;
  store: Store;
  fetcher: Fetcher;
  clock: Clock;
  dataFolder: string;
  metrics: Metrics;
  log: Logger;
}

/** @param settings null: no network is set */
export async function openWalrusDesk(
  settings: WalrusSettings | null,
  means: Omit<DeskMeans, 'settings'>,
): Promise<WalrusDesk> {
  if (settings === null) return NO_NETWORK;
  const { openWalrusRooms } = await import('./walrus-rooms.ts');
  return openWalrusRooms({ ...means, settings });
}

export const CHAIN_OFF: ChainProblem = {
  code: 'off',
  message:
    'The chain is not asked (UNDERLABEL_WALRUS, UNDERLABEL_SUI_URL), so whether it certified the blob, and until when it is stored, is not known.',
};

/** Where no network is set: nothing is checked, and nothing claimed. */
export const NO_NETWORK: WalrusDesk = {
  sui: null,
  verifyNow: () => null,
  askChainNow: async () => {},
  chainProblem: () => CHAIN_OFF,
  peek: async () => {},
  start: async () => {},
  wake() {},
  stop: async () => {},
};
