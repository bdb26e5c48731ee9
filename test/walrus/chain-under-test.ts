/** A chain that asks a stand-in Sui with the real clients, at a pace for tests. */
import { randomBytes } from 'node:crypto';
import { type Sui, type SuiOptions, startSui } from '../../src/sandbox/sui.ts';
import { type AskedBlob, type Chain, createChain } from '../../src/walrus/chain/chain.ts';
import type { ChainLimits } from '../../src/walrus/chain/chain-limits.ts';
import type { Fetch } from '../../src/walrus/chain/whole-fetch.ts';
import type { ChainFact } from '../../src/walrus/chain-fact.ts';

export const DAY_MS = 86_400_000;
/** When epoch 7 of the stand-in began. */
export const STARTED_AT = 1_800_000_000_000;

export const someBlobId = () => randomBytes(32).toString('base64url');

export function startTestSui(options: SuiOptions = {}): Promise<Sui> {
  return startSui({ nShards: 22, epoch: 7, epochStartedAt: STARTED_AT, ...options });
}

export interface ChainUnderTest extends Chain {
  /** What its clock shows, ms. */
  time: number;
  /** The one fact about one blob. */
  fact(asked: AskedBlob): Promise<ChainFact>;
  /** The fact about a blob that was just registered, for its object. */
  factOf(blobId: string, objectId: string | null, was?: ChainFact): Promise<ChainFact>;
}

export const unhurried = () => new AbortController().signal;

export function chainOn(
  sui: Sui,
  limits: Partial<ChainLimits> = {},
  options: { fetch?: Fetch; grpcUrl?: string } = {},
): ChainUnderTest {
  const chain = createChain({
    network: { name: 'standin', packageConfig: sui.packageConfig },
    grpcUrl: options.grpcUrl ?? sui.url,
    fetch: options.fetch ?? globalThis.fetch,
    now: () => tested.time,
    storageNodeUrlScheme: 'http',
    limits: { requestsPerSecond: 10_000, blobsPerSecond: 10_000, gatherMs: 1, ...limits },
  });
  const tested: ChainUnderTest = {
    ...chain,
    time: STARTED_AT + DAY_MS,
    async fact(asked) {
      const { facts, failures } = await chain.facts([asked], unhurried());
      const [fact] = facts;
      if (!fact || failures.length > 0) throw new Error(JSON.stringify(failures));
      return fact;
    },
    factOf: (blobId, objectId, was) => tested.fact({ blobId, objectId, was: was ?? null }),
  };
  return tested;
}

/** How many requests of each kind came while `task` ran. */
export async function requestsDuring(sui: Sui, task: () => Promise<unknown>) {
  const before = { ...sui.requests };
  await task();
  const counts = Object.entries(sui.requests).map(([name, n]) => [name, n - (before[name] ?? 0)]);
  return Object.fromEntries(counts.filter(([, n]) => n !== 0)) as Record<string, number>;
}
