/** The networks that Walrus runs on, and where a chain is asked when nobody says otherwise. */
import { MAINNET_WALRUS_PACKAGE_CONFIG, TESTNET_WALRUS_PACKAGE_CONFIG } from '@mysten/walrus';

export interface PackageConfig {
  systemObjectId: string;
  stakingPoolId: string;
}

/** One of the two that are known, or another with the ids of Walrus's two objects on it. */
export type ChainNetwork = 'mainnet' | 'testnet' | { name: string; packageConfig: PackageConfig };

const PACKAGES = {
  mainnet: MAINNET_WALRUS_PACKAGE_CONFIG,
  testnet: TESTNET_WALRUS_PACKAGE_CONFIG,
} as const;

export function networkName(network: ChainNetwork): string {
  return typeof network === 'string' ? network : network.name;
}

export function packageConfigOf(network: ChainNetwork): PackageConfig {
  return typeof network === 'string' ? PACKAGES[network] : network.packageConfig;
}
