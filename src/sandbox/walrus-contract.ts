/**
 * The objects of the Walrus contract that clients read before anything else: system, staking, and
 * the storage nodes' pools, in BCS (MystenLabs/walrus: contracts/walrus/sources). What nobody reads
 * is zero or empty.
 */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import type { SuiLedger } from './sui-ledger.ts';

/** Of the contract: the inner objects are dynamic fields under this number. */
const VERSION = 1n;
const NOWHERE = `0x${'0'.repeat(64)}`;
const KEY = new Uint8Array(96);

const element = bcs.struct('Element', { bytes: bcs.byteVector() });
const committeeLayout = bcs.vector(
  bcs.struct('Entry', { key: bcs.Address, value: bcs.vector(bcs.u16()) }),
);
const pendingLayout = bcs.vector(bcs.struct('Entry', { key: bcs.u32(), value: bcs.u64() }));
const sizedLayout = bcs.struct('Table', { id: bcs.Address, size: bcs.u64() });

const handleLayout = bcs.struct('Handle', {
  id: bcs.Address,
  version: bcs.u64(),
  package_id: bcs.Address,
  new_package_id: bcs.option(bcs.Address),
});

const systemLayout = bcs.struct('SystemStateInnerV1', {
  committee: bcs.struct('BlsCommittee', {
    members: bcs.vector(
      bcs.struct('Member', { public_key: element, weight: bcs.u16(), node_id: bcs.Address }),
    ),
    n_shards: bcs.u16(),
    epoch: bcs.u32(),
    total_aggregated_key: element,
  }),
  total_capacity_size: bcs.u64(),
  used_capacity_size: bcs.u64(),
  storage_price_per_unit_size: bcs.u64(),
  write_price_per_unit_size: bcs.u64(),
  future_accounting: bcs.struct('RingBuffer', {
    current_index: bcs.u32(),
    length: bcs.u32(),
    ring_buffer: bcs.vector(bcs.u8()), // always empty here
  }),
  event_blob_certification_state: bcs.struct('EventBlobs', {
    latest_certified_blob: bcs.option(bcs.u8()), // always none here
    aggregate_weight_per_blob: bcs.vector(bcs.u8()), // always empty here
  }),
  deny_list_sizes: bcs.Address,
});

const stakingLayout = bcs.struct('StakingInnerV1', {
  n_shards: bcs.u16(),
  epoch_duration: bcs.u64(),
  first_epoch_start: bcs.u64(),
  pools: sizedLayout,
  epoch: bcs.u32(),
  active_set: bcs.Address,
  next_committee: bcs.option(committeeLayout),
  committee: committeeLayout,
  previous_committee: committeeLayout,
  next_epoch_params: bcs.option(bcs.u8()), // always none here
  epoch_state: bcs.enum('EpochState', {
    EpochChangeSync: bcs.u16(),
    EpochChangeDone: bcs.u64(),
    NextParamsSelected: bcs.u64(),
  }),
  next_epoch_public_keys: bcs.Address,
});

const poolLayout = bcs.struct('StakingPool', {
  id: bcs.Address,
  state: bcs.enum('PoolState', { Active: null, Withdrawing: bcs.u32(), Withdrawn: null }),
  voting_params: bcs.tuple([bcs.u64(), bcs.u64(), bcs.u64()]),
  node_info: bcs.struct('StorageNodeInfo', {
    name: bcs.string(),
    node_id: bcs.Address,
    network_address: bcs.string(),
    public_key: element,
    next_epoch_public_key: bcs.option(element),
    network_public_key: bcs.byteVector(),
    metadata: bcs.Address,
  }),
  activation_epoch: bcs.u32(),
  latest_epoch: bcs.u32(),
  wal_balance: bcs.u64(),
  num_shares: bcs.u64(),
  pending_shares_withdraw: pendingLayout,
  pre_active_withdrawals: pendingLayout,
  pending_commission_rate: pendingLayout,
  commission_rate: bcs.u16(),
  exchange_rates: sizedLayout,
  pending_stake: pendingLayout,
  rewards_pool: bcs.u64(),
  commission: bcs.u64(),
  commission_receiver: bcs.enum('Authorized', { Address: bcs.Address, ObjectID: bcs.Address }),
  governance_authorized: bcs.enum('Authorized', { Address: bcs.Address, ObjectID: bcs.Address }),
  extra_fields: sizedLayout,
});

/** What the contract says of its epochs. */
export interface Epochs {
  epoch: number;
  durationMs: number;
  /** When the change to this epoch was done, ms; null while it is still going on. */
  startedAt: number | null;
}

export interface StorageNode {
  nodeId: string;
  /** `host:port`, and a path where there is one. */
  address: string;
  shards: readonly number[];
}

export interface WalrusContract {
  systemObjectId: string;
  stakingPoolId: string;
  /** Writes the epoch into both. */
  setEpochs(epochs: Epochs): void;
}

/** Puts the contract's objects into the ledger. @param packageId that all its types are of */
export function deployWalrus(
  ledger: SuiLedger,
  packageId: string,
  { nShards, nodes, epochs }: { nShards: number; nodes: readonly StorageNode[]; epochs: Epochs },
): WalrusContract {
  const systemObjectId = ledger.newId();
  const stakingPoolId = ledger.newId();
  const handle = (id: string) =>
    handleLayout
      .serialize({ id, version: VERSION, package_id: packageId, new_package_id: null })
      .toBytes();
  const shared = {
    owner: 'shared' as const,
    json: { version: `${VERSION}`, package_id: packageId },
  };
  ledger.put({
    ...shared,
    objectId: systemObjectId,
    type: `${packageId}::system::System`,
    content: handle(systemObjectId),
  });
  ledger.put({
    ...shared,
    objectId: stakingPoolId,
    type: `${packageId}::staking::Staking`,
    content: handle(stakingPoolId),
  });
  for (const [at, node] of nodes.entries()) putPool(ledger, packageId, node, `node-${at}`);

  const setEpochs = (now: Epochs) => {
    const system = systemLayout.serialize(systemState(nShards, nodes, now)).toBytes();
    putInner(
      ledger,
      systemObjectId,
      `${packageId}::system_state_inner::SystemStateInnerV1`,
      system,
    );
    const staking = stakingLayout.serialize(stakingState(nShards, nodes, now)).toBytes();
    putInner(ledger, stakingPoolId, `${packageId}::staking_inner::StakingInnerV1`, staking);
  };
  setEpochs(epochs);
  return { systemObjectId, stakingPoolId, setEpochs };
}

function putInner(ledger: SuiLedger, parent: string, type: string, value: Uint8Array): void {
  const name = bcs.u64().serialize(VERSION).toBytes();
  const objectId = deriveDynamicFieldID(parent, 'u64', name);
  ledger.put({
    objectId,
    owner: { object: parent },
    type: `0x2::dynamic_field::Field<u64, ${type}>`,
    content: Buffer.concat([bcs.Address.serialize(objectId).toBytes(), name, value]),
  });
}

function systemState(
  nShards: number,
  nodes: readonly StorageNode[],
  { epoch }: Epochs,
): Parameters<typeof systemLayout.serialize>[0] {
  const publicKey = { bytes: KEY };
  return {
    committee: {
      members: nodes.map(({ nodeId, shards }) => ({
        public_key: publicKey,
        weight: shards.length,
        node_id: nodeId,
      })),
      n_shards: nShards,
      epoch,
      total_aggregated_key: publicKey,
    },
    total_capacity_size: 1_000_000_000_000n,
    used_capacity_size: 0n,
    storage_price_per_unit_size: 1n,
    write_price_per_unit_size: 1n,
    future_accounting: { current_index: 0, length: 0, ring_buffer: [] },
    event_blob_certification_state: { latest_certified_blob: null, aggregate_weight_per_blob: [] },
    deny_list_sizes: NOWHERE,
  };
}

function stakingState(
  nShards: number,
  nodes: readonly StorageNode[],
  { epoch, durationMs, startedAt }: Epochs,
): Parameters<typeof stakingLayout.serialize>[0] {
  const committee = nodes.map(({ nodeId, shards }) => ({ key: nodeId, value: [...shards] }));
  return {
    n_shards: nShards,
    epoch_duration: BigInt(durationMs),
    first_epoch_start: 0n,
    pools: { id: NOWHERE, size: BigInt(nodes.length) },
    epoch,
    active_set: NOWHERE,
    next_committee: null,
    committee,
    previous_committee: committee,
    next_epoch_params: null,
    epoch_state:
      startedAt === null ? { EpochChangeSync: 0 } : { EpochChangeDone: BigInt(startedAt) },
    next_epoch_public_keys: NOWHERE,
  };
}

function putPool(ledger: SuiLedger, packageId: string, node: StorageNode, name: string): void {
  const nothing = { id: NOWHERE, size: 0n };
  const nobody = { Address: NOWHERE };
  const content = poolLayout.serialize({
    id: node.nodeId,
    state: { Active: true },
    voting_params: [1n, 1n, 1n],
    node_info: {
      name,
      node_id: node.nodeId,
      network_address: node.address,
      public_key: { bytes: KEY },
      next_epoch_public_key: null,
      network_public_key: KEY.subarray(0, 33),
      metadata: NOWHERE,
    },
    activation_epoch: 0,
    latest_epoch: 0,
    wal_balance: 0n,
    num_shares: 0n,
    pending_shares_withdraw: [],
    pre_active_withdrawals: [],
    pending_commission_rate: [],
    commission_rate: 0,
    exchange_rates: nothing,
    pending_stake: [],
    rewards_pool: 0n,
    commission: 0n,
    commission_receiver: nobody,
    governance_authorized: nobody,
    extra_fields: nothing,
  });
  ledger.put({
    objectId: node.nodeId,
    type: `${packageId}::staking_pool::StakingPool`,
    content: content.toBytes(),
    owner: 'shared',
  });
}
