import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../src/store/event.ts';
import type { AttemptOutcome, ChannelSettings, DueDelivery } from '../../src/store/outbox.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { WatchedReading } from '../../src/store/store.ts';
import { files, opened, START, temporaryFolder, trace, unhurried } from './opened.ts';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const LEASE = 60 * SECOND;
const HOOK: ChannelSettings = {
  target: { kind: 'webhook', url: 'https://hook.example/in' },
  labels: null,
  events: null,
};
const WATCHED = {
  source: { kind: 'manifest', url: 'https://hub.example/m.json' },
  every: 30 * SECOND,
  clockSkew: 0,
  servingLag: 0,
} as const;
const ERROR = { code: 'http-503', message: 'it answered 503' };

interface Told {
  store: SqliteStore;
  clock: { now: number };
  folder: string;
  /** A reading of the label a second later. */
  read(label: string, saw: string | null | 'fails'): Promise<void>;
  take(channel?: string, limit?: number): Promise<DueDelivery[]>;
  settle(taken: DueDelivery | undefined, outcome: AttemptOutcome): Promise<void>;
}

async function told(...channels: [string, ChannelSettings][]): Promise<Told> {
  const { store, clock, folder } = opened();
  for (const [name, settings] of channels) await store.putChannel(name, settings, clock.now);
  return {
    store,
    clock,
    folder,
    async read(label, saw) {
      if ((await store.label(label)) === null) await store.putLabel(label, WATCHED, clock.now);
      clock.now += SECOND;
      await store.recordReading(label, reading(saw, clock.now), clock.now);
    },
    take: (channel = 'hook', limit = 100) =>
      store.takeDeliveries(channel, { limit, leaseMs: LEASE, now: clock.now }),
    settle: (taken, outcome) => store.settleDelivery(taken!.id, outcome, clock.now),
  };
}

function reading(saw: string | null | 'fails', at: number): WatchedReading {
  const times = { requestedAt: at, receivedAt: at, seenSince: null, answer: null };
  if (saw === 'fails') {
    return { ...times, outcome: { kind: 'failed', code: 'timeout', message: 'no answer' } };
  }
  if (saw === null) return { ...times, outcome: { kind: 'absent' } };
  return { ...times, outcome: { kind: 'artifact', files: files(saw) } };
}

const typesOf = (taken: DueDelivery[]) => taken.map(({ event }) => event.type);
const subjectsOf = (taken: DueDelivery[]) => taken.map(({ event }) => event.subject).sort();

async function eventsOf(store: SqliteStore): Promise<EventType[]> {
  return (await store.events(0, 1000)).map(({ type }) => type);
}

describe('whom a change was told', () => {
  const changesOf = async (store: SqliteStore) =>
    store.changes({ label: null, from: null, to: null, limit: 10, before: null });

  it('is a delivery for each channel that wanted it, of that change alone', async () => {
    const calm = { ...HOOK, labels: ['og/calm'] };
    const { store, read, take, settle } = await told(['hook', HOOK], ['calm', calm]);
    await read('og/x', 'a');
    await read('og/x', 'b');
    await settle((await take())[0], { kind: 'delivered' });
    const [moved, first] = await changesOf(store);
    expect(await store.deliveriesOfChange(first!, 10)).toMatchObject([
      { channel: 'hook', status: 'delivered', event: { type: 'underlabel.change.first_seen' } },
    ]);
    expect(await store.deliveriesOfChange(moved!, 10)).toMatchObject([
      { channel: 'hook', status: 'pending', event: { type: 'underlabel.change.moved' } },
    ]);
  });

  it('is told apart where the changes of several labels are of one instant', async () => {
    const { store, clock } = await told(['a', HOOK], ['b', HOOK]);
    for (const label of ['og/x', 'og/y']) {
      await store.putLabel(label, WATCHED, clock.now);
      for (const [i, saw] of ['a', 'b', 'a'].entries()) {
        await store.recordReading(label, reading(saw, START + i), clock.now);
      }
    }
    const changes = await changesOf(store);
    expect(new Set(changes.map(({ detectedAt }) => detectedAt)).size).toBe(1);
    const events: string[] = [];
    for (const change of changes) {
      const deliveries = (await store.deliveriesOfChange(change, 10))!;
      expect(deliveries.map(({ channel }) => channel)).toEqual(['a', 'b']);
      for (const { event } of deliveries) {
        expect(event).toMatchObject({
          type: `underlabel.change.${change.kind}`,
          subject: change.label,
        });
      }
      events.push(deliveries[0]!.event.id);
      expect(await store.deliveriesOfChange(change, 1)).toEqual(deliveries.slice(0, 1));
    }
    expect(new Set(events).size).toBe(6);
  });

  it('is nobody without a channel, and no event tells of what an import shows', async () => {
    const { store, read, clock } = await told();
    await read('og/x', 'a');
    const push = { files: files('b'), backfill: true };
    const times = { requestedAt: START - DAY, receivedAt: START - DAY };
    await store.recordPush('og/x', { ...push, ...times }, clock.now);
    const each = await Promise.all(
      (await changesOf(store)).map(async (change) => [
        change.kind,
        await store.deliveriesOfChange(change, 10),
      ]),
    );
    expect(Object.fromEntries(each)).toEqual({ moved: [], first_seen: null });
  });
});

describe('an event', () => {
  it('is told of each change, with the Blob IDs of both artifacts', async () => {
    const { store, read } = await told();
    for (const saw of ['a', 'b', null, 'a']) await read('og/x', saw);
    const events = await store.events(0, 100);
    expect(events.map(({ type }) => type)).toEqual([
      'underlabel.change.first_seen',
      'underlabel.change.moved',
      'underlabel.change.vanished',
      'underlabel.change.reappeared',
    ]);
    expect(events[1]).toMatchObject({
      subject: 'og/x',
      data: {
        label: 'og/x',
        fromBlobIds: [files('a')[0]!.blobId],
        toBlobIds: [files('b')[0]!.blobId],
      },
    });
  });

  it('is told once when a label becomes unreadable, and once when it is readable again', async () => {
    const { store, read, clock } = await told();
    for (const saw of ['a', 'fails', 'fails', 'fails', 'a', 'a', 'fails'] as const) {
      await read('og/x', saw);
    }
    const events = await store.events(0, 100);
    expect(events.map(({ type }) => type)).toEqual([
      'underlabel.change.first_seen',
      'underlabel.label.unreadable',
      'underlabel.label.readable',
      'underlabel.label.unreadable',
    ]);
    expect(events[1]!.data).toEqual({
      label: 'og/x',
      since: START + 2 * SECOND,
      error: { code: 'timeout', message: 'no answer' },
      lastSuccessAt: START + SECOND,
    });
    expect(events[2]!.data).toMatchObject({
      since: START + 2 * SECOND,
      until: START + 5 * SECOND,
      failures: 3,
    });
    expect(clock.now).toBe(START + 7 * SECOND);
  });

  it('is told of a label that never could be read', async () => {
    const { store, read } = await told();
    await read('og/typo', 'fails');
    expect(await eventsOf(store)).toEqual(['underlabel.label.unreadable']);
  });

  it('is not told of a backfill', async () => {
    const { store, read, clock } = await told(['hook', HOOK]);
    await read('og/x', 'a');
    clock.now += SECOND;
    const push = { requestedAt: START - DAY, receivedAt: START - DAY, files: files('z') };
    await store.recordPush('og/x', { ...push, backfill: true }, clock.now);
    expect(await eventsOf(store)).toEqual(['underlabel.change.first_seen']);
  });

  it('calls those who wait for events after the commit, and only then', async () => {
    const { store, read } = await told();
    const seen: number[] = [];
    const end = store.onEvents(async () => seen.push(await store.newestEvent()));
    await read('og/x', 'a');
    await read('og/x', 'a');
    await read('og/x', 'b');
    end();
    await read('og/x', 'c');
    expect(seen).toEqual([1, 2]);
    expect(await store.newestEvent()).toBe(3);
  });

  it('is found by its id; one that is no more, by the time in it', async () => {
    const { store, read } = await told();
    for (const saw of ['a', 'b', 'c']) await read('og/x', saw);
    const events = await store.events(0, 100);
    expect(await store.eventNumber(events[1]!.id)).toBe(2);
    // UUIDv7 of the process's clock, not the test's: later than all of them.
    expect(await store.eventNumber(uuidAt(Date.now() + DAY))).toBe(3);
    expect(await store.eventNumber(uuidAt(START + 2.5 * SECOND))).toBe(2);
    expect(await store.eventNumber(uuidAt(0))).toBe(0);
    for (const none of ['', '7', 'f47ac10b-58cc-4372-a567-0e02b2c3d479', '-'.repeat(36)]) {
      expect(await store.eventNumber(none)).toBeNull();
    }
  });
});

function uuidAt(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

describe('a delivery', () => {
  it('is one for each channel that wants the event', async () => {
    const { store, read, take } = await told(
      ['all', HOOK],
      ['moves', { ...HOOK, events: ['underlabel.change.moved', '*.unreadable'] }],
      ['other', { ...HOOK, labels: ['other/*'] }],
      ['both', { ...HOOK, labels: ['og/*'], events: ['underlabel.change.*'] }],
    );
    for (const saw of ['a', 'b', 'fails'] as const) await read('og/x', saw);
    const counts = await store.deliveryCounts();
    expect(counts).toContainEqual({ channel: 'all', status: 'pending', count: 1 });
    expect(counts).toContainEqual({ channel: 'all', status: 'waiting', count: 2 });
    expect(counts.filter(({ channel }) => channel === 'other')).toEqual([]);
    expect(typesOf(await take('moves'))).toEqual(['underlabel.change.moved']);
    expect(typesOf(await take('both'))).toEqual(['underlabel.change.first_seen']);
  });

  it('keeps the order of one label, and no label waits for another', async () => {
    const { read, take, settle } = await told(['hook', HOOK]);
    for (const saw of ['a', 'b', 'c']) await read('og/x', saw);
    for (const saw of ['a', 'b']) await read('og/y', saw);
    const first = await take();
    expect(subjectsOf(first)).toEqual(['og/x', 'og/y']);
    expect(typesOf(first)).toEqual(Array(2).fill('underlabel.change.first_seen'));
    expect(await take()).toEqual([]);
    await settle(first[0], { kind: 'delivered' });
    const second = await take();
    expect(second.map(({ event }) => [event.subject, event.type])).toEqual([
      ['og/x', 'underlabel.change.moved'],
    ]);
  });

  it('that failed is due again when it was told to be, and those behind it wait', async () => {
    const { read, take, settle, clock, store } = await told(['hook', HOOK]);
    for (const saw of ['a', 'b']) await read('og/x', saw);
    const [taken] = await take();
    await settle(taken, { kind: 'retry', at: clock.now + 5 * SECOND, error: ERROR });
    expect(await take()).toEqual([]);
    expect(await store.dueChannels()).toEqual([{ channel: 'hook', dueAt: clock.now + 5 * SECOND }]);
    clock.now += 5 * SECOND;
    const [again] = await take();
    expect(again).toMatchObject({ id: taken!.id, attempts: 1, event: { id: taken!.event.id } });
    expect(await store.delivery(taken!.id)).toMatchObject({ status: 'pending', lastError: ERROR });
  });

  it('that is given up lets those behind it go on', async () => {
    const { read, take, settle, store } = await told(['hook', HOOK]);
    for (const saw of ['a', 'b']) await read('og/x', saw);
    const [taken] = await take();
    await settle(taken, { kind: 'dead', error: ERROR });
    expect(typesOf(await take())).toEqual(['underlabel.change.moved']);
    expect(await store.deliveries({ status: 'dead', limit: 10, before: null })).toMatchObject([
      { id: taken!.id, channel: 'hook', attempts: 1, nextAt: null, lastError: ERROR },
    ]);
  });

  it('is taken again once its lease has ended', async () => {
    const { read, take, clock } = await told(['hook', HOOK]);
    await read('og/x', 'a');
    const [taken] = await take();
    clock.now += LEASE - 1;
    expect(await take()).toEqual([]);
    clock.now += 1;
    expect((await take())[0]!.id).toBe(taken!.id);
  });

  it('under way when the process died is due at the next start', async () => {
    const { read, take, clock, store, folder } = await told(['hook', HOOK]);
    await read('og/x', 'a');
    const [taken] = await take();
    await store.close();
    const again = openSqliteStore(folder, () => clock.now);
    const [due] = await again.takeDeliveries('hook', { limit: 1, leaseMs: LEASE, now: clock.now });
    await again.close();
    expect(due).toMatchObject({ id: taken!.id, attempts: 0 });
  });

  it('that was let go of is due at once, and no attempt is counted', async () => {
    const { read, take, settle } = await told(['hook', HOOK]);
    await read('og/x', 'a');
    await settle((await take())[0], { kind: 'released' });
    expect((await take())[0]).toMatchObject({ attempts: 0 });
  });

  it('can be had once more, with the same event id, and from a first attempt on', async () => {
    const { read, take, settle, store, clock } = await told(['hook', HOOK]);
    await read('og/x', 'a');
    const [taken] = await take();
    await settle(taken, { kind: 'dead', error: ERROR });
    expect(await store.redeliver(taken!.id, clock.now)).toMatchObject({
      status: 'pending',
      attempts: 0,
      nextAt: clock.now,
    });
    const [again] = await take();
    expect(again!.event.id).toBe(taken!.event.id);
    await settle(again, { kind: 'delivered' });
    expect((await store.redeliver(taken!.id, clock.now)).status).toBe('pending');
  });

  it('had once more while its label has another under way waits for that', async () => {
    const { read, take, settle, store, clock } = await told(['hook', HOOK]);
    for (const saw of ['a', 'b']) await read('og/x', saw);
    const [first] = await take();
    await settle(first, { kind: 'delivered' });
    const [second] = await take();
    expect((await store.redeliver(first!.id, clock.now)).status).toBe('waiting');
    expect(await take()).toEqual([]);
    await settle(second, { kind: 'delivered' });
    expect((await take())[0]!.id).toBe(first!.id);
  });

  it('that is not there is refused', async () => {
    const { store, clock } = await told();
    const refused = store.redeliver(7, clock.now);
    await expect(refused).rejects.toMatchObject({ code: 'unknown-delivery' });
  });
});

describe('a channel', () => {
  it('that takes no more is disabled, told to the others, and gets the rest once it is enabled', async () => {
    const { read, take, settle, store, clock } = await told(['hook', HOOK], ['log', HOOK]);
    await read('og/x', 'a');
    await settle((await take())[0], { kind: 'gone', error: ERROR });
    await read('og/x', 'b');
    expect(await take()).toEqual([]);
    expect((await store.dueChannels()).map(({ channel }) => channel)).toEqual(['log']);
    expect(await store.channel('hook')).toMatchObject({
      disabledAt: clock.now - SECOND,
      disabledReason: ERROR.message,
    });
    expect(await eventsOf(store)).toContain('underlabel.channel.disabled');
    await store.putChannel('hook', HOOK, clock.now);
    expect(typesOf(await take())).toEqual([
      'underlabel.channel.disabled',
      'underlabel.change.moved',
    ]);
  });

  it('that is removed is told nothing more, and one made anew of its name begins afresh', async () => {
    const { read, take, store, clock } = await told(['hook', { ...HOOK, secret: 'old' }]);
    await read('og/x', 'a');
    const [taken] = await take();
    await store.removeChannel('hook', clock.now);
    expect(await store.channel('hook')).toBeNull();
    expect(await store.delivery(taken!.id)).toMatchObject({ status: 'cancelled', nextAt: null });
    await store.settleDelivery(taken!.id, { kind: 'delivered' }, clock.now);
    expect(await store.delivery(taken!.id)).toMatchObject({ status: 'cancelled' });
    const redelivery = store.redeliver(taken!.id, clock.now);
    await expect(redelivery).rejects.toMatchObject({ code: 'unknown-channel' });
    const { created, channel } = await store.putChannel('hook', HOOK, clock.now);
    expect({ created, secrets: channel.secrets }).toEqual({ created: true, secrets: [] });
    expect(await take()).toEqual([]);
  });

  it('signs with a replaced secret for a day more', async () => {
    const { store, clock } = await told(['hook', { ...HOOK, secret: 'one' }]);
    await store.putChannel('hook', HOOK, clock.now);
    expect((await store.channel('hook'))!.secrets).toEqual(['one']);
    await store.putChannel('hook', { ...HOOK, secret: 'two' }, clock.now);
    expect((await store.channel('hook'))!.secrets).toEqual(['two', 'one']);
    clock.now += DAY;
    expect((await store.channel('hook'))!.secrets).toEqual(['two']);
  });

  it('can be tested alone', async () => {
    const { store, clock, take } = await told(
      ['hook', { ...HOOK, events: ['none'] }],
      ['other', HOOK],
    );
    const delivery = await store.testChannel('hook', clock.now);
    expect(delivery).toMatchObject({ channel: 'hook', event: { type: 'underlabel.channel.test' } });
    expect(typesOf(await take())).toEqual(['underlabel.channel.test']);
    expect(await take('other')).toEqual([]);
  });

  it('that is not there is refused', async () => {
    const { store, clock } = await told();
    for (const ask of [store.testChannel('x', clock.now), store.removeChannel('x', clock.now)]) {
      await expect(ask).rejects.toMatchObject({ code: 'unknown-channel' });
    }
  });
});

describe('the outbox, whatever happens', () => {
  type Step = ['read', number, number] | ['take'] | ['settle', number, AttemptOutcome['kind']];
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(fc.constant('read' as const), fc.nat(2), fc.nat(3)),
    fc.constant(['take'] as ['take']),
    fc.tuple(
      fc.constant('settle' as const),
      fc.nat(5),
      fc.constantFrom('delivered' as const, 'retry' as const, 'dead' as const),
    ),
  );

  it('tells each event in the order of its label, and has one under way for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { store, read, take, settle, clock } = await told(['hook', HOOK]);
        unhurried(store);
        let underWay: DueDelivery[] = [];
        const settled: DueDelivery[] = [];
        const end = async (one: DueDelivery, kind: 'delivered' | 'dead') => {
          await settle(one, kind === 'dead' ? { kind, error: ERROR } : { kind });
          settled.push(one);
        };
        for (const [kind, ...what] of steps) {
          if (kind === 'read') {
            const [label, saw] = what as [number, number];
            await read(`l-${label}`, saw === 3 ? 'fails' : `blob-${saw}`);
          } else if (kind === 'take') {
            underWay.push(...(await take('hook', 2)));
            const subjects = underWay.map(({ event }) => event.subject);
            expect(new Set(subjects).size).toBe(subjects.length);
          } else {
            const [index, outcome] = what as [number, 'delivered' | 'retry' | 'dead'];
            const one = underWay[index];
            if (!one) continue;
            underWay = underWay.filter((other) => other !== one);
            if (outcome !== 'retry') await end(one, outcome);
            else await settle(one, { kind: outcome, at: clock.now + SECOND, error: ERROR });
          }
        }
        for (const one of underWay) await end(one, 'delivered');
        clock.now += SECOND;
        for (let due = await take(); due.length > 0; due = await take()) {
          for (const one of due) await end(one, 'delivered');
        }
        const events = await store.events(0, 1000);
        for (const label of ['l-0', 'l-1', 'l-2']) {
          const of = (list: { subject: string; number: number }[]) =>
            list.filter(({ subject }) => subject === label).map(({ number }) => number);
          expect(of(settled.map(({ event }) => event))).toEqual(of(events));
        }
        expect(await store.dueChannels()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('writes that share a commit', () => {
  it('stand or fall each alone, and are told in their order', async () => {
    const clock = { now: START };
    const store = openSqliteStore(temporaryFolder(), () => clock.now, 5);
    await store.putLabel('og/x', WATCHED, clock.now);
    const asked = [
      store.recordReading('og/x', reading('a', START + 1), START + 1),
      store.recordReading('og/nobody', reading('a', START + 2), START + 2),
      store.recordReading('og/x', reading('b', START + 3), START + 3),
      store.ingest([trace({ id: 't', label: 'og/x' })], START + 3),
    ];
    const [first, refused, third, fourth] = await Promise.allSettled(asked);
    expect(first).toMatchObject({ value: { change: { kind: 'first_seen' } } });
    expect(refused).toMatchObject({ reason: { code: 'unknown-label' } });
    expect(third).toMatchObject({ value: { change: { kind: 'moved' } } });
    expect(fourth).toMatchObject({ value: { outcomes: ['accepted'] } });
    expect(await eventsOf(store)).toEqual([
      'underlabel.change.first_seen',
      'underlabel.change.moved',
    ]);
    await store.close();
  });

  it('are on disk before the store is closed, and so are those that nobody waited for', async () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(folder, () => START, 60_000);
    const put = store.putLabel('og/x', WATCHED, START);
    await store.close();
    await put;
    const again = openSqliteStore(folder, () => START);
    expect(await again.labelNames()).toEqual(['og/x']);
    await again.close();
  });

  it('are none of them stored where their commit fails, and each is told so', async () => {
    const store = openSqliteStore(temporaryFolder(), () => START, 5);
    await store.putLabel('og/x', WATCHED, START);
    const client = store.db.$client;
    const pages = client.pragma('page_count', { simple: true }) as number;
    client.pragma(`max_page_count = ${pages}`);
    // Random, so that it can't be compressed.
    const large = randomBytes(200_000).toString('base64');
    const asked = ['a', 'b', 'c'].map((id) =>
      store.ingest([trace({ id, label: 'og/x', input: JSON.stringify(large) })], START),
    );
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'full' } });
    }
    client.pragma('max_page_count = 100000');
    const { outcomes } = await store.ingest([trace({ id: 'a', label: 'og/x' })], START);
    expect(outcomes).toEqual(['accepted']);
    await store.close();
  });
});
