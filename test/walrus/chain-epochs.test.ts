import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sui } from '../../src/sandbox/sui.ts';
import { beginningOf } from '../../src/walrus/chain/walrus-epoch.ts';
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

beforeEach(async () => {
  sui = await startTestSui({ epochDurationMs: DAY_MS });
  chain = chainOn(sui);
  chain.time = STARTED_AT + 1000;
});
afterEach(() => sui.close());

function registered(endEpoch: number) {
  const blobId = someBlobId();
  return { blobId, objectId: sui.register({ blobId, size: 1, endEpoch }) };
}

describe('the epoch', () => {
  it('is read once, and again only when the next one is due', async () => {
    const asked = [registered(20)];
    const calls = async () =>
      (await requestsDuring(sui, () => chain.facts(asked, unhurried())))[
        'LedgerService/BatchGetObjects'
      ];
    expect(await calls()).toBe(2 + 1);
    expect(await calls()).toBe(1);
    chain.time += 30 * 60_000;
    expect(await calls()).toBe(1);
    sui.advanceEpoch();
    chain.time = STARTED_AT + DAY_MS;
    expect(await calls()).toBe(2 + 1);
    expect(await calls()).toBe(1);
  });

  it('is read again after an hour, because our clock may be wrong', async () => {
    const asked = registered(20);
    expect((await chain.fact(asked)).epoch).toBe(7);
    sui.advanceEpoch();
    chain.time += 59 * 60_000;
    expect((await chain.fact(asked)).epoch).toBe(7);
    chain.time += 60_000;
    expect((await chain.fact(asked)).epoch).toBe(8);
  });

  it('that is due and doesn’t come is read again every half minute, not every time', async () => {
    const asked = [registered(20)];
    await chain.facts(asked, unhurried());
    chain.time = STARTED_AT + DAY_MS + 1;
    const ask = () => requestsDuring(sui, () => chain.facts(asked, unhurried()));
    expect(await ask()).toEqual({ 'LedgerService/BatchGetObjects': 2 + 1 });
    chain.time += 29_000;
    expect(await ask()).toEqual({ 'LedgerService/BatchGetObjects': 1 });
    chain.time += 1000;
    expect(await ask()).toEqual({ 'LedgerService/BatchGetObjects': 2 + 1 });
  });

  it('ends what lasted until it', async () => {
    const asked = registered(8);
    const was = await chain.fact(asked);
    expect(was).toMatchObject({ status: 'certified', epoch: 7, endsAt: STARTED_AT + DAY_MS });
    sui.advanceEpoch(STARTED_AT + DAY_MS + 5000);
    chain.time = STARTED_AT + DAY_MS + 6000;
    const ended = await chain.fact({ ...asked, was });
    expect(ended).toMatchObject({
      status: 'expired',
      epoch: 8,
      endsAt: STARTED_AT + DAY_MS + 5000,
      endsAtEstimated: false,
    });
    sui.advanceEpoch();
    chain.time += DAY_MS;
    expect(await chain.fact({ ...asked, was: ended })).toMatchObject({
      status: 'expired',
      epoch: 9,
      endsAt: STARTED_AT + DAY_MS + 5000,
      endsAtEstimated: false,
    });
  });

  it('is known while it is changing, and every end is an estimate', async () => {
    const asked = registered(9);
    await chain.fact(asked);
    sui.advanceEpoch(null);
    chain.time = STARTED_AT + DAY_MS + 60_000;
    expect(await chain.fact(asked)).toMatchObject({
      epoch: 8,
      status: 'certified',
      endsAt: STARTED_AT + 2 * DAY_MS,
      endsAtEstimated: true,
    });
    expect(await chainOn(sui).fact(asked)).toMatchObject({ epoch: 8, endsAtEstimated: true });
  });

  it('that is new has the storage nodes looked up again, which the SDK would remember', async () => {
    const blobId = someBlobId();
    await chain.facts([{ blobId, objectId: null }], unhurried());
    sui.advanceEpoch();
    chain.time = STARTED_AT + DAY_MS + 1000;
    const asked = await requestsDuring(sui, () => chain.fact({ blobId, objectId: null }));
    expect(asked['storage-node/status']).toBeGreaterThan(0);
    // Two for the epoch, one for the committee's storage nodes.
    expect(asked['LedgerService/BatchGetObjects']).toBe(3);
  });
});

describe('an epoch that changes under the reading', () => {
  /** Changes it as the object with the blobs is asked for, so many times. */
  function changeDuring(times: number) {
    let left = times;
    let calls = 0;
    sui.answers.before = (call) => {
      if (call !== 'LedgerService/BatchGetObjects') return;
      calls++;
      // Each round asks twice for the epoch where it is due, then for the blob.
      if (calls % 3 !== 0 || left-- <= 0) return;
      sui.advanceEpoch();
      chain.time += DAY_MS;
    };
  }

  it('has everything read again, in the new epoch', async () => {
    const [lasting, ending] = [registered(20), registered(8)];
    changeDuring(1);
    const { facts, failures } = await chain.facts([lasting, ending], unhurried());
    expect(failures).toEqual([]);
    expect(facts).toMatchObject([
      { epoch: 8, status: 'certified' },
      { epoch: 8, status: 'expired' },
    ]);
  });

  it('is given up on where it happens time and again: epoch-changed', async () => {
    const asked = registered(20);
    changeDuring(100);
    const { facts, failures } = await chain.facts([asked], unhurried());
    expect(facts).toEqual([]);
    expect(failures).toMatchObject([{ blobId: asked.blobId, code: 'epoch-changed' }]);
  });

  it('is noticed by what was certified in the new one, whatever our clock says', async () => {
    const first = registered(20);
    expect((await chain.fact(first)).epoch).toBe(7);
    sui.advanceEpoch();
    const second = registered(20);
    const { facts } = await chain.facts([first, second], unhurried());
    expect(facts).toMatchObject([
      { epoch: 8, certifiedEpoch: 7 },
      { epoch: 8, certifiedEpoch: 8 },
    ]);
  });

  it('fails only those that are ahead, where the full node goes on denying the new epoch', async () => {
    const first = registered(20);
    sui.advanceEpoch();
    const second = registered(20);
    // Another stand-in whose contract stays in epoch 7 and has the same objects.
    const denying = await startTestSui();
    for (const { objectId } of [first, second]) {
      const { content } = sui.get(objectId)!;
      denying.put({ objectId, type: denying.blobType, content });
    }
    const { facts, failures } = await chainOn(denying).facts([first, second], unhurried());
    await denying.close();
    expect(facts).toMatchObject([{ blobId: first.blobId, epoch: 7 }]);
    expect(failures).toMatchObject([{ blobId: second.blobId, code: 'epoch-changed' }]);
  });
});

describe('when an epoch begins', () => {
  const epoch = { epoch: 7, durationMs: DAY_MS, startedAt: STARTED_AT };

  it.each([
    [7, STARTED_AT, false],
    [8, STARTED_AT + DAY_MS, false],
    [9, STARTED_AT + 2 * DAY_MS, true],
    [6, STARTED_AT - DAY_MS, true],
  ])('%i: known for this one and the next, reckoned for the others', (asked, at, estimated) => {
    expect(beginningOf(asked, epoch, 0)).toEqual({ endsAt: at, endsAtEstimated: estimated });
  });

  it('is not said where it would be no date', () => {
    expect(beginningOf(2 ** 32 - 1, { ...epoch, durationMs: 366 * DAY_MS }, 0)).toEqual({
      endsAt: null,
      endsAtEstimated: true,
    });
  });
});
