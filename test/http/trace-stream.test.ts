/** The stream of traces: whole, in order of recording, resumable, and bounded whatever its clients do. */
import { describe, expect, it } from 'vitest';
import { type TraceJson, trace as traceSchema } from '../../src/contract/trace.ts';
import { STALLED_MS } from '../../src/http/pulled-body.ts';
import { placeOf } from '../../src/http/trace-place.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import type { StoredTrace } from '../../src/store/store.ts';
import { files, opened, PUSHED, START, trace } from '../store/opened.ts';
import { span } from '../store/traces/spans.ts';
import { atRest, FakeClock } from '../watch/fake-clock.ts';
import { appUnderTest } from './app-under-test.ts';
import { listen as listenTo } from './event-source.ts';
import { eventually } from './eventually.ts';
import { expectFields, expectProblem } from './problems.ts';
import { rawRequest } from './raw-request.ts';

const PATH = '/api/v1/traces/stream';

const listen = (url: string, headers = {}) => listenTo<TraceJson>(url, headers);

async function record(store: SqliteStore, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const label = id.split('-')[0]!;
    await store.ingest(
      [trace({ id, label: `og/${label}`, input: `{"of":\n\r\n "${id}"}` })],
      START,
    );
  }
}

const idsOf = (got: readonly { event: TraceJson }[]) => got.map(({ event }) => event.id);

describe('the stream of traces', () => {
  it('begins with what is recorded from now on, each trace as JSON under its number', async () => {
    const { url, store } = await appUnderTest();
    await record(store, 'a-before');
    const stream = await listen(url + PATH);
    expect(stream.status).toBe(200);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    await record(store, 'a-1', 'a-2', 'a-3');
    const got = await stream.events.reach(3);
    expect(idsOf(got)).toEqual(['a-1', 'a-2', 'a-3']);
    expect(got.map(({ id }) => Number(id))).toEqual([2, 3, 4]);
    for (const { event } of got) {
      traceSchema.parse(event);
      // Line ends inside of it are no ends of the line that it is.
      expect(event.input).toEqual({ of: event.id });
    }
  });

  it('resumes after the trace that came last, by header or by query', async () => {
    const { url, store } = await appUnderTest();
    await record(store, 'a-1', 'a-2', 'a-3', 'a-4');
    const byHeader = await listen(url + PATH, { 'last-event-id': '2' });
    const byQuery = await listen(`${url}${PATH}?lastEventId=2`);
    const both = await listen(`${url}${PATH}?lastEventId=0&last=4`, { 'last-event-id': '3' });
    for (const stream of [byHeader, byQuery]) {
      expect(idsOf(await stream.events.reach(2))).toEqual(['a-3', 'a-4']);
    }
    expect(idsOf(await both.events.reach(1))).toEqual(['a-4']);
  });

  it('misses nothing between a connection and the next', async () => {
    const { url, store } = await appUnderTest();
    const stream = await listen(url + PATH);
    await eventually(
      () => stream.lastEventId,
      (id) => id !== '',
    );
    stream.leave();
    await record(store, 'a-1', 'a-2');
    const again = await listen(url + PATH, { 'last-event-id': stream.lastEventId });
    expect(idsOf(await again.events.reach(2))).toEqual(['a-1', 'a-2']);
  });

  it('begins with the last so many, or with those recorded since a time', async () => {
    const clock = new FakeClock(START);
    const { url, store } = await appUnderTest({ clock });
    for (const id of ['a-1', 'a-2', 'a-3', 'a-4']) {
      await store.ingest([trace({ id, label: 'og/a' })], clock.now());
      await clock.pass(1000);
    }
    const last = await listen(`${url}${PATH}?last=3`);
    expect(idsOf(await last.events.reach(3))).toEqual(['a-2', 'a-3', 'a-4']);
    const since = await listen(`${url}${PATH}?since=${new Date(START + 2000).toISOString()}`);
    expect(idsOf(await since.events.reach(2))).toEqual(['a-3', 'a-4']);
    const all = await listen(`${url}${PATH}?last=100000`);
    expect(idsOf(await all.events.reach(4))).toEqual(['a-1', 'a-2', 'a-3', 'a-4']);
  });

  it('goes over as many pages as there are, and holds only what is asked for', async () => {
    const { url, store } = await appUnderTest();
    await store.putLabel('og/a', PUSHED, START);
    const many = Array.from({ length: 240 }, (_, i) =>
      i % 3 === 0
        ? span(`s${i}`, { requestModel: i % 2 === 0 ? 'gpt-4o' : 'o9' })
        : trace({ id: `t${i}`, label: 'og/a', decision: i % 2 === 0 ? 'HOLD' : 'CLEAR' }),
    );
    await store.ingest(many, START);
    const read = {
      requestedAt: START - 9,
      receivedAt: START - 9,
      files: files('x'),
      backfill: true,
    };
    await store.recordPush('og/a', read, START);
    const counts = {
      'label=og/*': 160,
      'unmapped=true': 80,
      'model=gpt*': 40,
      'decision=HOLD': 80,
      'certainty=provisional': 160,
      'observed=unobserved': 80,
      'conflict=true': 0,
      'unmapped=false&decision=CLEAR&conflict=false': 80,
    };
    for (const [query, count] of Object.entries(counts)) {
      const stream = await listen(
        `${url}${PATH}?${query}&last=240&fields=id,attribution.certainty`,
      );
      const got = await stream.events.reach(count);
      await atRest();
      expect(got.length, query).toBe(count);
      if (count > 0) expect(Object.keys(got[0]!.event)).toEqual(['id', 'attribution']);
      stream.leave();
    }
  });

  it.each([
    ['lastEventId=nope', 'Last-Event-ID'],
    ['lastEventId=-1', 'Last-Event-ID'],
    ['since=yesterday', 'since'],
    ['last=-1', 'last'],
    ['last=100001', 'last'],
    ['label=', 'label'],
    ['model=', 'model'],
    ['label=og/*&unmapped=true', 'unmapped'],
    ['from=2026-11-17T00:00:00Z', 'from'],
  ])('is refused with ?%s', async (query, field) => {
    const { ask } = await appUnderTest();
    expectFields(await ask('GET', `${PATH}?${query}`), field);
  });

  it('answers HEAD with its headers and opens nothing', async () => {
    const { url, metrics } = await appUnderTest();
    const head = await rawRequest(url, PATH, { method: 'HEAD' });
    expect([head.status, head.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(await metrics.text()).toContain('underlabel_event_streams 0');
  });
});

describe('its place', () => {
  it('is found in few looks, wherever it is', async () => {
    const { store } = opened();
    const recorded = Array.from({ length: 40 }, (_, i) => START + Math.floor(i / 3) * 10);
    for (const [i, at] of recorded.entries()) {
      await store.ingest([trace({ id: `t${i}`, label: 'og/a' })], at);
    }
    let looks = 0;
    const seen = {
      newestTrace: () => store.newestTrace(),
      tracesAfter(after: number, limit: number, texts?: boolean) {
        looks++;
        return store.tracesAfter(after, limit, texts);
      },
    };
    for (let since = START - 5; since < START + 150; since += 5) {
      looks = 0;
      const after = await placeOf(seen, { since });
      expect(after).toBe(recorded.filter((at) => at < since).length);
      expect(looks).toBeLessThanOrEqual(7);
    }
  });

  it('is at the newest where the number is ahead of all there is', async () => {
    const { store } = opened();
    await record(store as SqliteStore, 'a-1');
    expect(await placeOf(store, { lastEventId: '900' })).toBe(1);
    expect(await placeOf(store, { lastEventId: '0' })).toBe(0);
  });
});

describe('streams of traces and of events', () => {
  const open = async ({ metrics }: Awaited<ReturnType<typeof appUnderTest>>) =>
    Number(/underlabel_event_streams (\d+)/.exec(await metrics.text())![1]);

  it('are 100 at most together, and share their looks at the store', async () => {
    let looks = 0;
    const app = await appUnderTest({
      seen: (store) => ({
        ...store,
        tracesAfter(after, limit, texts) {
          looks++;
          return store.tracesAfter(after, limit, texts);
        },
      }),
    });
    const events = await listenTo(`${app.url}/api/v1/events`);
    const streams = await Promise.all(Array.from({ length: 99 }, () => listen(app.url + PATH)));
    expect(await open(app)).toBe(100);
    expectProblem(await app.ask('GET', PATH), 503, 'too-many-streams');
    looks = 0;
    await record(app.store, 'a-1');
    await Promise.all(streams.map((stream) => stream.events.reach(1)));
    expect(looks).toBeLessThan(50);
    events.leave();
    for (const stream of streams) stream.leave();
    await eventually(
      () => open(app),
      (count) => count === 0,
    );
    expect(app.errors).toEqual([]);
  });

  it('end whole when the service stops', async () => {
    const app = await appUnderTest();
    const stream = await listen(app.url + PATH);
    await record(app.store, 'a-1');
    await stream.events.reach(1);
    app.stop();
    expect(await stream.ended).toBe(true);
    expectProblem(await app.ask('GET', PATH), 503, 'stopping');
  });

  it('are dropped where a client takes nothing for a minute; until then next to nothing is held for it', async () => {
    const clock = new FakeClock(START);
    let pages = 0;
    const app = await appUnderTest({
      clock,
      seen: (store) => ({
        ...store,
        tracesAfter(after, limit) {
          pages++;
          return Promise.resolve(endless(after, limit));
        },
        newestTrace: () => Promise.resolve(1e9),
      }),
    });
    const stream = await listen(`${app.url}${PATH}?lastEventId=0`);
    stream.stall();
    let before = -1;
    await eventually(
      async () => {
        before = pages;
        for (let i = 0; i < 200; i++) await atRest();
        return pages;
      },
      (count) => count > 0 && count === before,
    );
    await clock.pass(STALLED_MS - 1);
    expect([await open(app), pages]).toEqual([1, before]);
    await clock.pass(1);
    expect(await open(app)).toBe(0);
    stream.resume();
    expect(await stream.ended).toBe(false);
  });

  /** Far more than the buffers of a connection hold. */
  function endless(after: number, limit: number): StoredTrace[] {
    const { origin, ...one } = trace({ id: 'x', label: 'og/a' });
    const attribution = {
      ...({ certainty: 'unobserved', observed: 'unobserved', artifactId: null } as const),
      ...{ candidates: [], window: null, conflict: false, declaredBlobId: null },
      grounds: { before: null, after: null, maxGapMs: null },
    };
    const texts = { input: `"${'x'.repeat(2000)}"`, output: null, attributes: null };
    return Array.from({ length: limit }, (_, i) => ({
      ...one,
      ...texts,
      origin,
      labelBy: 'given',
      labelledAt: 0,
      seq: after + i + 1,
      recordedAt: START,
      attribution,
    }));
  }
});
