/** Settings of the Walrus network: where bytes are fetched, where the chain is asked, what is checked by itself. */
import { z } from 'zod';
import { PUBLIC_AGGREGATORS } from '../walrus/aggregators/public-aggregators.ts';
import { PUBLIC_FULL_NODES } from '../walrus/chain/public-full-nodes.ts';
import { MAX_SHARDS, MIN_SHARDS, N_SHARDS } from '../walrus/encoder/encoder-limits.ts';
import type { WalrusSettings } from '../walrus-desk.ts';
import { accepting, baseUrl } from './accepting.ts';

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
    z.enum(['off', 'mainnet', 'testnet', 'custom']).nullable(),
    'off, mainnet, testnet or custom',
  ).default(null),
  aggregators: accepting(
    z.array(baseUrl).min(1).max(MOST_AGGREGATORS).nullable(),
    `1 to ${MOST_AGGREGATORS} https: URLs without user, query and fragment, in the order in which they are asked (http: only for hosts that UNDERLABEL_ALLOW_HOSTS lists)`,
  ).default(null),
  suiUrl: accepting(
    z.union([z.literal('off'), baseUrl]).nullable(),
    'an https: URL of a Sui full node (gRPC) without user, query and fragment, or off: then the chain is not asked',
  ).default(null),
  walrusSystemObject: accepting(objectId.nullable(), 'a Sui object id: 0x and hex digits').default(
    null,
  ),
  walrusStakingPool: accepting(objectId.nullable(), 'a Sui object id: 0x and hex digits').default(
    null,
  ),
  walrusShards: accepting(
    z.int().min(MIN_SHARDS).max(MAX_SHARDS).nullable(),
    `a whole number from ${MIN_SHARDS} to ${MAX_SHARDS} (mainnet and testnet have ${N_SHARDS})`,
  ).default(null),
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

const VARIABLES = {
  aggregators: 'UNDERLABEL_AGGREGATORS',
  suiUrl: 'UNDERLABEL_SUI_URL',
  walrusSystemObject: 'UNDERLABEL_WALRUS_SYSTEM_OBJECT',
  walrusStakingPool: 'UNDERLABEL_WALRUS_STAKING_POOL',
  walrusShards: 'UNDERLABEL_WALRUS_SHARDS',
} as const;
const OF_CUSTOM = ['walrusSystemObject', 'walrusStakingPool', 'walrusShards'] as const;

/** Whoever names aggregators believes that something is checked. Who says `off` knows that nothing is. */
function withoutNetwork(parsed: Parsed): string[] {
  const names = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];
  return names
    .filter((name) => parsed[name] !== null && parsed[name] !== 'off')
    .map(
      (name) =>
        `${VARIABLES[name]} is set and UNDERLABEL_WALRUS is not, so nothing would be fetched; set it to mainnet, testnet or custom, or to off`,
    );
}

/** A public network is what it is: with other shards every blob of it would be a mismatch. */
function ofNoPublicNetwork(parsed: Parsed, walrus: 'mainnet' | 'testnet'): string[] {
  return OF_CUSTOM.filter((name) => parsed[name] !== null).map(
    (name) =>
      `${VARIABLES[name]} is for custom networks, and UNDERLABEL_WALRUS is ${walrus}; leave it out, or set that to custom`,
  );
}

/** Null: no network is set. @param problems where what doesn't go together is added */
export function walrusOf(parsed: Parsed, problems: string[]): WalrusSettings | null {
  const { walrus, walrusSystemObject, walrusStakingPool, walrusShards } = parsed;
  if (walrus === null) problems.push(...withoutNetwork(parsed));
  if (walrus === null || walrus === 'off') return null;
  if (walrus !== 'custom') problems.push(...ofNoPublicNetwork(parsed, walrus));
  const shards = walrusShards ?? N_SHARDS;
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
