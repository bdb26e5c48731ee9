import { randomBytes } from 'node:crypto';
import { bcs } from '@mysten/sui/bcs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { BlobNotCertifiedError, blobIdToInt, WalrusClient } from '@mysten/walrus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sui, startSui } from '../../src/sandbox/sui.ts';

let sui: Sui;
let suiClient: SuiGrpcClient;
let walrus: WalrusClient;

beforeAll(async () => {
  sui = await startSui({ nShards: 22, epoch: 7, epochStartedAt: 1_800_000_000_000 });
});
afterAll(() => sui.close());

beforeEach(() => {
  suiClient = new SuiGrpcClient({ network: 'standin', baseUrl: sui.url });
  const { packageConfig } = sui;
  walrus = new WalrusClient({ packageConfig, suiClient, storageNodeUrlScheme: 'http' });
  Object.assign(sui.answers, { refusal: null, instead: null, truncateAt: null, silent: false });
  Object.assign(sui.nodes, { failing: null, silent: 0, unknownIs404: false, instead: null });
});

const blobId = () => randomBytes(32).toString('base64url');
const count = bcs.struct('Count', { id: bcs.Address, n: bcs.u64() });
const counter = (id: string, n: number) => count.serialize({ id, n }).toBytes();

describe('a stand-in Sui, to the real clients', () => {
  it('gives objects of any type, with version, digest, content and JSON', async () => {
    const objectId = `0x${'ab'.repeat(32)}`;
    const type = '0x5::counter::Counter<u8>';
    const put = sui.put({
      objectId,
      type,
      content: counter(objectId, 3),
      json: { n: '3', of: [null, true, 1.5] },
    });
    const include = { content: true, json: true } as const;
    const { object } = await suiClient.getObject({ objectId, include });
    expect(object).toMatchObject({ ...put, json: { n: '3', of: [null, true, 1.5] } });
    expect(object.type).toMatch(/^0x0{63}5::counter::Counter<u8>$/);
    expect(count.parse(object.content)).toEqual({ id: objectId, n: '3' });

    const changed = sui.update(objectId, { content: counter(objectId, 4), json: { n: '4' } });
    expect(changed.version).not.toBe(put.version);
    expect(changed.digest).not.toBe(put.digest);
    const { object: after } = await suiClient.getObject({ objectId, include });
    expect(after).toMatchObject({ ...changed, json: { n: '4' } });

    sui.remove(objectId);
    const { objects } = await suiClient.getObjects({
      objectIds: [objectId, sui.packageConfig.systemObjectId],
    });
    expect(objects[0]).toMatchObject({ reason: 'notFound', objectId });
    expect(objects[1]).toMatchObject({ objectId: sui.packageConfig.systemObjectId });
  });

  it('takes 50 objects a call and no more, and refuses what is no object id', async () => {
    const ids = Array.from(
      { length: 101 },
      () => sui.put({ type: '0x5::c::C', content: new Uint8Array(32) }).objectId,
    );
    const before = sui.requests['LedgerService/BatchGetObjects'] ?? 0;
    const { objects } = await suiClient.getObjects({ objectIds: ids });
    expect(objects.map((object) => 'objectId' in object && object.objectId)).toEqual(ids);
    expect(sui.requests['LedgerService/BatchGetObjects']).toBe(before + 3);
    const requests = ids.slice(0, 51).map((objectId) => ({ objectId }));
    await expect(suiClient.ledgerService.batchGetObjects({ requests })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(suiClient.getObjects({ objectIds: ['nonsense'] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('says which chain it is, and that a call it does not know is unimplemented', async () => {
    expect((await suiClient.getChainIdentifier()).chainIdentifier).toMatch(/^[0-9a-f]{8}$/);
    await expect(suiClient.listCoins({ owner: '0x1' })).rejects.toMatchObject({
      code: 'UNIMPLEMENTED',
    });
  });

  it('has the system and staking objects as the Walrus client reads them', async () => {
    expect(await walrus.getBlobType()).toBe(sui.blobType);
    const system = await walrus.systemState();
    expect(system.committee).toMatchObject({ n_shards: 22, epoch: 7 });
    expect(await walrus.stakingState()).toMatchObject({
      epoch: 7,
      epoch_state: { EpochChangeDone: '1800000000000' },
      epoch_duration: `${14 * 86_400_000}`,
    });
  });

  it('gives a blob object as the Walrus client decodes it, and its attributes', async () => {
    const id = blobId();
    const attributes = { name: 'weights', é: '' };
    const objectId = sui.register({ blobId: id, size: 1234, endEpoch: 9, attributes });
    expect(await walrus.getBlobObject(objectId)).toMatchObject({
      id: objectId,
      registered_epoch: 7,
      blob_id: `${blobIdToInt(id)}`,
      size: '1234',
      encoding_type: 1,
      certified_epoch: 7,
      storage: { start_epoch: 7, end_epoch: 9 },
      deletable: false,
    });
    expect(await walrus.readBlobAttributes({ blobObjectId: objectId })).toEqual(attributes);
    const { dynamicFields, hasNextPage } = await suiClient.listDynamicFields({
      parentId: objectId,
    });
    expect(dynamicFields).toMatchObject([{ $kind: 'DynamicField', name: { type: 'vector<u8>' } }]);
    expect(hasNextPage).toBe(false);
    sui.setAttributes(objectId, null);
    await expect(walrus.readBlobAttributes({ blobObjectId: objectId })).rejects.toMatchObject({
      reason: 'notFound',
    });
  });

  it('has a transaction whose events name the object of a certified blob', async () => {
    const id = blobId();
    sui.register({ blobId: id, size: 5, endEpoch: 12 });
    const status = await walrus.getVerifiedBlobStatus({ blobId: id });
    expect(status).toMatchObject({ type: 'permanent', endEpoch: 12, isCertified: true });
    const { statusEvent } = status as Extract<typeof status, { type: 'permanent' }>;
    const transaction = await suiClient.getTransaction({
      digest: statusEvent.txDigest,
      include: { events: true },
    });
    expect(transaction.Transaction?.events).toMatchObject([
      { eventType: `${sui.packageId}::events::BlobCertified` },
    ]);
  });

  it.each(['nonexistent', '404'])('has storage nodes that know no other blob (%s)', async (how) => {
    sui.nodes.unknownIs404 = how === '404';
    const asked = walrus.getVerifiedBlobStatus({ blobId: blobId() });
    if (how === '404') await expect(asked).rejects.toBeInstanceOf(BlobNotCertifiedError);
    else expect(await asked).toEqual({ type: 'nonexistent' });
  });

  it('moves to the next epoch, which a new client sees', async () => {
    const own = await startSui({
      nShards: 11,
      epoch: 1,
      epochStartedAt: 1000,
      epochDurationMs: 500,
    });
    own.advanceEpoch(null);
    const during = await stakingOf(own);
    own.advanceEpoch(2000);
    const after = await stakingOf(own);
    await own.close();
    expect(during).toMatchObject({ epoch: 2, epoch_state: { $kind: 'EpochChangeSync' } });
    expect(after).toMatchObject({ epoch: 3, epoch_state: { EpochChangeDone: '2000' } });
  });
});

function stakingOf({ url, packageConfig }: Sui) {
  const client = new SuiGrpcClient({ network: 'standin', baseUrl: url, format: 'binary' });
  return new WalrusClient({ packageConfig, suiClient: client }).stakingState();
}
