/** Where the public networks' blobs are read, where nobody says otherwise. Of Mysten Labs; others run some too. */
export const PUBLIC_AGGREGATORS = {
  mainnet: ['https://aggregator.walrus-mainnet.walrus.space'],
  testnet: ['https://aggregator.walrus-testnet.walrus.space'],
} as const;
