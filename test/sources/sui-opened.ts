/** Labels kept on a stand-in Sui of the test's own, read with the real clients. */
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { sourceSpec } from '../../src/contract/label.ts';
import { type Sui, startSui } from '../../src/sandbox/sui.ts';
import type { Json, SuiObjectRef } from '../../src/sandbox/sui-ledger.ts';
import { openSource } from '../../src/sources/index.ts';
import { LastReadings } from '../../src/sources/last-readings.ts';
import type { Source } from '../../src/sources/source.ts';
import type { SuiReader } from '../../src/sources/sui-reader.ts';
import { createChain } from '../../src/walrus/chain/chain.ts';
import type { ChainLimits } from '../../src/walrus/chain/chain-limits.ts';
import { fetcher } from '../fetch/opened.ts';

export const REGISTRY = `0x${'7a'.repeat(32)}::registry::Registry`;
export const NOON = Date.UTC(2026, 10, 17, 12);

export const someBlobId = () => randomBytes(32).toString('base64url');
/** The number that explorers and Move have for a Blob ID. */
export const asU256 = (blobId: string) =>
  `${BigInt(`0x${Buffer.from(blobId, 'base64url').reverse().toString('hex')}`)}`;

export interface SuiStand {
  sui: Sui;
  reader: SuiReader;
  source(spec: object): Source;
  /** An object of type REGISTRY with this JSON. */
  registry(json: Json): SuiObjectRef;
}

/** Its full node doesn't say how far it has come, until the test lets it. */
export async function suiStand(limits: Partial<ChainLimits> = {}): Promise<SuiStand> {
  const sui = await startSui({ nShards: 11 });
  onTestFinished(() => sui.close());
  sui.answers.asOf = null;
  const chain = createChain({
    network: { name: 'standin', packageConfig: sui.packageConfig },
    grpcUrl: sui.url,
    fetch: fetcher().fetch,
    now: () => NOON,
    storageNodeUrlScheme: 'http',
    limits: { requestsPerSecond: 10_000, ...limits },
  });
  const reader = { ...chain, host: new URL(sui.url).host, now: () => NOON };
  const lastReadings = new LastReadings();
  return {
    sui,
    reader,
    source(spec) {
      const parsed = sourceSpec.parse({ kind: 'sui-object', ...spec });
      const means = { fetcher: fetcher(), allowFiles: null, lastReadings, sui: reader };
      return openSource(parsed, means)!;
    },
    registry: (json) => sui.put({ type: REGISTRY, content: new Uint8Array(32), json }),
  };
}
