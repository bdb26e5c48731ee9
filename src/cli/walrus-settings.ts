/** Settings of the Walrus network: where bytes are fetched, where the chain is asked, what is checked by itself. */
import { z } from 'zod';
import { PUBLIC_AGGREGATORS } from '../walrus/aggregators/public-aggregators.ts';
import { PUBLIC_FULL_NODES } from '../walrus/chain/sui-networks.ts';
import { MAX_SHARDS, MIN_SHARDS, N_SHARDS } from '../walrus/encoder/encoder-limits.ts';
import type { WalrusSettings } from '../walrus-desk.ts';
import { accepting, webUrl } from './accepting.ts';

const MEGABYTE = 1_000_000;
const UNITS = { B: 1, kB: 1000, MB: MEGABYTE, GB: 1000 * MEGABYTE };
const MOST_AGGREGATORS = 16;

const size = z
  .string()
  .regex(/^\d{1,9}(B|kB|MB|GB)$/)
  .transform((text) => {
    const [, count, unit] = /^(\d+)(\D+)$/.exec(text)!;
    return { upToBytes: Number(count) * UNITS[unit as keyof typeof UNITS] };
  });
const objectId = z.string().regex(/^0x[0-9a-f]{1,64}$/i);
const dayCount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,4}(\.\d{1,3})?$/)
    .transform(Number),
]);

/** To be merged into the whole of the settings. */
export const walrusShape = {
  walrus: accepting(
    z.enum(['off', 'mainnet', 'testnet', 'custom']),
    'off, mainnet, testnet or custom',
  ).default('off'),
  aggregators: accepting(
    z.array(webUrl).min(1).max(MOST_AGGREGATORS).nullable(),
    `1 to ${MOST_AGGREGATORS} https: URLs without a user, in the order in which they are asked (http: only for hosts that UNDERLABEL_ALLOW_HOSTS lists)`,
  ).default(null),
  suiUrl: accepting(
    z.union([z.literal('off'), webUrl]).nullable(),
    'an https: URL of a Sui full node (gRPC), or off: then the chain is not asked',
  ).default(null),
  walrusSystemObject: accepting(objectId.nullable(), 'a Sui object id: 0x and hex digits').default(
    null,
  ),
  walrusStakingPool: accepting(objectId.nullable(), 'a Sui object id: 0x and hex digits').default(
    null,
  ),
  walrusShards: accepting(
    z.int().min(MIN_SHARDS).max(MAX_SHARDS),
    `a whole number from ${MIN_SHARDS} to ${MAX_SHARDS} (mainnet and testnet have ${N_SHARDS})`,
  ).default(N_SHARDS),
  verify: accepting(
    z.union([z.enum(['off', 'always']), size]),
    'off, always, or the size up to which blobs are checked by themselves, such as 64MB (units: B, kB, MB, GB)',
  ).default({ upToBytes: 64 * MEGABYTE }),
  expiryDays: accepting(
    z.array(dayCount.pipe(z.number().min(0).max(3650))).max(8),
    'up to 8 numbers of days before the end, such as 14,2',
  ).default([14, 2]),
};

type Parsed = z.output<z.ZodObject<typeof walrusShape>>;

/** Null: no network is set. @param problems where what doesn't go together is added */
export function walrusOf(parsed: Parsed, problems: string[]): WalrusSettings | null {
  const { walrus, walrusSystemObject, walrusStakingPool, walrusShards: shards } = parsed;
  if (walrus === 'off') return null;
  const { verify, expiryDays } = parsed;
  const suiUrl = parsed.suiUrl ?? (walrus === 'custom' ? 'off' : PUBLIC_FULL_NODES[walrus]);
  const aggregators = parsed.aggregators ?? (walrus === 'custom' ? [] : PUBLIC_AGGREGATORS[walrus]);
  const common = { aggregators, shards, verify, expiryDays };
  if (walrus !== 'custom') {
    return {
      ...common,
      network: walrus,
      chain: suiUrl === 'off' ? null : { suiUrl, packageConfig: null },
    };
  }
  if (aggregators.length === 0) {
    problems.push('UNDERLABEL_WALRUS is custom; it needs UNDERLABEL_AGGREGATORS as well');
  }
  if (suiUrl === 'off') return { ...common, network: walrus, chain: null };
  if (!walrusSystemObject || !walrusStakingPool) {
    problems.push(
      'UNDERLABEL_WALRUS is custom and UNDERLABEL_SUI_URL is set; it needs UNDERLABEL_WALRUS_SYSTEM_OBJECT and UNDERLABEL_WALRUS_STAKING_POOL as well',
    );
    return null;
  }
  const packageConfig = { systemObjectId: walrusSystemObject, stakingPoolId: walrusStakingPool };
  return { ...common, network: walrus, chain: { suiUrl, packageConfig } };
}
