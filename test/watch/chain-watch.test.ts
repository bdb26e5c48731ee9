import { describe, expect, it, onTestFinished } from 'vitest';
import { type AskedOfChain, type ChainAnswers, ChainWatch } from '../../src/watch/chain-watch.ts';
import { blob, files, opened, PUSHED, START } from '../store/opened.ts';
import { fact } from '../walrus/attempts.ts';
import { atRest, FakeClock } from './fake-clock.ts';

const LABEL = 'og/eth-volatility';
const HOUR = 3_600_000;

class OutOfReach extends Error {}

async function watching() {
  const clock = new FakeClock(START);
  const { store } = opened(undefined, {
    get now() {
      return clock.now();
    },
  });
  await store.putLabel(LABEL, PUSHED, clock.now());
  const asked: AskedOfChain[][] = [];
  const script = {
    answer: (each: readonly AskedOfChain[]): ChainAnswers => ({
      facts: each.map(({ blobId }) => fact({ blobId, readAt: clock.now() })),
      failures: [],
    }),
  };
  const watch = new ChainWatch({
    store,
    ask: async (each) => {
      asked.push([...each]);
      return script.answer(each);
    },
    objectOf: () => null,
    problemOf: (error) =>
      error instanceof OutOfReach ? { code: 'unreachable', message: error.message } : null,
    clock,
    network: 'testnet',
    expiryDays: [14, 2],
    report: { asked: () => {}, outOfReach: () => {}, failed: () => {} },
    random: () => 0,
  });
  onTestFinished(() => watch.stop());

  async function push(...blobs: string[]) {
    await store.recordPush(LABEL, { files: files(...blobs), backfill: false }, clock.now());
    watch.wake();
    await settled();
  }
  const factOf = async (name: string) =>
    (await store.blobFacts([blob(name)], null)).get(blob(name))!.chain;
  return { clock, store, watch, asked, script, push, factOf };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await atRest();
}

describe('the chain', () => {
  it('is asked at once about the blobs of a new artifact, together', async () => {
    const { asked, push, factOf } = await watching();
    await push('x', 'y');
    expect(asked.map((each) => each.map(({ blobId }) => blobId).sort())).toEqual([
      [blob('x'), blob('y')],
    ]);
    expect(await factOf('x')).toMatchObject({ status: 'certified', endEpoch: 60 });
  });

  it('is asked again within the hour, with what it said before', async () => {
    const { asked, push, clock } = await watching();
    await push('x');
    await clock.pass(HOUR + 20_000);
    await settled();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject([{ objectId: '0xb10b', was: { status: 'certified' } }]);
  });

  it('out of reach is said to be so, and asked less and less often until it is there', async () => {
    const { asked, push, clock, script, watch, factOf } = await watching();
    const { answer } = script;
    script.answer = () => {
      throw new OutOfReach('the full node could not be reached');
    };
    await push('x');
    expect(watch.problem(blob('x'))).toMatchObject({ code: 'unreachable' });
    expect(watch.withinReach).toBe(false);
    await clock.pass(14_000);
    await settled();
    watch.wake();
    await settled();
    expect(asked).toHaveLength(1);
    await clock.pass(1000);
    await settled();
    expect(asked).toHaveLength(2);
    script.answer = answer;
    await clock.pass(30_000);
    await settled();
    expect(watch.problem(blob('x'))).toBeNull();
    expect(await factOf('x')).toMatchObject({ status: 'certified' });
  });

  it('that says nothing of one blob still says what it says of others', async () => {
    const { push, script, watch, factOf, asked, clock } = await watching();
    script.answer = ([first, ...others]) => ({
      facts: others.map(({ blobId }) => fact({ blobId })),
      failures: [{ blobId: first!.blobId, code: 'no-agreement', message: 'the nodes disagree' }],
    });
    await push('x', 'y');
    const failed = asked[0]![0]!.blobId;
    expect(watch.problem(failed)).toMatchObject({ code: 'no-agreement' });
    expect(await factOf(failed === blob('x') ? 'y' : 'x')).not.toBeNull();
    expect(watch.withinReach).toBe(true);
    await clock.pass(60_000);
    await settled();
    expect(asked).toHaveLength(1);
  });

  it('is asked about what just came before all that has waited longer', async () => {
    const { store, asked, push, clock, watch } = await watching();
    const many = Array.from({ length: 300 }, (_, i) => ({
      path: String(i),
      blobId: Buffer.from(String(i).padStart(32, '0')).toString('base64url'),
      size: null,
    }));
    await store.recordPush(LABEL, { files: many, backfill: false }, clock.now());
    await clock.pass(1000);
    await push('x');
    watch.wake();
    await settled();
    expect(asked.flat()).toHaveLength(301);
    const at = asked.findIndex((each) => each.some(({ blobId }) => blobId === blob('x')));
    expect(at).toBeLessThanOrEqual(1);
  });

  it('is not told what another network said', async () => {
    const { store, clock, asked, push } = await watching();
    const answer = { fact: fact({ network: 'mainnet' }), askedAt: clock.now(), nextAt: 0 };
    await store.recordChainAnswers([answer], [14, 2], clock.now());
    await push('x');
    expect(asked[0]).toMatchObject([{ blobId: blob('x'), objectId: null, was: null }]);
  });

  it('is asked on demand about a blob that no artifact holds', async () => {
    const { watch, factOf } = await watching();
    await watch.askNow(blob('w'));
    expect(await factOf('w')).toMatchObject({ status: 'certified' });
  });
});
