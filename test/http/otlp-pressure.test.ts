/** More than can be stored: who is refused, who is not, and that nothing acknowledged or retried is lost. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { OtlpSpan } from '../../src/ingest/otlp/span.ts';
import type { Store } from '../../src/store/store.ts';
import { asJson } from '../ingest/otlp/requests.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { appUnderTest } from './app-under-test.ts';
import { eventually } from './eventually.ts';
import { bodyOf, chat, ENCODINGS, type Encoding, idOf, post, send } from './otlp-sending.ts';
import { expectProblem } from './problems.ts';
import { headOf, rawConnection } from './raw-connection.ts';

const START = Date.UTC(2026, 10, 17, 10);
const LIMIT = 256 * 1024;

/** An app that may hold little, on a store that can be kept from storing. */
async function pressed() {
  const clock = new FakeClock(START);
  let open = Promise.withResolvers<void>();
  open.resolve();
  const seen = (store: Store): Store => ({
    ...store,
    ingest: async (...batch) => {
      await open.promise;
      return store.ingest(...batch);
    },
  });
  const limits = { maxBodyBytes: LIMIT, ingestLimitBytes: LIMIT };
  const app = await appUnderTest({ clock, ...limits, seen });
  const held = async () =>
    Number(/^underlabel_ingest_held_bytes (\d+)$/m.exec(await app.metrics.text())?.[1]);
  return {
    ...app,
    clock,
    held,
    /** From now on nothing is stored. @returns lets it be stored */
    block: () => {
      open = Promise.withResolvers<void>();
      return open.resolve;
    },
  };
}

const filler = (bytes: number) => chat({ said: { text: 'x'.repeat(bytes) } });

describe('while nothing can be stored', () => {
  it.each(ENCODINGS)('what is too much is told in %s to come again', async (encoding) => {
    const { url, ask, block, held } = await pressed();
    const store = block();
    const first = send(url, [filler(200_000)]);
    await eventually(held, (bytes) => bytes > 200_000);
    const answer = await send(url, [filler(100_000)], encoding);
    expect(answer).toMatchObject({ status: 429, refusal: { code: 8 } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(4);
    const times = { startedAt: '2026-11-17T10:00:00Z', endedAt: '2026-11-17T10:00:00Z' };
    const traces = [{ label: 'og/model', ...times, input: 'x'.repeat(100_000) }];
    const native = await ask('POST', '/api/v1/traces', { traces });
    expectProblem(native, 429, 'overloaded');
    expect(native.headers.get('retry-after')).toMatch(/^[1-4]$/);
    store();
    expect(await first).toMatchObject({ status: 200, partial: null });
    expect(await send(url, [filler(100_000)], encoding)).toMatchObject({ status: 200 });
    expect(await held()).toBe(0);
  });

  it('that is said before the body is sent', async () => {
    const { url, block, held } = await pressed();
    const store = block();
    const first = send(url, [filler(200_000)]);
    await eventually(held, (bytes) => bytes > 200_000);
    const { answer } = await rawConnection(url, headOf('/v1/traces', 100_000));
    const { status, head, body } = await answer();
    expect(status).toBe(429);
    expect(head).toMatch(/^retry-after: [1-4]$/m);
    expect(JSON.parse(body)).toMatchObject({ code: 8, message: expect.stringContaining('again') });
    store();
    await first;
  });

  it('small ones, and all that is asked for, are answered as ever', async () => {
    const { url, ask, block } = await pressed();
    const store = block();
    const small = Array.from({ length: 20 }, () => send(url, [chat()]));
    expect((await ask('GET', '/healthz')).status).toBe(200);
    expect((await ask('GET', '/api/v1/labels')).status).toBe(200);
    store();
    for (const answer of await Promise.all(small)) expect(answer).toMatchObject({ status: 200 });
  });

  it('gzip that becomes large waits, and little of it is unpacked at a time', async () => {
    const { url, block, held } = await pressed();
    const store = block();
    const [first, ...others] = Array.from({ length: 12 }, () => filler(150_000));
    const sent = (span: OtlpSpan) =>
      post(url, gzipSync(bodyOf([span], 'protobuf')), 'protobuf', { 'content-encoding': 'gzip' });
    const answers = [sent(first!)];
    await eventually(held, (bytes) => bytes > 150_000);
    answers.push(...others.map(sent));
    await eventually(held, (bytes) => bytes > 150_000 + others.length * 4096);
    // While the first waits to be stored none of the others is parsed: they stay as they came.
    expect(await held()).toBeLessThan(2 * 160_000);
    store();
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ status: 200 });
    expect(await held()).toBe(0);
  });
});

it('clients that come again when they are told lose nothing, and store nothing twice', async () => {
  const { url, ask, held, block } = await pressed();
  const store = block();
  const batches = Array.from({ length: 30 }, () => Array.from({ length: 8 }, () => filler(4_000)));
  let refused = 0;
  const deliver = async (batch: OtlpSpan[], encoding: Encoding) => {
    for (;;) {
      const { status, partial } = await send(url, batch, encoding);
      if (status === 200) return expect(partial).toBeNull();
      expect(status).toBe(429);
      if (++refused === 10) store();
      // What Retry-After asks for takes seconds; what matters is that it comes again.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(batches.map((batch, i) => deliver(batch, ENCODINGS[i % 2]!)));
  expect(refused).toBeGreaterThanOrEqual(10);
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: string = cursor && `&cursor=${cursor}`;
    const { json } = await ask('GET', `/api/v1/traces?limit=1000&fields=id${page}`);
    ids.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.nextCursor;
  }
  expect(ids.sort()).toEqual(batches.flat().map(idOf).sort());
  expect(await held()).toBe(0);
});

describe('connections that promise and do not send', () => {
  it('hold nothing, however many they are', async () => {
    const { url } = await pressed();
    const head = headOf('/v1/traces', LIMIT);
    const idle = await Promise.all(Array.from({ length: 300 }, () => rawConnection(url, head)));
    expect(await send(url, [filler(150_000)])).toMatchObject({ status: 200, partial: null });
    for (const { socket } of idle) socket.destroy();
  });

  it('make room for those that send, once they paused', async () => {
    const { url, clock, held } = await pressed();
    const half = Buffer.alloc(90_000, ' ');
    const stopped = await Promise.all(
      Array.from({ length: 2 }, () => rawConnection(url, headOf('/v1/traces', 100_000))),
    );
    for (const { socket } of stopped) socket.write(half);
    await eventually(held, (bytes) => bytes >= 180_000);
    expect(await send(url, [filler(150_000)])).toMatchObject({ status: 429 });
    await clock.pass(2_000);
    expect(await send(url, [filler(150_000)])).toMatchObject({ status: 200, partial: null });
    const [first, second] = stopped as [(typeof stopped)[0], (typeof stopped)[0]];
    const told = await Promise.race([first.answer(), second.answer()]);
    expect([told.status, JSON.parse(told.body).code]).toEqual([429, 8]);
  });

  it('are told after 10 s that it is over, by both ways in', async () => {
    const { url, clock, held } = await pressed();
    const body = asJson([chat()]);
    for (const path of ['/v1/traces', '/api/v1/traces']) {
      const { socket, answer } = await rawConnection(url, headOf(path, body.length));
      socket.write(body.subarray(0, 100));
      await eventually(held, (bytes) => bytes > 0);
      await clock.pass(11_000);
      const { status, body: said } = await answer();
      expect([status, said]).toEqual([408, expect.stringContaining('100 bytes came in 10 s')]);
      expect(await held()).toBe(0);
    }
  });
});
