/** Public full nodes that speak gRPC-web (docs.sui.io: "Sui RPC"); rate-limited, so a provider's own is better. */
export const PUBLIC_FULL_NODES = {
  mainnet: 'https://fullnode.mainnet.sui.io:443',
  testnet: 'https://fullnode.testnet.sui.io:443',
} as const;
