import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../src/alert/channel.ts';
import { newSecret } from '../../src/alert/secret.ts';
import { atRest } from '../watch/fake-clock.ts';
import { type Received, receiver } from './receiver.ts';
import { sending, stop } from './sending.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const typesOf = (received: Received[]) => received.map(({ event }) => event.type.slice(11));
const subjectsOf = (received: Received[]) => received.map(({ event }) => event.subject);

describe('an event', () => {
  it('is sent as soon as it is recorded, under its own id', async () => {
    const { url, received } = await receiver();
    const { store, put, read, attempted } = await sending();
    const secret = newSecret();
    await put('hook', url, { secret });
    await read('og/x', 'a');
    const [first] = await received.reach(1);
    const [stored] = await store.events(0, 10);
    expect(first!.headers['webhook-id']).toBe(stored!.id);
    expect(first!.event).toMatchObject({ id: stored!.id, subject: 'og/x' });
    expect(await attempted(1)).toMatchObject([
      {
        channel: 'hook',
        kind: 'webhook',
        outcome: 'delivered',
        event: { id: stored!.id, type: 'underlabel.change.first_seen', subject: 'og/x' },
        error: null,
      },
    ]);
    const [delivery] = await store.deliveries({ limit: 10, before: null });
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, lastError: null });
  });

  it('of a first sighting is of a type of its own, which a channel can leave out', async () => {
    const [all, changed] = [await receiver(), await receiver()];
    const { put, read } = await sending();
    await put('all', all.url);
    await put('changed', changed.url, { events: ['*.moved', '*.vanished'] });
    for (const saw of ['a', 'b']) await read('og/x', saw);
    await all.received.reach(2);
    await changed.received.reach(1);
    expect(typesOf(all.received.all)).toEqual(['change.first_seen', 'change.moved']);
    expect(typesOf(changed.received.all)).toEqual(['change.moved']);
  });

  it('goes to the channels whose globs its label and type fit', async () => {
    const [ours, gone] = [await receiver(), await receiver()];
    const { put, read, attempted } = await sending();
    await put('ours', ours.url, { labels: ['og/*'] });
    await put('gone', gone.url, { labels: ['**'], events: ['*.vanished', '*.reappeared'] });
    await read('og/x', 'a');
    await read('other/x', 'a');
    await read('other/x', null);
    await attempted(2);
    expect(subjectsOf(ours.received.all)).toEqual(['og/x']);
    expect(typesOf(gone.received.all)).toEqual(['change.vanished']);
  });

  it('goes to the log of the service where a channel says so', async () => {
    const { put, read, attempted, lines } = await sending();
    await put('log', null);
    await read('og/x', 'a');
    await attempted(1);
    expect(lines.map(({ text }) => text)).toEqual(['underlabel.change.first_seen: og/x']);
  });

  it('that was recorded while nobody sent is sent at the start', async () => {
    const { url, received } = await receiver();
    const before = await sending();
    await before.put('hook', url);
    await stop(before.sender, before.clock);
    await before.read('og/x', 'a');
    await before.store.close();
    expect(received.all).toEqual([]);
    const after = await sending(before);
    await after.attempted(1);
    expect(typesOf(received.all)).toEqual(['change.first_seen']);
  });
});

describe('a wall clock that is set', () => {
  it('back delays no event', async () => {
    const { url, received } = await receiver();
    const { clock, put, read, attempts, quiet } = await sending();
    await put('hook', url);
    await read('og/x', 'a');
    await quiet();
    clock.set(clock.now() - HOUR);
    await read('og/y', 'a');
    await quiet();
    expect(subjectsOf(received.all)).toEqual(['og/x', 'og/y']);
    expect(attempts.all[1]!.sinceRecordedMs).toBe(0);
  });

  it('ahead finds what is due by it within a minute', async () => {
    const hook = await receiver(() => 500);
    const { clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    await read('og/x', 'a');
    for (let i = 1; i <= 3; i++) {
      await attempted(i);
      await clock.pass(5 * MINUTE);
    }
    clock.set(clock.now() + 30 * MINUTE);
    await clock.pass(MINUTE);
    await attempted(4);
  });
});

describe('a delivery that fails', () => {
  it('is tried again after each delay, with the same id and bytes, and then given up', async () => {
    const { url, received } = await receiver(() => 500);
    const { store, clock, put, read, attempted } = await sending();
    const secret = newSecret();
    await put('hook', url, { secret });
    await read('og/x', 'a');
    const delays = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2, 5, 10, 14, 20, 24].map((delay) =>
      delay < 100 ? delay * HOUR : delay,
    );
    for (const [i, delay] of delays.entries()) {
      await attempted(i + 1);
      const due = clock.now() + delay;
      const [delivery] = await store.deliveries({ limit: 1, before: null });
      expect(delivery).toMatchObject({ status: 'pending', attempts: i + 1, nextAt: due });
      await clock.pass(delay - 1);
      expect((await store.dueChannels())[0]!.dueAt).toBe(due);
      await clock.pass(1);
    }
    const attempts = await attempted(10);
    expect(attempts.map(({ outcome }) => outcome)).toEqual([...Array(9).fill('retry'), 'dead']);
    expect(attempts.at(-1)!.error).toMatchObject({ code: 'http-500' });
    const [delivery] = await store.deliveries({ status: 'dead', limit: 1, before: null });
    expect(delivery).toMatchObject({ attempts: 10, nextAt: null, settledAt: clock.now() });

    expect(new Set(received.all.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.all.map(({ body }) => body.toString())).size).toBe(1);
    const stamps = received.all.map(({ headers }) => headers['webhook-timestamp']);
    expect(new Set(stamps).size).toBe(10);
    const signatures = received.all.map(({ headers }) => headers['webhook-signature']);
    expect(new Set(signatures).size).toBe(10);
  });

  it('and was given up can be delivered once more, under the id it had', async () => {
    const hook = await receiver(() => 500);
    const { store, clock, sender, put, read, attempted } = await sending();
    await put('hook', hook.url);
    await read('og/x', 'a');
    for (let i = 1; i <= 10; i++) {
      await attempted(i);
      await clock.pass(30 * HOUR);
    }
    const [dead] = await store.deliveries({ status: 'dead', limit: 1, before: null });
    hook.reply = () => 200;
    await store.redeliver(dead!.id, clock.now());
    sender.wake('hook');
    const attempts = await attempted(11);
    expect(attempts[10]).toMatchObject({ deliveryId: dead!.id, outcome: 'delivered' });
    const ids = hook.received.all.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not tried before its receiver asked for, and nothing else is sent there', async () => {
    const hook = await receiver(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
    const { clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    await read('og/x', 'a');
    await attempted(1);
    hook.reply = () => 200;
    await read('og/y', 'a');
    await clock.pass(HOUR - 2);
    expect(hook.received.all).toHaveLength(1);
    await clock.pass(2);
    await attempted(3);
    expect(subjectsOf(hook.received.all).toSorted()).toEqual(['og/x', 'og/x', 'og/y']);
  });

  it('holds up those of its label behind it, and no other', async () => {
    const hook = await receiver(({ event }) => (event.subject === 'og/x' ? 500 : 200));
    const { clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    for (const saw of ['a', 'b', 'c']) {
      await read('og/x', saw);
      await read('og/y', saw);
    }
    await attempted(4);
    const of = (label: string) => hook.received.all.filter(({ event }) => event.subject === label);
    expect(typesOf(of('og/x'))).toEqual(['change.first_seen']);
    expect(typesOf(of('og/y'))).toEqual(['change.first_seen', 'change.moved', 'change.moved']);
    hook.reply = () => 200;
    await clock.pass(5 * SECOND);
    await attempted(7);
    expect(typesOf(of('og/x').slice(1))).toEqual(typesOf(of('og/y')));
  });

  it('leaves each label in its order, however the receiver fails', async () => {
    let calls = 0;
    const taken: Received[] = [];
    const hook = await receiver((received) => {
      // Neither regular for a label nor the same for each.
      const isTaken = (++calls * 7919) % 5 < 2;
      if (isTaken) taken.push(received);
      return isTaken ? 200 : [400, 429, 502][calls % 3]!;
    });
    const { store, clock, put, read, quiet } = await sending();
    await put('hook', hook.url);
    for (const saw of ['a', 'b', 'c', 'd']) {
      for (const label of ['l-1', 'l-2', 'l-3']) await read(label, saw);
    }
    for (;;) {
      await quiet();
      const [due] = await store.dueChannels();
      if (!due) break;
      await clock.pass(Math.max(due.dueAt - clock.now(), SECOND));
    }
    const events = await store.events(0, 100);
    for (const label of ['l-1', 'l-2', 'l-3']) {
      const of = (list: { id: string; subject: string }[]) =>
        list.filter(({ subject }) => subject === label).map(({ id }) => id);
      expect(of(taken.map(({ event }) => event))).toEqual(of(events));
    }
  });
});

describe('a channel', () => {
  it('that is gone is disabled, and the others are told', async () => {
    const [hook, other] = [await receiver(() => 410), await receiver()];
    const { store, clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    await put('other', other.url);
    await read('og/x', 'a');
    const attempts = await attempted(3);
    expect(attempts.find(({ channel }) => channel === 'hook')!.outcome).toBe('gone');
    await read('og/x', 'b');
    await attempted(4);
    await clock.pass(HOUR);
    expect(hook.received.all).toHaveLength(1);
    expect(typesOf(other.received.all).toSorted()).toEqual([
      'change.first_seen',
      'change.moved',
      'channel.disabled',
    ]);
    const { disabledAt, disabledReason } = (await store.channel('hook'))!;
    expect(disabledAt).not.toBeNull();
    expect(disabledReason).toContain(hook.host);
    expect(disabledReason).not.toContain('token');

    hook.reply = () => 200;
    await put('hook', hook.url);
    await attempted(6);
    expect(typesOf(hook.received.all).slice(1)).toContain('change.moved');
  });

  it('that is gone gives up one event, and keeps the rest for when it is put again', async () => {
    const answers: ((status: number) => void)[] = [];
    const hook = await receiver(() => new Promise((answer) => answers.push(answer)));
    const { store, put, read, attempted } = await sending();
    await put('hook', hook.url);
    for (let i = 0; i < 20; i++) await read(`l-${i}`, 'a');
    await hook.received.reach(16);
    for (const answer of answers) answer(410);
    const attempts = await attempted(16);
    expect(attempts.filter(({ outcome }) => outcome === 'gone')).toHaveLength(1);
    const counts = Object.fromEntries(
      (await store.deliveryCounts()).map(({ status, count }) => [status, count]),
    );
    // The event that it was disabled among them.
    expect(counts).toEqual({ dead: 1, pending: 20 });
    expect(hook.received.all).toHaveLength(16);
    hook.reply = () => 200;
    await put('hook', hook.url);
    await attempted(16 + 20);
  });

  it('that is dead, or hangs, delays no other', async () => {
    const [hanging, healthy] = [await receiver(() => 'hangs'), await receiver()];
    const { clock, put, read, attempts } = await sending();
    await put('hangs', hanging.url);
    await put('dead', 'http://127.0.0.1:1/');
    await put('healthy', healthy.url);
    for (let i = 0; i < 40; i++) await read(`l-${i}`, 'a');
    await healthy.received.reach(40);
    expect(hanging.received.all).toHaveLength(16);
    await attempts.reach(80);

    await clock.pass(20 * SECOND);
    await attempts.reach(96);
    const timedOut = attempts.all.filter(({ channel }) => channel === 'hangs');
    expect(timedOut.map(({ error }) => error?.code)).toEqual(Array(16).fill('timeout'));
  });

  it('is sent so many at a time, and no more', async () => {
    let [open, most] = [0, 0];
    const held: (() => void)[] = [];
    const hook = await receiver(async () => {
      most = Math.max(most, ++open);
      await new Promise<void>((free) => held.push(free));
      open--;
      return 200;
    });
    const { put, read, attempts } = await sending({ limits: { inFlight: { first: 4, most: 4 } } });
    await put('hook', hook.url);
    for (let i = 0; i < 12; i++) await read(`l-${i}`, 'a');
    for (let done = 0; done < 12; done++) {
      await hook.received.reach(Math.min(4 + done, 12));
      held.shift()!();
      await attempts.reach(done + 1);
    }
    expect(most).toBe(4);
  });

  it('is told of hundreds of events at once without any time passing', async () => {
    const hook = await receiver();
    const { store, clock, sender, put, read, attempts } = await sending();
    for (let i = 0; i < 300; i++) await read(`l-${i}`, 'a');
    await put('hook', hook.url);
    const now = clock.now();
    for (let i = 0; i < 300; i++) {
      await store.recordPush(`l-${i}`, { files: null, backfill: false }, now);
    }
    await attempts.reach(300);
    expect(clock.now()).toBe(now);
    expect(new Set(subjectsOf(hook.received.all)).size).toBe(300);
    sender.wake();
    expect(await store.dueChannels()).toEqual([]);
  });

  it('is left alone where it asks for less, for longer each time, and asked for more little by little', async () => {
    const answers: ((status: number) => void)[] = [];
    const hook = await receiver(() => new Promise((answer) => answers.push(answer)));
    const { clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    for (let i = 0; i < 20; i++) await read(`l-${i}`, 'a');
    await hook.received.reach(16);
    // Those that were on their way count as one: a pause of one second.
    for (const answer of answers.splice(0)) answer(429);
    await attempted(16);
    await clock.pass(SECOND - 1);
    expect(hook.received.all).toHaveLength(16);
    await clock.pass(1);
    await hook.received.reach(17);
    answers.shift()!(429);
    await attempted(17);
    await clock.pass(2 * SECOND - 1);
    expect(hook.received.all).toHaveLength(17);
    await clock.pass(1);
    await hook.received.reach(18);
    // Others are due meanwhile, but it is asked one at a time until it takes one.
    await clock.pass(900);
    expect(hook.received.all).toHaveLength(18);
    answers.shift()!(200);
    await hook.received.reach(20);
    await atRest();
    expect(hook.received.all).toHaveLength(20);
    for (const answer of answers.splice(0)) answer(200);
    await attempted(20);
  });

  it('put anew is not held to what its old address asked for', async () => {
    const slow = await receiver(() => ({ status: 429, headers: { 'retry-after': '86400' } }));
    const other = await receiver();
    const { put, read, attempted } = await sending();
    await put('hook', slow.url);
    await read('og/x', 'a');
    await attempted(1);
    await put('hook', other.url);
    await read('og/y', 'a');
    await other.received.reach(1);
    expect(subjectsOf(other.received.all)).toEqual(['og/y']);
  });

  it('that changes is told as it is when the delivery is taken', async () => {
    const [old, now] = [await receiver(() => 500), await receiver()];
    const { clock, put, read, attempted } = await sending();
    const [first, second] = [newSecret(), newSecret()];
    await put('hook', old.url, { secret: first });
    await read('og/x', 'a');
    await attempted(1);
    await put('hook', now.url, { secret: second });
    await clock.pass(5 * SECOND);
    await attempted(2);
    const signatures = (one: Received) => `${one.headers['webhook-signature']}`.split(' ');
    expect(signatures(old.received.all[0]!)).toHaveLength(1);
    // A replaced secret signs along for a day.
    expect(signatures(now.received.all[0]!)).toHaveLength(2);
    const { body, headers } = now.received.all[0]!;
    const time = new Date(Number(headers['webhook-timestamp']) * 1000);
    const id = `${headers['webhook-id']}`;
    const expected = [second, first].map((secret) => new Webhook(secret).sign(id, time, body));
    expect(signatures(now.received.all[0]!)).toEqual(expected);
  });

  it('that is removed is told nothing more', async () => {
    const hook = await receiver(() => 500);
    const { store, clock, put, read, attempted } = await sending();
    await put('hook', hook.url);
    await read('og/x', 'a');
    await attempted(1);
    await store.removeChannel('hook', clock.now());
    await clock.pass(HOUR);
    expect(hook.received.all).toHaveLength(1);
  });
});

describe('a channel of any kind', () => {
  it('that neither answers nor can be broken off has failed in time all the same', async () => {
    const deaf: Channel = { send: () => new Promise(() => {}) };
    const { clock, put, read, attempted } = await sending({ openChannel: () => deaf });
    await put('deaf', null);
    await read('og/x', 'a');
    await clock.pass(20 * SECOND);
    expect((await attempted(1))[0]).toMatchObject({ outcome: 'retry', error: { code: 'timeout' } });
  });

  it('that breaks has failed, and its words, which may hold anything, are not told', async () => {
    const broken: Channel = {
      send: () => Promise.reject(new TypeError('Invalid URL https://h.example/secret')),
    };
    const { store, put, read, attempted } = await sending({ openChannel: () => broken });
    await put('broken', null);
    await read('og/x', 'a');
    const [attempt] = await attempted(1);
    expect(attempt).toMatchObject({ outcome: 'retry', error: { code: 'internal' } });
    const told = JSON.stringify([attempt, await store.deliveries({ limit: 1, before: null })]);
    expect(told).not.toContain('secret');
  });

  it('is opened once for its settings, not once for each event', async () => {
    let opened = 0;
    const openChannel = () => {
      opened++;
      return { send: async () => {} };
    };
    const { put, read, attempted } = await sending({ openChannel });
    await put('log', null, { events: ['*.moved'] });
    for (let i = 0; i < 5; i++) {
      for (const saw of ['a', 'b']) await read(`l-${i}`, saw);
    }
    await attempted(5);
    expect(opened).toBeLessThanOrEqual(5);
  });
});

describe('a test of a channel', () => {
  it('is waited for until it was tried', async () => {
    for (const status of [200, 500]) {
      const hook = await receiver(() => status);
      const { store, clock, sender, put } = await sending();
      await put('hook', hook.url);
      const delivery = await store.testChannel('hook', clock.now());
      await sender.attempted(delivery.id, 30 * SECOND);
      const { attempts, lastError } = (await store.delivery(delivery.id))!;
      expect([attempts, lastError?.code]).toEqual([1, status === 200 ? undefined : 'http-500']);
      expect(typesOf(hook.received.all)).toEqual(['channel.test']);
      // And afterwards there is nothing to wait for.
      await sender.attempted(delivery.id, 30 * SECOND);
    }
  });

  it('is waited for no longer than was asked, and not beyond the stop', async () => {
    const hook = await receiver(() => 'hangs');
    const { store, clock, sender, put } = await sending();
    await put('hook', hook.url);
    const { id } = await store.testChannel('hook', clock.now());
    const waited = sender.attempted(id, 5 * SECOND);
    await clock.pass(5 * SECOND);
    await waited;
    const stopped = sender.attempted(id, HOUR);
    await stop(sender, clock);
    await stopped;
    expect(clock.now()).toBeLessThan((await store.events(0, 1))[0]!.recordedAt + MINUTE);
  });

  it('that there is none of is not waited for', async () => {
    const { sender } = await sending();
    await sender.attempted(404, HOUR);
  });
});
