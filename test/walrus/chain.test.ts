import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sui } from '../../src/sandbox/sui.ts';
import {
  type ChainUnderTest,
  chainOn,
  DAY_MS,
  requestsDuring,
  STARTED_AT,
  someBlobId,
  startTestSui,
  unhurried,
} from './chain-under-test.ts';

let sui: Sui;
let chain: ChainUnderTest;

beforeAll(async () => {
  sui = await startTestSui();
});
afterAll(() => sui.close());
beforeEach(() => {
  Object.assign(sui.nodes, { failing: null, silent: 0, unknownIs404: false, instead: null });
  chain = chainOn(sui);
});

const EPOCH_MS = 14 * DAY_MS;

describe('a blob whose object is known', () => {
  it('is certified, with its end, its size and its attributes', async () => {
    const blobId = someBlobId();
    const attributes = { model: 'eth-volatility', __proto__x: 'é' };
    const objectId = sui.register({ blobId, size: 1234, endEpoch: 9, attributes });
    expect(await chain.factOf(blobId, objectId)).toEqual({
      blobId,
      network: 'standin',
      readAt: chain.time,
      epoch: 7,
      status: 'certified',
      certifiedEpoch: 7,
      endEpoch: 9,
      endsAt: STARTED_AT + 2 * EPOCH_MS,
      endsAtEstimated: true,
      deletable: false,
      objectId,
      size: 1234,
      attributes,
    });
  });

  it('ends at a time that is not estimated where that is the next epoch’s beginning', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 8, deletable: true });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({
      endsAt: STARTED_AT + EPOCH_MS,
      endsAtEstimated: false,
      deletable: true,
    });
  });

  it('has no attributes: that is {}, though the SDK throws', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 9 });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: {} });
  });

  it('shows attributes as they are now, once their owner changed them', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 9, attributes: { v: '1' } });
    await chain.factOf(blobId, objectId);
    sui.setAttributes(objectId, { v: '2', __proto__: 'x' } as never);
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: { v: '2' } });
    sui.setAttributes(objectId, null);
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: {} });
  });

  it('has all its attributes or, where they are too many to keep, none that are said to be all', async () => {
    const blobId = someBlobId();
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key ${n}`, 'x']));
    const objectId = sui.register({ blobId, size: 1, endEpoch: 9, attributes: many });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: null });
    sui.setAttributes(objectId, { short: 'x', long: 'y'.repeat(100_000) });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: null });
    sui.setAttributes(objectId, { short: 'x' });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ attributes: { short: 'x' } });
  });

  it('shows a later end once it is extended', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 9 });
    const was = await chain.factOf(blobId, objectId);
    sui.extend(objectId, 30);
    expect(await chain.factOf(blobId, objectId, was)).toMatchObject({
      status: 'certified',
      endEpoch: 30,
    });
  });

  it('is read in a SharedBlob too, attributes included', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({
      blobId,
      size: 7,
      endEpoch: 9,
      shared: true,
      attributes: { a: 'b' },
    });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({
      status: 'certified',
      objectId,
      size: 7,
      attributes: { a: 'b' },
    });
  });

  it('is registered until it is certified', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 9, certified: false });
    const was = await chain.factOf(blobId, objectId);
    expect(was).toMatchObject({ status: 'registered', certifiedEpoch: null, endEpoch: 9 });
    sui.certify(objectId);
    expect(await chain.factOf(blobId, objectId, was)).toMatchObject({
      status: 'certified',
      certifiedEpoch: 7,
    });
  });

  it('is expired from its end epoch on', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 7 });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({
      status: 'expired',
      endEpoch: 7,
      endsAt: STARTED_AT,
      endsAtEstimated: false,
    });
  });

  it.each([
    ['has ended', { endEpoch: 7 }],
    ['was never certified', { endEpoch: 20, certified: false }],
  ])('is certified by another object where its own %s', async (_, own) => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, ...own });
    const other = sui.register({ blobId, size: 5, endEpoch: 12, attributes: { by: 'another' } });
    expect(await chain.factOf(blobId, objectId)).toMatchObject({
      status: 'certified',
      objectId: other,
      endEpoch: 12,
      attributes: { by: 'another' },
    });
  });

  it('counts by its object alone where the storage nodes can’t be asked, and says so', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 7 });
    sui.nodes.failing = { nodes: 11, status: 503 };
    const { facts, failures } = await chain.facts([{ blobId, objectId }], unhurried());
    expect(facts).toMatchObject([{ status: 'expired', objectId }]);
    expect(failures).toMatchObject([{ blobId, code: 'unreachable' }]);
    expect(failures[0]?.message).toMatch(/so whether another object keeps this blob isn't known/);
  });
});

describe('a blob whose object is gone', () => {
  it('is deleted where it was deletable, still lasted, and the storage nodes forgot it', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20, deletable: true });
    const was = await chain.factOf(blobId, objectId);
    sui.delete(objectId);
    const deleted = await chain.factOf(blobId, objectId, was);
    expect(deleted).toMatchObject({ status: 'deleted', objectId, endEpoch: 20, attributes: null });
    expect(await chain.factOf(blobId, objectId, deleted)).toMatchObject({ status: 'deleted' });
  });

  it('is certified again where another object stands for it after the deletion', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20, deletable: true });
    const was = await chain.factOf(blobId, objectId);
    sui.delete(objectId);
    const other = sui.register({ blobId, size: 5, endEpoch: 12 });
    expect(await chain.factOf(blobId, objectId, was)).toMatchObject({
      status: 'certified',
      objectId: other,
      deletable: false,
    });
  });

  it('is not deleted but certified where the object was burned and the data stays', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20 });
    const was = await chain.factOf(blobId, objectId);
    sui.burn(objectId);
    expect(await chain.factOf(blobId, objectId, was)).toMatchObject({
      status: 'certified',
      objectId: null,
      endEpoch: 20,
      attributes: null,
    });
  });

  it('is certified without an end where a deletable one was burned', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20, deletable: true });
    const was = await chain.factOf(blobId, objectId);
    sui.burn(objectId);
    expect(await chain.factOf(blobId, objectId, was)).toMatchObject({
      status: 'certified',
      objectId: null,
      endEpoch: null,
      endsAt: null,
      deletable: true,
    });
  });

  it('is unknown where it was never seen', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20, deletable: true });
    sui.delete(objectId);
    expect(await chain.factOf(blobId, objectId)).toMatchObject({ status: 'nonexistent' });
  });

  it('is neither deleted nor anything else while the storage nodes can’t be asked', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 20, deletable: true });
    const was = await chain.factOf(blobId, objectId);
    sui.delete(objectId);
    sui.nodes.failing = { nodes: 11, status: 500 };
    const { facts, failures } = await chain.facts([{ blobId, objectId, was }], unhurried());
    expect(facts).toEqual([]);
    expect(failures).toMatchObject([{ blobId, code: 'unreachable' }]);
  });
});

describe('a blob without a known object', () => {
  it('is certified by the storage nodes’ word, which names its object', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 12, attributes: { a: '1' } });
    expect(await chain.factOf(blobId, null)).toMatchObject({
      status: 'certified',
      objectId,
      endEpoch: 12,
      size: 5,
      attributes: { a: '1' },
    });
  });

  it('has its end but no object where that is in a SharedBlob', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 12, shared: true });
    expect(await chain.factOf(blobId, null)).toMatchObject({
      status: 'certified',
      objectId: null,
      endEpoch: 12,
      attributes: null,
    });
  });

  it('has neither object nor end where it is deletable', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 12, deletable: true });
    expect(await chain.factOf(blobId, null)).toMatchObject({
      status: 'certified',
      certifiedEpoch: 7,
      deletable: true,
      objectId: null,
      endEpoch: null,
      endsAt: null,
    });
  });

  it('is registered where it was never certified', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 12, certified: false });
    expect(await chain.factOf(blobId, null)).toMatchObject({ status: 'registered', endEpoch: 12 });
  });

  it('is invalid where the storage nodes proved it so', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 12 });
    sui.invalidate(blobId);
    expect(await chain.factOf(blobId, null)).toMatchObject({ status: 'invalid', endEpoch: null });
  });

  it.each([false, true])('does not exist where nobody knows it (404: %s)', async (unknownIs404) => {
    sui.nodes.unknownIs404 = unknownIs404;
    expect(await chain.factOf(someBlobId(), null)).toMatchObject({
      status: 'nonexistent',
      endEpoch: null,
      deletable: null,
      attributes: null,
    });
  });

  it('is expired, not unknown, where its end was known and the storage nodes let it go', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 8, shared: true });
    const was = await chain.factOf(blobId, null);
    const aged = { ...was, endEpoch: 6, endsAt: STARTED_AT - EPOCH_MS, endsAtEstimated: false };
    expect(await chain.factOf(someBlobId(), null, aged)).toMatchObject({
      status: 'expired',
      endEpoch: 6,
      endsAt: STARTED_AT - EPOCH_MS,
      endsAtEstimated: false,
    });
  });

  it.each([
    ['too few storage nodes answer', { failing: { nodes: 9, status: 503 } }, 'unreachable'],
    ['they never answer', { silent: 11 }, 'unreachable'],
    ['they contradict each other', { instead: (n: number) => someStatus(n) }, 'no-agreement'],
    [
      'they say what can’t be',
      { instead: () => ({ permanent: { endEpoch: 1e300 } }) },
      'bad-answer',
    ],
    ['they say nothing that is known', { instead: () => ({ pooled: {} }) }, 'unreachable'],
  ])('is not known where %s', async (_, nodes, code) => {
    Object.assign(sui.nodes, nodes);
    chain = chainOn(sui, { nodeTimeoutMs: 200 });
    const blobId = someBlobId();
    const { facts, failures } = await chain.facts([{ blobId, objectId: null }], unhurried());
    expect(facts).toEqual([]);
    expect(failures).toMatchObject([{ blobId, code }]);
    expect(failures[0]?.message).toMatch(
      /so what the chain says of this blob isn't known; the watch goes on\. /,
    );
  });

  it('is known although some storage nodes fail', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 5, endEpoch: 12 });
    sui.nodes.failing = { nodes: 2, status: 503 };
    expect(await chain.factOf(blobId, null)).toMatchObject({ status: 'certified' });
  });
});

/** Of each node another one. */
function someStatus(node: number) {
  return { deletable: { initialCertifiedEpoch: node, deletableCounts: {} } };
}

describe('what is not a blob’s object', () => {
  const content = new Uint8Array(200);

  it.each([
    ['a coin', '0x2::coin::Coin<0x2::sui::SUI>'],
    ['a Blob of another package', '0x5::blob::Blob'],
  ])('is refused: %s', async (_, type) => {
    const blobId = someBlobId();
    const { objectId } = sui.put({ type, content });
    const { facts, failures } = await chain.facts([{ blobId, objectId }], unhurried());
    expect(facts).toEqual([]);
    expect(failures).toMatchObject([{ blobId, code: 'wrong-type' }]);
    expect(failures[0]?.message).toContain(sui.blobType);
  });

  it('is refused: the object of another blob, which is named', async () => {
    const other = someBlobId();
    const objectId = sui.register({ blobId: other, size: 5, endEpoch: 12 });
    const { facts, failures } = await chain.facts(
      [{ blobId: someBlobId(), objectId }],
      unhurried(),
    );
    expect(facts).toEqual([]);
    expect(failures).toMatchObject([{ code: 'other-blob' }]);
    expect(failures[0]?.message).toContain(other);
  });

  it('is refused: a text that is no object id', async () => {
    const { failures } = await chain.facts(
      [{ blobId: someBlobId(), objectId: 'my blob' }],
      unhurried(),
    );
    expect(failures).toMatchObject([{ code: 'bad-object-id' }]);
  });

  it('is refused: a Blob whose content breaks off', async () => {
    const { objectId } = sui.put({ type: sui.blobType, content: new Uint8Array(40) });
    const { failures } = await chain.facts([{ blobId: someBlobId(), objectId }], unhurried());
    expect(failures).toMatchObject([{ code: 'bad-answer' }]);
  });

  it('takes nothing from the others asked with it', async () => {
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 5, endEpoch: 12 });
    const coin = sui.put({ type: '0x2::coin::Coin<0x2::sui::SUI>', content }).objectId;
    const asked = [
      { blobId: someBlobId(), objectId: coin },
      { blobId, objectId },
      { blobId: someBlobId(), objectId: null },
    ];
    const { facts, failures } = await chain.facts(asked, unhurried());
    expect(facts.map(({ status }) => status)).toEqual(['certified', 'nonexistent']);
    expect(failures.map(({ code }) => code)).toEqual(['wrong-type']);
  });
});

describe('how much is asked', () => {
  it('is two requests for the epoch, and one for each 25 blobs with their attributes', async () => {
    const asked = Array.from({ length: 75 }, () => {
      const blobId = someBlobId();
      return { blobId, objectId: sui.register({ blobId, size: 1, endEpoch: 9 }) };
    });
    const first = await requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(first).toEqual({ 'LedgerService/BatchGetObjects': 2 + 3 });
    const second = await requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(second).toEqual({ 'LedgerService/BatchGetObjects': 3 });
  });

  /** The SDK hangs up on the last ones once a quorum has answered: not each request arrives, nor at once. */
  const nodesOf = (requests: Record<string, number>, blobs = 1) => {
    const asked = requests['storage-node/status'] ?? 0;
    return asked > 7 && asked <= (blobs + 1) * 11;
  };

  it('is every storage node once an epoch for a certified blob whose object can’t be read', async () => {
    const blobId = someBlobId();
    sui.register({ blobId, size: 1, endEpoch: 9, shared: true });
    const asked = [{ blobId, objectId: null }];
    const first = await requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(nodesOf(first)).toBe(true);
    expect(first['LedgerService/GetTransaction']).toBe(1);
    chain.time += 30 * 60_000;
    const later = await requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(nodesOf(later)).toBe(false);
    chain.time += 6 * 60 * 60_000;
    expect(nodesOf(await requestsDuring(sui, () => chain.facts(asked, unhurried())))).toBe(true);
    expect(later['LedgerService/GetTransaction']).toBeUndefined();
  });

  it('is every storage node again after a while for one that isn’t settled', async () => {
    const asked = [{ blobId: someBlobId(), objectId: null }];
    const ask = () => requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(nodesOf(await ask())).toBe(true);
    expect(nodesOf(await ask())).toBe(false);
    chain.time += 60_000;
    expect(nodesOf(await ask())).toBe(true);
  });

  it('is no storage node for the other blobs, once too few of them answered', async () => {
    sui.nodes.failing = { nodes: 11, status: 503 };
    const asked = Array.from({ length: 20 }, () => ({ blobId: someBlobId(), objectId: null }));
    const ask = () =>
      requestsDuring(sui, async () => {
        const { failures } = await chain.facts(asked, unhurried());
        expect(failures.length).toBe(20);
      });
    expect(nodesOf(await ask(), 2)).toBe(true);
    expect(nodesOf(await ask())).toBe(false);
    chain.time += 30_000;
    expect(nodesOf(await ask(), 2)).toBe(true);
  });

  it('is nothing where nothing is asked', async () => {
    const ask = () => chain.facts([], unhurried());
    expect(await requestsDuring(sui, ask)).toEqual({});
  });
});
