/** What is told although a process dies, the store fails, or the service stops. */
import { describe, expect, it } from 'vitest';
import type { SenderMeans } from '../../src/alert/sender.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import { atRest } from '../watch/fake-clock.ts';
import { type Received, type Reply, receiver } from './receiver.ts';
import { sending, stop } from './sending.ts';

const SECOND = 1000;
const idsOf = (received: Received[]) => received.map(({ headers }) => headers['webhook-id']);

/** A receiver that holds its first answer back. */
async function holding() {
  let answer: (reply: Reply) => void = () => {};
  const held = new Promise<Reply>((told) => {
    answer = told;
  });
  const hook = await receiver(() => (hook.received.all.length === 1 ? held : 200));
  return { hook, answer };
}

describe('when the process dies', () => {
  it('while it sends, the event is sent at the next start, under the same id', async () => {
    const { hook } = await holding();
    const before = await sending();
    await before.put('hook', hook.url);
    await before.read('og/x', 'a');
    await hook.received.reach(1);
    await before.store.close();
    const after = await sending(before);
    const [attempt] = await after.attempted(1);
    expect(attempt!.outcome).toBe('delivered');
    expect(new Set(idsOf(hook.received.all)).size).toBe(1);
    expect(await after.store.deliveryCounts()).toEqual([]);
  });

  it('between the answer and the settling, the event is sent once more, under the same id', async () => {
    const { hook, answer } = await holding();
    const before = await sending();
    await before.put('hook', hook.url);
    for (const saw of ['a', 'b']) await before.read('og/x', saw);
    await hook.received.reach(1);
    await before.store.close();
    answer(200);
    await before.failures.reach(1);
    const after = await sending(before);
    await after.attempted(2);
    const events = await after.store.events(0, 10);
    const [first, second] = events.map(({ id }) => id);
    expect(idsOf(hook.received.all)).toEqual([first, first, second]);
  });

  it('at any moment, every event arrives, and the order of each label stands once repeats are dropped', async () => {
    let answered = 0;
    const hook = await receiver(() => (++answered % 3 === 0 ? 500 : 200));
    let run = await sending();
    await run.put('hook', hook.url);
    for (let death = 0; death < 8; death++) {
      for (const label of ['l-1', 'l-2', 'l-3']) await run.read(label, `blob-${death}`);
      for (let turn = 0; turn < death; turn++) await atRest();
      await run.store.close();
      run = await sending(run);
    }
    for (;;) {
      await run.quiet();
      const [due] = await run.store.dueChannels();
      if (!due) break;
      await run.clock.pass(Math.max(due.dueAt - run.clock.now(), SECOND));
    }
    const events = await run.store.events(0, 100);
    expect(events).toHaveLength(24);
    for (const label of ['l-1', 'l-2', 'l-3']) {
      const of = (list: { id: string; subject: string }[]) =>
        list.filter(({ subject }) => subject === label).map(({ id }) => id);
      const first = [...new Set(of(hook.received.all.map(({ event }) => event)))];
      expect(first).toEqual(of(events));
    }
  });
});

describe('when the store fails', () => {
  type Broken = Record<'dueChannels' | 'takeDeliveries' | 'settleDelivery', boolean>;

  const breaking = async (url: string, limits: SenderMeans['limits'] = {}) => {
    const broken: Broken = { dueChannels: false, takeDeliveries: false, settleDelivery: false };
    const seen = (store: SqliteStore): SenderMeans['store'] => {
      const failing = <Args extends unknown[], Result>(
        name: keyof Broken,
        method: (...args: Args) => Promise<Result>,
      ) => {
        return async (...args: Args): Promise<Result> => {
          if (broken[name]) throw new Error(`${name} failed`);
          return method(...args);
        };
      };
      return {
        ...store,
        dueChannels: failing('dueChannels', store.dueChannels),
        takeDeliveries: failing('takeDeliveries', store.takeDeliveries),
        settleDelivery: failing('settleDelivery', store.settleDelivery),
      };
    };
    const run = await sending({ seen, limits });
    await run.put('hook', url);
    return { ...run, broken };
  };

  it.each(['dueChannels', 'takeDeliveries'] as const)(
    'to say what is due (%s), it is asked again after a while',
    async (method) => {
      const hook = await receiver();
      const { broken, clock, read, failures, attempted } = await breaking(hook.url);
      broken[method] = true;
      await read('og/x', 'a');
      await failures.reach(1);
      broken[method] = false;
      await clock.pass(5 * SECOND);
      expect((await attempted(1))[0]!.outcome).toBe('delivered');
      expect(hook.received.all).toHaveLength(1);
    },
  );

  it('to settle, it is asked again, and the event not sent again', async () => {
    const hook = await receiver();
    const { broken, clock, store, read, failures, attempted } = await breaking(hook.url);
    broken.settleDelivery = true;
    await read('og/x', 'a');
    await failures.reach(1);
    await clock.pass(20 * SECOND);
    await failures.reach(5);
    broken.settleDelivery = false;
    await clock.pass(5 * SECOND);
    await attempted(1);
    await clock.pass(120 * SECOND);
    expect(hook.received.all).toHaveLength(1);
    expect(await store.deliveries({ status: 'delivered', limit: 9, before: null })).toHaveLength(1);
  });

  it('to settle for as long as the lease, the event is sent again, under the same id', async () => {
    const hook = await receiver();
    const { broken, clock, read, failures, attempts } = await breaking(hook.url);
    broken.settleDelivery = true;
    await read('og/x', 'a');
    await failures.reach(1);
    await clock.pass(58 * SECOND);
    broken.settleDelivery = false;
    await attempts.reach(1);
    await clock.pass(2 * SECOND);
    await attempts.reach(2);
    expect(new Set(idsOf(hook.received.all)).size).toBe(1);
    expect(hook.received.all).toHaveLength(2);
  });

  it('to settle, what is sent does not pile up', async () => {
    const hook = await receiver();
    const limits = { inFlight: { first: 4, most: 4 } };
    const { broken, clock, read, failures } = await breaking(hook.url, limits);
    broken.settleDelivery = true;
    for (let i = 0; i < 30; i++) await read(`l-${i}`, 'a');
    await failures.reach(4);
    await clock.pass(50 * SECOND);
    expect(hook.received.all.length).toBeLessThanOrEqual(2 * 4);
  });
});

describe('when the service stops', () => {
  it('what is under way may end, and is settled', async () => {
    const { hook, answer } = await holding();
    const { store, clock, sender, put, read } = await sending();
    await put('hook', hook.url);
    for (const saw of ['a', 'b']) await read('og/x', saw);
    await hook.received.reach(1);
    const stopped = sender.stop();
    await clock.pass(2 * SECOND);
    answer(200);
    await stopped;
    expect(await store.deliveries({ status: 'delivered', limit: 9, before: null })).toHaveLength(1);
    expect(hook.received.all).toHaveLength(1);
  });

  it('what does not end soon is broken off, and sent at the next start as if never tried', async () => {
    const { hook } = await holding();
    const before = await sending();
    await before.put('hook', hook.url);
    await before.read('og/x', 'a');
    await hook.received.reach(1);
    await stop(before.sender, before.clock);
    expect((await before.attempted(1))[0]!.outcome).toBe('released');
    const [delivery] = await before.store.deliveries({ limit: 1, before: null });
    expect(delivery).toMatchObject({ status: 'pending', attempts: 0, lastError: null });
    await before.store.close();
    const after = await sending(before);
    expect((await after.attempted(1))[0]!.outcome).toBe('delivered');
    expect(new Set(idsOf(hook.received.all)).size).toBe(1);
  });

  it('nothing more is sent', async () => {
    const hook = await receiver();
    const { clock, sender, put, read } = await sending();
    await put('hook', hook.url);
    await stop(sender, clock);
    await read('og/x', 'a');
    sender.wake('hook');
    await clock.pass(3600 * SECOND);
    expect(hook.received.all).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('what was just taken is let go of', async () => {
    const hook = await receiver();
    let goOn = () => {};
    const taken = new Promise<void>((told) => {
      goOn = told;
    });
    const seen = (store: SqliteStore): SenderMeans['store'] => ({
      ...store,
      async takeDeliveries(...args) {
        const due = await store.takeDeliveries(...args);
        await taken;
        return due;
      },
    });
    const { store, clock, sender, put, read } = await sending({ seen });
    await put('hook', hook.url);
    await read('og/x', 'a');
    const stopped = stop(sender, clock);
    goOn();
    await stopped;
    expect(hook.received.all).toEqual([]);
    expect((await store.dueChannels())[0]!.dueAt).toBeLessThanOrEqual(clock.now());
  });
});
