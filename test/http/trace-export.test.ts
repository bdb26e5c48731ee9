/** Exports: all that match, a line each, whole or visibly not, and next to nothing held for slow clients. */
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { trace as traceSchema } from '../../src/contract/trace.ts';
import { STALLED_MS } from '../../src/http/pulled-body.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import type { TracePage } from '../../src/store/store.ts';
import { START, trace } from '../store/opened.ts';
import { span } from '../store/traces/spans.ts';
import { atRest, FakeClock } from '../watch/fake-clock.ts';
import { appUnderTest } from './app-under-test.ts';
import { eventually } from './eventually.ts';
import { expectFields, expectProblem } from './problems.ts';
import { rawRequest } from './raw-request.ts';

const PATH = '/api/v1/traces/export';
const many = (count: number, text = '') =>
  Array.from({ length: count }, (_, i) => {
    const input = text === '' ? null : JSON.stringify(`${text}${i}`);
    return trace({ id: `t${i}`, label: `og/${i % 2}`, startedAt: START - i, input });
  });

interface Taking {
  answer: IncomingMessage;
  bytes: number;
  text: string;
  /** True where the service ended it properly. */
  ended: Promise<boolean>;
  leave(): void;
}

/** A client that goes on until it is told to pause. */
async function take(url: string): Promise<Taking> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get(url, { agent: false }, resolve).on('error', reject);
  onTestFinished(() => void request.destroy());
  const answer = await promise;
  const ended = Promise.withResolvers<boolean>();
  const taking = {
    answer,
    bytes: 0,
    text: '',
    ended: ended.promise,
    leave: () => request.destroy(),
  };
  answer.setEncoding('utf8').on('data', (text: string) => {
    taking.text += text;
    taking.bytes += text.length;
  });
  answer.on('error', () => ended.resolve(false));
  answer.on('close', () => ended.resolve(answer.complete));
  return taking as Taking;
}

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('an export', () => {
  it('holds all that match, newest first, each on one line as the list has it', async () => {
    const { store, ask } = await appUnderTest();
    const spread = trace({
      id: 'spread',
      label: 'og/0',
      input: '{\r\n "a":\n 1.0}',
      startedAt: START + 1,
    });
    await store.ingest([spread, ...many(250), span('s', { provider: 'x' })], START);
    const whole = await ask('GET', PATH);
    expect(whole.headers.get('content-type')).toBe('application/x-ndjson');
    const all = lines(whole.text);
    expect(all.map(({ id }) => id).slice(0, 3)).toEqual(['spread', 't0', 's']);
    expect(all).toHaveLength(252);
    expect(whole.text.split('\n')).toHaveLength(253);
    for (const one of all.slice(0, 5)) traceSchema.parse(one);
    expect(whole.text).toContain('"input":{   "a":  1.0}');
    const some = lines((await ask('GET', `${PATH}?label=og/1&fields=id,label`)).text);
    expect(some).toHaveLength(125);
    expect(some[0]).toEqual({ id: 't1', label: 'og/1' });
    const narrow = lines((await ask('GET', `${PATH}?fields=id&unmapped=false`)).text);
    expect(narrow.map(({ id }) => id)).toEqual(['spread', ...many(250).map(({ id }) => id)]);
    const from = new Date(START - 9).toISOString();
    expect(lines((await ask('GET', `${PATH}?from=${from}&fields=id`)).text)).toHaveLength(12);
  });

  it('of nothing is empty, and HEAD has its headers', async () => {
    const { url, ask } = await appUnderTest();
    const none = await ask('GET', PATH);
    expect([none.status, none.text]).toEqual([200, '']);
    const head = await rawRequest(url, PATH, { method: 'HEAD' });
    expect([head.status, head.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  });

  it('is refused with what lists have and it has not', async () => {
    const { ask } = await appUnderTest();
    expectFields(await ask('GET', `${PATH}?limit=10`), 'limit');
    expectFields(await ask('GET', `${PATH}?cursor=x`), 'cursor');
    expectFields(await ask('GET', `${PATH}?certainty=sure`), 'certainty');
  });

  it('has no trace twice, and all that were there before, while more are recorded', async () => {
    let inserted = 0;
    const app = await appUnderTest({
      seen: (store) => ({
        ...store,
        async traces(filter, page) {
          const found = await store.traces(filter, page);
          // Newer than what was reached, older, and at the very place.
          const at = found.items.at(-1)?.startedAt ?? START;
          const fresh = [at + 5, at - 3, at].map((startedAt) =>
            trace({ id: `n${inserted++}`, label: 'og/0', startedAt }),
          );
          if (inserted < 60) await store.ingest(fresh, START);
          return found;
        },
      }),
    });
    const before = many(900);
    await app.store.ingest(before, START);
    const ids = lines((await app.ask('GET', `${PATH}?fields=id`)).text).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
  });

  it('that fails in the middle breaks off, and is no whole one', async () => {
    const broken = new Error('disk');
    let pages = 0;
    const app = await appUnderTest({
      seen: (store) => ({
        ...store,
        traces: (filter, page) =>
          ++pages > 2 ? Promise.reject(broken) : store.traces(filter, page),
      }),
    });
    await app.store.ingest(many(400, 'x'), START);
    const taking = await take(app.url + PATH);
    expect(await taking.ended).toBe(false);
    expect(taking.answer.statusCode).toBe(200);
    expect(app.errors).toEqual([broken]);
    await expect(fetch(app.url + PATH).then((answer) => answer.text())).rejects.toThrow();
  });

  it('breaks off when the service stops, whether or not its client takes it', async () => {
    const app = await appUnderTest({ seen: endless });
    const busy = await take(app.url + PATH);
    const stalled = await take(app.url + PATH);
    stalled.answer.pause();
    await eventually(
      () => busy.bytes,
      (bytes) => bytes > 1e6,
    );
    app.stop();
    expect(await busy.ended).toBe(false);
    stalled.answer.resume();
    expect(await stalled.ended).toBe(false);
    expectProblem(await app.ask('GET', PATH), 503, 'stopping');
    expect(app.errors).toEqual([]);
  });

  it('holds a page for a client that takes nothing, which is dropped after a minute', async () => {
    const clock = new FakeClock(START);
    let pages = 0;
    const app = await appUnderTest({ clock, seen: (store) => endless(store, () => pages++) });
    const stalled = await take(app.url + PATH);
    stalled.answer.pause();
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
    expect(pages).toBe(before);
    await clock.pass(1);
    stalled.answer.resume();
    expect(await stalled.ended).toBe(false);
    expect(pages).toBe(before);
  });

  it('is one of ten at most; one more is told to come later', async () => {
    const app = await appUnderTest({ seen: endless });
    const open = await Promise.all(Array.from({ length: 10 }, () => take(app.url + PATH)));
    for (const taking of open) taking.answer.pause();
    expectProblem(await app.ask('GET', PATH), 503, 'too-many-streams');
    for (const taking of open) taking.leave();
    await eventually(
      () => rawRequest(app.url, PATH, { method: 'HEAD' }),
      ({ status }) => status === 200,
    );
  });
});

/** Pages without end: the first, over and over. */
function endless(store: SqliteStore, looked: () => void = () => {}): SqliteStore {
  const ready = store.ingest(many(100, 'x'.repeat(5000)), START);
  return {
    ...store,
    async traces(filter, page: TracePage) {
      await ready;
      looked();
      const { items } = await store.traces(filter, { ...page, before: null });
      return { items, next: { startedAt: START, id: 'z' } };
    },
  };
}
