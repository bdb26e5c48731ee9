import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/walrus/standing.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import { A, B, fact, mismatch, unavailable, verified } from '../walrus/attempts.ts';
import { blob, files, opened, PUSHED, START } from './opened.ts';

const DAY = 86_400_000;
const LABEL = 'og/eth-volatility';
const DAYS = [14, 2];

/** A store with a label that holds the blobs. */
async function holding(...blobs: string[]) {
  const { store, clock } = opened();
  await store.putLabel(LABEL, PUSHED, clock.now);
  await push(...blobs);

  async function push(...names: string[]) {
    clock.now += 1000;
    await store.recordPush(LABEL, { files: files(...names), backfill: false }, clock.now);
  }

  async function run(attempts: VerificationAttempt[], nextAt: number | null = null) {
    clock.now += 1000;
    return store.recordVerification({ blobId: attempts[0]!.blobId, attempts, nextAt }, clock.now);
  }

  async function said(told: Parameters<typeof fact>[0]) {
    clock.now += 1000;
    const answer = {
      fact: fact({ readAt: clock.now, ...told }),
      askedAt: clock.now,
      nextAt: clock.now + 1000,
    };
    await store.recordChainAnswers([answer], DAYS, clock.now);
  }

  /** Types of the events about blobs so far. */
  async function told() {
    const events = await store.events(0, 1000);
    return events.filter(({ type }) => type.startsWith('underlabel.blob.'));
  }

  const toldTypes = async () => (await told()).map(({ type }) => type.split('.').at(-1));
  return { store, clock, push, run, said, told, toldTypes };
}

describe('the blobs of a new artifact', () => {
  it('are due for a check at once, each once, whatever artifact holds them', async () => {
    const { store, clock, push } = await holding('x', 'y');
    await push('y', 'z');
    const due = await store.blobsToVerify(clock.now, 10);
    expect(due.map(({ blobId }) => blobId).sort()).toEqual(
      [blob('x'), blob('y'), blob('z')].sort(),
    );
    expect(await store.blobsToAskChain(clock.now, 10)).toHaveLength(3);
  });

  it('are due at once also after the clock was set back', async () => {
    const { store, clock } = await holding('x');
    clock.now -= 3_600_000;
    await store.putLabel('og/other', PUSHED, clock.now);
    await store.recordPush('og/other', { files: files('n'), backfill: false }, clock.now);
    const newly = [{ blobId: blob('n') }];
    expect(await store.blobsToVerify(clock.now, 10)).toMatchObject(newly);
    expect(await store.blobsToAskChain(clock.now, 10)).toMatchObject(newly);
  });

  it('are due no more once they are verified, also after a restart', async () => {
    const { store, clock, run } = await holding('x');
    await run([verified()]);
    expect(await store.blobsToVerify(clock.now + DAY, 10)).toEqual([]);
    expect(await store.requeueBlobs(clock.now)).toBe(0);
  });

  it('are due again where a policy left them out and nobody tried them', async () => {
    const { store, clock } = await holding('x');
    await store.putOffVerification(blob('x'), null);
    expect(await store.blobsToVerify(clock.now, 10)).toEqual([]);
    expect(await store.requeueBlobs(clock.now)).toBe(1);
    expect(await store.blobsToVerify(clock.now, 10)).toHaveLength(1);
  });

  it('count how often they could not be had, until they could', async () => {
    const { store, clock, run } = await holding('x');
    await run([unavailable()], clock.now + 5000);
    await run([unavailable()], clock.now + 5000);
    expect((await store.blobDue(blob('x'))).failures).toBe(2);
    expect(await store.blobsToVerify(clock.now, 10)).toEqual([]);
    expect(await store.blobsToVerify(clock.now + 5000, 10)).toMatchObject([{ failures: 2 }]);
    await run([verified()]);
    expect((await store.blobDue(blob('x'))).failures).toBe(0);
  });
});

describe('a verification', () => {
  it('is told once while nothing new comes of it', async () => {
    const { run, told, toldTypes } = await holding('x');
    await run([unavailable()]);
    await run([unavailable()]);
    await run([verified()]);
    await run([verified()]);
    await run([unavailable()]);
    expect(await toldTypes()).toEqual(['unavailable', 'verified', 'unavailable']);
    const [first] = await told();
    expect(first).toMatchObject({
      subject: blob('x'),
      data: { blobId: blob('x'), labels: [LABEL], error: { code: 'not-found' } },
    });
  });

  it('tells of a mismatch whatever others serve, and once for what an aggregator serves', async () => {
    const { run, told, toldTypes } = await holding('x');
    await run([mismatch(), verified({ aggregator: B })]);
    await run([mismatch(), verified({ aggregator: B })]);
    expect(await toldTypes()).toEqual(['mismatch']);
    await run([mismatch({ computedBlobId: blob('q') })]);
    await run([verified()]);
    await run([mismatch({ computedBlobId: blob('q') })]);
    expect(await toldTypes()).toEqual(['mismatch', 'mismatch', 'verified', 'mismatch']);
    expect((await told())[0]).toMatchObject({ data: { aggregator: A, computedBlobId: blob('y') } });
  });

  it('is no all-clear while an aggregator is known to serve other bytes, and is one after that', async () => {
    const { run, toldTypes } = await holding('x');
    await run([mismatch(), verified({ aggregator: B })]);
    await run([unavailable(), verified({ aggregator: B })]);
    expect(await toldTypes()).toEqual(['mismatch']);
    await run([verified()]);
    expect(await toldTypes()).toEqual(['mismatch', 'verified']);
  });

  it('tells of a mismatch again where another label comes to hold the blob', async () => {
    const { store, clock, push, run, told } = await holding('x');
    await run([mismatch(), verified({ aggregator: B })]);
    await push('x', 'z');
    expect(await told()).toHaveLength(1);
    await store.putLabel('og/other', PUSHED, clock.now);
    const held = { files: files('x', 'q'), backfill: false };
    await store.recordPush('og/other', held, clock.now);
    await store.recordPush('og/other', { ...held, files: files('x') }, clock.now + 10);
    expect(await told()).toMatchObject([
      { data: { labels: [LABEL] } },
      {
        type: 'underlabel.blob.mismatch',
        data: { labels: [LABEL, 'og/other'], aggregator: A, computedBlobId: blob('y') },
      },
    ]);
  });

  it('tells that the bytes cannot be had where another label comes to hold the blob', async () => {
    const { store, clock, run, told } = await holding('x');
    await run([unavailable()]);
    await store.putLabel('og/other', PUSHED, clock.now);
    await store.recordPush('og/other', { files: files('x'), backfill: false }, clock.now);
    expect(await told()).toMatchObject([
      { data: { labels: [LABEL] } },
      {
        type: 'underlabel.blob.unavailable',
        data: { labels: [LABEL, 'og/other'], error: { code: 'not-found' } },
      },
    ]);
  });

  it('is a run of its own also while a clock that was set back stands still', async () => {
    const { store, clock, run, toldTypes } = await holding('x');
    await run([verified()]);
    const newest = clock.now;
    clock.now -= 3_600_000;
    await run([unavailable()]);
    await run([verified()]);
    await run([unavailable()]);
    expect(await toldTypes()).toEqual(['verified', 'unavailable', 'verified', 'unavailable']);
    const { attempts } = (await store.blobFacts([blob('x')], null)).get(blob('x'))!;
    expect(standingOf(attempts)).toMatchObject({ state: 'verified', retrievable: 'no' });
    expect(attempts.at(-1)!.recordedAt).toBe(newest + 3);
  });

  it('is known by what matters, however often it failed', async () => {
    const { store, run } = await holding('x');
    await run([mismatch({ aggregator: B })]);
    for (let i = 0; i < 20; i++) await run([unavailable(), unavailable({ aggregator: B })]);
    const { attempts } = (await store.blobFacts([blob('x')], null)).get(blob('x'))!;
    expect(attempts.map(({ outcome }) => outcome)).toEqual([
      'mismatch',
      'unavailable',
      'unavailable',
    ]);
    expect(standingOf(attempts)).toMatchObject({ state: 'mismatch', retrievable: 'no' });
  });

  it('shows under the label, the worst of its blobs never hidden', async () => {
    const { store, run } = await holding('x', 'z');
    await run([verified()]);
    await run([mismatch({ blobId: blob('z') }), verified({ blobId: blob('z'), aggregator: B })]);
    expect((await store.label(LABEL))!.current!.blobStates).toEqual({
      unchecked: 0,
      unavailable: 0,
      verified: 1,
      mismatch: 1,
    });
  });

  it('is known as of the instant it was recorded, and not before', async () => {
    const { store, clock, run } = await holding('x');
    await run([mismatch()]);
    const then = clock.now;
    await run([verified()]);
    const stateAt = async (asOf: number | null) => {
      const facts = await store.blobFacts([blob('x')], asOf);
      return standingOf(facts.get(blob('x'))!.attempts).state;
    };
    expect(await stateAt(then - 1)).toBe('unchecked');
    expect(await stateAt(then)).toBe('mismatch');
    expect(await stateAt(null)).toBe('verified');
  });

  it('of a blob that no artifact holds is told to nobody, and made once', async () => {
    const { store, clock, run, told } = await holding('x');
    await run([unavailable({ blobId: blob('w') })], clock.now);
    expect(await store.requeueBlobs(clock.now)).toBe(0);
    const due = await store.blobsToVerify(clock.now, 10, false);
    expect(due.map(({ blobId }) => blobId)).toEqual([blob('x')]);
    expect(await store.verifications(blob('w'), { limit: 10, before: null })).toHaveLength(1);
    expect(await told()).toEqual([]);
  });
});

describe('what the chain says', () => {
  it('is one fact while it says the same, and as many as it said new things', async () => {
    const { store, clock, said } = await holding('x');
    await said({});
    const first = clock.now;
    await said({ epoch: 41 });
    await said({ endEpoch: 80 });
    const facts = await store.chainFacts(blob('x'), { limit: 10, before: null });
    expect(facts.map(({ endEpoch }) => endEpoch)).toEqual([80, 60]);
    expect(facts[1]).toMatchObject({ readAt: first, confirmedAt: first + 1000, epoch: 40 });
    const asOf = (await store.blobFacts([blob('x')], first)).get(blob('x'))!.chain;
    expect(asOf).toMatchObject({ endEpoch: 60, confirmedAt: first, epoch: 40 });
  });

  it('is told before the end, once for each of the days, and anew after an extension', async () => {
    const { clock, said, toldTypes, told } = await holding('x');
    const ends = (days: number, endEpoch = 60) =>
      said({ endsAt: clock.now + days * DAY, endEpoch });
    await ends(20);
    expect(await toldTypes()).toEqual([]);
    await ends(13.9);
    await ends(10);
    await ends(1.9);
    await ends(1);
    await ends(300, 90);
    await ends(13, 90);
    const days = (await told()).map(({ data }) => (data as { withinDays?: number }).withinDays);
    expect(days).toEqual([14, 2, 14]);
  });

  it('tells of the nearest only where several days have passed at once', async () => {
    const { clock, said, told } = await holding('x');
    await said({ endsAt: clock.now + DAY });
    expect(await told()).toMatchObject([{ data: { withinDays: 2 } }]);
  });

  it.each(['expired', 'deleted', 'invalid', 'nonexistent'] as const)(
    'is told once where the blob is %s',
    async (status) => {
      const { said, told } = await holding('x');
      await said({});
      await said({ status });
      await said({ status, epoch: 50 });
      expect(await told()).toMatchObject([
        { type: 'underlabel.blob.lost', data: { status, was: 'certified', labels: [LABEL] } },
      ]);
    },
  );

  it('alarms nobody of a blob that no label holds any more', async () => {
    const { push, said, toldTypes } = await holding('x');
    await said({});
    await push('y');
    await said({ status: 'expired' });
    expect(await toldTypes()).toEqual([]);
  });

  it('is told of a loss once a label holds the blob, though it was lost before', async () => {
    const { store, clock, push, said, told } = await holding('x');
    await said({});
    await push('y');
    await said({ status: 'expired' });
    await push('x');
    await said({ status: 'expired' });
    await said({ status: 'expired' });
    expect(await told()).toMatchObject([{ data: { status: 'expired', labels: [LABEL] } }]);
    await store.putLabel('og/other', PUSHED, clock.now);
    await store.recordPush('og/other', { files: files('x'), backfill: false }, clock.now);
    await said({ status: 'expired' });
    expect((await told())[1]).toMatchObject({ data: { labels: [LABEL, 'og/other'] } });
  });

  it('is told of a loss again where the blob was there in between', async () => {
    const { said, toldTypes } = await holding('x');
    await said({ status: 'nonexistent' });
    await said({});
    await said({ status: 'nonexistent' });
    expect(await toldTypes()).toEqual(['lost', 'lost']);
  });

  it('is told of an end also to a label that comes to hold the blob later', async () => {
    const { store, clock, said, told, push } = await holding('x');
    const endsAt = clock.now + 10 * DAY;
    await said({ endsAt });
    await push('x', 'z');
    await said({ endsAt });
    expect(await told()).toHaveLength(1);
    await store.putLabel('og/other', PUSHED, clock.now);
    await store.recordPush('og/other', { files: files('x'), backfill: false }, clock.now);
    await said({ endsAt });
    expect(await told()).toMatchObject([
      { data: { withinDays: 14, labels: [LABEL] } },
      { data: { withinDays: 14, labels: [LABEL, 'og/other'] } },
    ]);
  });

  it('of one network is not taken for what another one says', async () => {
    const { said, told, store } = await holding('x');
    await said({ network: 'testnet', status: 'expired' });
    await said({ network: 'mainnet', status: 'expired' });
    expect(await told()).toMatchObject([
      { data: { network: 'testnet', was: null } },
      { data: { network: 'mainnet', was: null } },
    ]);
    expect(await store.chainFacts(blob('x'), { limit: 10, before: null })).toHaveLength(2);
  });

  it('is asked at once again about a label that is watched again', async () => {
    const { store, clock, said } = await holding('x');
    await store.removeLabel(LABEL, clock.now);
    await said({});
    await store.putOffChain([blob('x')], clock.now + 7 * DAY);
    await store.putLabel(LABEL, PUSHED, clock.now);
    expect(await store.blobsToAskChain(clock.now, 10)).toMatchObject([{ current: true }]);
  });

  it('is asked at once about an artifact that comes under a label again', async () => {
    const { store, clock, push, said } = await holding('x');
    await push('y');
    await said({});
    await store.putOffChain([blob('x'), blob('y')], START + 100 * DAY);
    await push('x');
    expect(await store.blobsToAskChain(clock.now, 10)).toMatchObject([
      { blobId: blob('x'), current: true, was: { status: 'certified' } },
    ]);
  });

  it('stays due where an artifact came under a label while it was asked', async () => {
    const { store, clock, push } = await holding('x');
    const askedAt = clock.now;
    await push('y');
    await push('x');
    const answer = { fact: fact(), askedAt, nextAt: clock.now + DAY };
    await store.recordChainAnswers([answer], DAYS, clock.now);
    const due = await store.blobsToAskChain(clock.now, 10);
    expect(due.map(({ blobId }) => blobId)).toContain(blob('x'));
  });
});

describe('what was seen inside a blob', () => {
  it('rests on verified bytes where both are there', async () => {
    const { store, clock } = await holding('x');
    const unknown = { format: 'unknown' } as const;
    await store.recordInspection(blob('x'), 'verified', unknown, clock.now);
    await store.recordInspection(blob('x'), 'unverified', unknown, clock.now);
    expect((await store.inspections([blob('x'), blob('q')])).get(blob('x'))).toMatchObject({
      basis: 'verified',
      inspection: unknown,
    });
  });
});
