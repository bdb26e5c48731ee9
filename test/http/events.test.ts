/** The stream of events: whole, in order, resumable, and bounded whatever its clients do. */
import { describe, expect, it } from 'vitest';
import { cloudEvent } from '../../src/contract/event.ts';
import { eventPages } from '../../src/http/event-pages.ts';
import { eventStream, HEARTBEAT_MS } from '../../src/http/event-stream.ts';
import { STALLED_MS } from '../../src/http/pulled-body.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import { files, PUSHED, START } from '../store/opened.ts';
import { atRest, FakeClock } from '../watch/fake-clock.ts';
import { appUnderTest } from './app-under-test.ts';
import { listen } from './event-source.ts';
import { eventually } from './eventually.ts';
import { expectFields, expectProblem } from './problems.ts';
import { rawRequest } from './raw-request.ts';
import { filesNamed, labelPath, serviceUnderTest, temporaryFolder } from './service-under-test.ts';

const BEFORE_FIRST = '00000000-0000-7000-8000-000000000000';
const PATH = '/api/v1/events';

/** When the last reading was; readings of one label don't overlap. */
let at = START;

/** An event each: the label's first sighting, then its moves. @param blobs of each artifact */
async function moves(store: SqliteStore, label: string, count: number, blobs = 1): Promise<void> {
  await store.putLabel(label, PUSHED, START);
  for (let i = 0; i < count; i++) {
    at++;
    const names = Array.from({ length: blobs }, (_, n) => `${label}-${i}-${n}`);
    const push = { requestedAt: at, receivedAt: at, files: files(...names), backfill: false };
    await store.recordPush(label, push, at);
  }
}

describe('the stream of events', () => {
  it('begins with what happens from now on, each event as JSON under its id', async () => {
    const { url, store } = await appUnderTest();
    await moves(store, 'og/before', 2);
    const stream = await listen(url + PATH);
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    await moves(store, 'og/a', 3);
    const got = await stream.events.reach(3);
    expect(got.map(({ event }) => [event.type, event.subject])).toEqual([
      ['underlabel.change.first_seen', 'og/a'],
      ['underlabel.change.moved', 'og/a'],
      ['underlabel.change.moved', 'og/a'],
    ]);
    for (const { id, event } of got) {
      expect(id).toBe(event.id);
      cloudEvent.parse(event);
    }
    expect(stream.text).toMatch(/^retry: 3000\n/);
    expect(stream.retry).toBe(3000);
  });

  it('resumes after the event that came last, by header or by query', async () => {
    const { url, store } = await appUnderTest();
    const first = await listen(url + PATH);
    await moves(store, 'og/a', 5);
    const got = await first.events.reach(5);
    first.leave();
    const after = got[1]!.id;
    const byHeader = await listen(url + PATH, { 'last-event-id': after });
    const byQuery = await listen(`${url}${PATH}?lastEventId=${after}`);
    for (const stream of [byHeader, byQuery]) {
      expect(await stream.events.reach(3)).toEqual(got.slice(2));
    }
    // A browser goes on asking with the query it began with.
    const both = await listen(`${url}${PATH}?lastEventId=${after}`, {
      'last-event-id': got[3]!.id,
    });
    expect(await both.events.reach(1)).toEqual(got.slice(4));
  });

  it('misses nothing between a connection and the next, even before any event came', async () => {
    const { url, store } = await appUnderTest();
    for (const already of [0, 2]) {
      const stream = await listen(url + PATH);
      await eventually(
        () => stream.lastEventId,
        (id) => id !== '',
      );
      stream.leave();
      await moves(store, `og/${already}`, 2);
      const again = await listen(url + PATH, { 'last-event-id': stream.lastEventId });
      const got = await again.events.reach(2);
      expect(got.map(({ event }) => event.subject)).toEqual([`og/${already}`, `og/${already}`]);
      again.leave();
    }
  });

  it('goes from the first event on where that is asked for, over as many pages as there are', async () => {
    const { url, store } = await appUnderTest();
    await moves(store, 'og/a', 250);
    const stream = await listen(`${url}${PATH}?lastEventId=${BEFORE_FIRST}`);
    const got = await stream.events.reach(250);
    const stored = await store.events(0, 1000);
    expect(got.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
  });

  it('holds only what is asked for; an event about no label passes every glob over labels', async () => {
    const { url, store } = await appUnderTest();
    const wanted = await listen(`${url}${PATH}?label=og/*&type=underlabel.change.moved`);
    const ofLabel = await listen(`${url}${PATH}?label=og/*`);
    await moves(store, 'og/a', 2);
    await moves(store, 'acme/b', 2);
    await store.putChannel('desk', { target: { kind: 'log' }, labels: null, events: null }, START);
    await store.testChannel('desk', START);
    await moves(store, 'og/c', 2);
    expect((await wanted.events.reach(2)).map(({ event }) => event.subject)).toEqual([
      'og/a',
      'og/c',
    ]);
    expect((await ofLabel.events.reach(5)).map(({ event }) => event.type)).toEqual([
      'underlabel.change.first_seen',
      'underlabel.change.moved',
      'underlabel.channel.test',
      'underlabel.change.first_seen',
      'underlabel.change.moved',
    ]);
  });

  it.each([
    ['not-an-id', 'Last-Event-ID'],
    ['7', 'Last-Event-ID'],
    ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'Last-Event-ID'],
    ['x'.repeat(101), 'Last-Event-ID'],
  ])('is refused with the last event %s', async (id, field) => {
    const { ask } = await appUnderTest();
    expectFields(await ask('GET', PATH, undefined, { 'last-event-id': id }), field);
  });

  it.each([
    ['type=underlabel.changes.*', 'type'],
    ['label=', 'label'],
    [`label=${'x'.repeat(201)}`, 'label'],
    ['lastEventId=nope', 'Last-Event-ID'],
    ['labels=og/*', 'labels'],
  ])('is refused with ?%s', async (query, field) => {
    const { ask } = await appUnderTest();
    expectFields(await ask('GET', `${PATH}?${query}`), field);
  });

  it('after an id that is not known any more, resumes by the time in it', async () => {
    const { url, store } = await appUnderTest();
    await moves(store, 'og/a', 3);
    const [, second] = await store.events(0, 3);
    // Of the same millisecond and another event, as from a database that was there before.
    const time = second!.recordedAt.toString(16).padStart(12, '0');
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
    const stream = await listen(url + PATH, { 'last-event-id': id });
    const got = await stream.events.reach(2);
    expect(got[0]!.id).toBe(second!.id);
  });

  it('answers HEAD with its headers and opens nothing', async () => {
    const { url, ask } = await appUnderTest();
    const head = await rawRequest(url, PATH, { method: 'HEAD' });
    expect([head.status, head.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect((await ask('GET', '/metrics')).text).toContain('underlabel_event_streams 0');
  });
});

describe('a quiet stream', () => {
  it('beats every 15 s, and says how far it is where it passed over events', async () => {
    const clock = new FakeClock(START);
    const { url, store } = await appUnderTest({ clock });
    const stream = await listen(`${url}${PATH}?type=underlabel.channel.*`);
    await eventually(
      () => stream.lastEventId,
      (id) => id !== '',
    );
    await eventually(
      () => clock.pending,
      (timers) => timers > 0,
    );
    const began = stream.lastEventId;
    await clock.pass(HEARTBEAT_MS - 1);
    expect(stream.beats.all).toEqual([]);
    await clock.pass(1);
    await stream.beats.reach(1);
    expect(stream.lastEventId).toBe(began);
    await moves(store, 'og/a', 3);
    await atRest();
    const [newest] = await store.events(2, 1);
    await eventually(
      async () => {
        await clock.pass(HEARTBEAT_MS);
        return stream.lastEventId;
      },
      (id) => id === newest!.id,
    );
    expect(stream.events.all).toEqual([]);
  });
});

describe('a stream ends', () => {
  const streams = async (app: Awaited<ReturnType<typeof appUnderTest>>) =>
    Number(/underlabel_event_streams (\d+)/.exec(await app.metrics.text())![1]);

  it('with its client, and its place is free', async () => {
    const app = await appUnderTest();
    const left = await Promise.all([1, 2, 3].map(() => listen(app.url + PATH)));
    expect(await streams(app)).toBe(3);
    for (const stream of left) stream.leave();
    await eventually(
      () => streams(app),
      (open) => open === 0,
    );
    expect(app.errors).toEqual([]);
  });

  it('whole when the service stops, and no other begins', async () => {
    const app = await appUnderTest();
    const stream = await listen(app.url + PATH);
    await moves(app.store, 'og/a', 1);
    await stream.events.reach(1);
    app.stop();
    expect(await stream.ended).toBe(true);
    expect(await streams(app)).toBe(0);
    expectProblem(await app.ask('GET', PATH), 503, 'stopping');
  });

  it('when its client takes nothing for a minute; until then next to nothing is held for it', async () => {
    const clock = new FakeClock(START);
    const app = await appUnderTest({
      clock,
      seen: (store) => ({ ...store, events: many(store) }),
    });
    const stream = await listen(`${app.url}${PATH}?lastEventId=${BEFORE_FIRST}`);
    stream.stall();
    await eventually(
      () => settled(() => pages),
      (count) => count > 0,
    );
    const held = pages;
    expect(await streams(app)).toBe(1);
    await clock.pass(STALLED_MS - 1);
    expect([await streams(app), pages]).toEqual([1, held]);
    await clock.pass(1);
    expect(await streams(app)).toBe(0);
    stream.resume();
    expect(await stream.ended).toBe(false);
  });

  it('at once when the service stops while its client takes nothing', async () => {
    const app = await appUnderTest({ seen: (store) => ({ ...store, events: many(store) }) });
    const stream = await listen(`${app.url}${PATH}?lastEventId=${BEFORE_FIRST}`);
    stream.stall();
    await eventually(
      () => settled(() => pages),
      (count) => count > 0,
    );
    app.stop();
    expect(await streams(app)).toBe(0);
    stream.resume();
    expect(await stream.ended).toBe(false);
  });

  it('with a log line where the store fails', async () => {
    const broken = new Error('disk');
    const app = await appUnderTest({
      seen: (store) => ({ ...store, events: () => Promise.reject(broken) }),
    });
    const stream = await listen(`${app.url}${PATH}?lastEventId=${BEFORE_FIRST}`);
    expect(await stream.ended).toBe(false);
    expect(app.errors).toEqual([broken]);
    expect(await streams(app)).toBe(0);
  });

  /** How many pages were asked for. */
  let pages = 0;
  /** Events without end, far more than the buffers of a connection hold. */
  const many = (_: SqliteStore) => (after: number, limit: number) => {
    pages++;
    const label = 'x'.repeat(1000);
    return Promise.resolve(
      Array.from({ length: limit }, (_, i) => ({
        number: after + i + 1,
        id: BEFORE_FIRST,
        type: 'underlabel.channel.test' as const,
        subject: label,
        recordedAt: START,
        data: { channel: label },
      })),
    );
  };
  /** A number once it stays the same for a while; 0 while it doesn't. */
  const settled = async (of: () => number) => {
    const before = of();
    for (let i = 0; i < 200; i++) await atRest();
    return before === of() ? before : 0;
  };
});

describe('the service', () => {
  it('stops at once however many streams are open, and each can be resumed at the next start', async () => {
    const dataFolder = await temporaryFolder();
    const first = await serviceUnderTest({ dataFolder });
    const open = await Promise.all([1, 2, 3].map(() => listen(first.url + PATH)));
    await first.ask('PUT', labelPath('og/a'), { source: { kind: 'push' } });
    const push = (service: typeof first, name: string) =>
      service.ask('POST', labelPath('og/a', '/observations'), { files: filesNamed(name) });
    await push(first, 'a');
    await Promise.all(open.map((stream) => stream.events.reach(1)));
    const began = performance.now();
    await first.close();
    expect(performance.now() - began).toBeLessThan(2000);
    for (const stream of open) expect(await stream.ended).toBe(true);

    const second = await serviceUnderTest({ dataFolder });
    await push(second, 'b');
    const again = await listen(second.url + PATH, { 'last-event-id': open[0]!.lastEventId });
    const [missed] = await again.events.reach(1);
    expect(missed!.event.type).toBe('underlabel.change.moved');
  });
});

describe('streams', () => {
  it('are 100 at most, share their looks at the store, and one more is told to come later', async () => {
    let looks = 0;
    const app = await appUnderTest({
      seen: (store) => ({
        ...store,
        events(after, limit) {
          looks++;
          return store.events(after, limit);
        },
      }),
    });
    const open = await Promise.all(Array.from({ length: 100 }, () => listen(app.url + PATH)));
    const refused = await app.ask('GET', PATH);
    expectProblem(refused, 503, 'too-many-streams');
    expect(refused.headers.get('retry-after')).toBe('30');
    await Promise.all(
      open.map((stream) =>
        eventually(
          () => stream.retry,
          (ms) => ms !== null,
        ),
      ),
    );
    looks = 0;
    await moves(app.store, 'og/a', 1);
    await Promise.all(open.map((stream) => stream.events.reach(1)));
    expect(looks).toBeLessThan(10);
    open[0]!.leave();
    await eventually(
      () => rawRequest(app.url, PATH, { method: 'HEAD' }),
      ({ status }) => status === 200,
    );
  });
});

describe('the parts of a stream', () => {
  it('stay small, however large the events are', async () => {
    const { store } = await appUnderTest();
    await moves(store, 'og/a', 120, 60);
    const clock = new FakeClock(START);
    const from = { after: 0, id: BEFORE_FIRST, wants: () => true };
    const onNews = store.onEvents;
    const parts = eventStream({ pages: eventPages(store), onNews, clock }, from);
    const sizes: number[] = [];
    let events = 0;
    await parts.next();
    while (events < 120) {
      const part = Buffer.from((await parts.next())!).toString();
      sizes.push(part.length);
      events += part.split('\ndata: ').length - 1;
    }
    parts.end();
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect(await parts.next()).toBeNull();
  });
});
