/** The feed of changes, single changes, and what arrives without a label. */
import { expect, it } from 'vitest';
import { createPanel } from '../../src/panel/panel.tsx';
import { changeRoutes } from '../../src/panel/rooms/change.tsx';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { sendSpans } from '../http/otlp-spans.ts';
import { blob, opened, PUSHED, START } from '../store/opened.ts';

const HTML = { accept: 'text/html' };
const MINUTE = 60_000;

async function pushed(
  { store }: Pick<AppUnderTest, 'store'>,
  label: string,
  name: string,
  at: number,
) {
  if (!(await store.label(label))) await store.putLabel(label, PUSHED, START);
  const files = [{ path: 'model.onnx', blobId: blob(name), size: null }];
  const push = { files, backfill: false, requestedAt: at, receivedAt: at };
  return store.recordPush(label, push, at);
}

async function page({ ask }: AppUnderTest, path: string): Promise<string> {
  const { status, text } = await ask('GET', path, undefined, HTML);
  expect([path, status]).toEqual([path, 200]);
  return text;
}

it('changes are told with both sides, their window, and where to look further', async () => {
  const app = await appUnderTest();
  await pushed(app, 'og/gate', 'a', START);
  const { change } = await pushed(app, 'og/gate', 'b', START + 5 * MINUTE);
  await pushed(app, 'acme/gate', 'a', START + 6 * MINUTE);
  const feed = await page(app, '/changes');
  expect(feed).toContain('data-live-from="/api/v1/events?type=underlabel.change.*');
  expect(feed).toContain(`href="/changes/${change!.id}"`);
  expect(feed).toContain(
    `/compare/${encodeURIComponent(change!.from!)}/${encodeURIComponent(change!.to!)}`,
  );
  expect(feed).toContain('between');
  // Before the first reading nobody had looked: that is not "absent".
  expect(feed).toContain('nothing known');
  expect(feed).not.toContain('>absent<');
  expect(feed.indexOf('acme/gate')).toBeLessThan(feed.indexOf('og/gate'));
  const one = await page(app, `/changes/${change!.id}`);
  expect(one).toContain('moved');
  expect(one).toContain('model.onnx');
  expect(one).toContain('/traces?q=');
});

/** The page of a change in a service that sends nothing: what becomes of deliveries is up to the test. */
async function toldOn(store: SqliteStore, id: string): Promise<string> {
  const door = {
    ...{ signIn: null, signOut() {}, roleOf: () => null, refuseForeign() {} },
    isLoopback: () => true,
  };
  const asProblem = (error: unknown) => ({ status: 500, title: 'bug', detail: String(error) });
  const panel = createPanel({ door, now: () => START, asProblem });
  changeRoutes(panel, { store });
  const html = await (await panel.app.request(`http://localhost/changes/${id}`)).text();
  const [, told] = /<dt>Told<\/dt>\s*<dd>(.*?)<\/dd>/s.exec(html)!;
  return told!
    .replace(/<a href="([^"]*)">/g, '[$1] ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

it('a change says when and whom it was told, each channel with its delivery', async () => {
  const { store } = opened();
  const changeOf = async (label: string, name: string) => {
    const { change } = await pushed({ store }, label, name, START);
    return change!;
  };
  const untold = await changeOf('og/quiet', 'a');
  expect(await toldOn(store, untold.id)).toBe('nobody: there was no channel for it');
  const hook = { target: { kind: 'log' as const }, labels: ['og/gate'], events: null };
  const names = ['answers', 'broken', 'left', 'slow'] as const;
  for (const name of names) await store.putChannel(name, hook, START);
  const change = await changeOf('og/gate', 'a');
  const deliveries = (await store.deliveriesOfChange(change, 9))!;
  const idOf = (name: string) => deliveries.find(({ channel }) => channel === name)!.id;
  const error = { code: 'http-500', message: 'it answered 500' };
  await store.settleDelivery(idOf('answers'), { kind: 'delivered' }, START + MINUTE);
  await store.settleDelivery(idOf('broken'), { kind: 'dead', error }, START + 2 * MINUTE);
  await store.removeChannel('left', START + 3 * MINUTE);
  const at = START + 60 * MINUTE;
  await store.settleDelivery(idOf('slow'), { kind: 'retry', at, error }, START);
  const line = (name: string, rest: string) => `[/alerts/deliveries/${idOf(name)}] ${name} ${rest}`;
  expect(await toldOn(store, change.id)).toBe(
    [
      line('answers', 'delivered 2026-11-17 10:01:00 UTC'),
      line('broken', 'dead 2026-11-17 10:02:00 UTC'),
      line('left', 'cancelled 2026-11-17 10:03:00 UTC'),
      line('slow', 'pending due in 60 min'),
    ].join(' '),
  );
});

it('a change of many channels names as many as a page has room for', async () => {
  const { store } = opened();
  const hook = { target: { kind: 'log' as const }, labels: null, events: null };
  for (let i = 0; i < 51; i++) await store.putChannel(`channel-${i}`, hook, START);
  const { change } = await pushed({ store }, 'og/gate', 'a', START);
  const told = await toldOn(store, change!.id);
  expect(told.match(/channel-/g)).toHaveLength(50);
  expect(told).toContain('and other channels: [/alerts#deliveries] all deliveries');
});

it('a change that only an import shows was told nobody', async () => {
  const app = await appUnderTest();
  await pushed(app, 'og/gate', 'b', START);
  const files = [{ path: 'model.onnx', blobId: blob('a'), size: null }];
  const at = START - MINUTE;
  await app.store.recordPush(
    'og/gate',
    { files, backfill: true, requestedAt: at, receivedAt: at },
    START + MINUTE,
  );
  const changes = await app.store.changes({
    ...{ label: null, from: null, to: null, limit: 9, before: null },
  });
  const first = changes.find(({ kind }) => kind === 'first_seen')!;
  expect(await page(app, `/changes/${first.id}`)).toContain('no event tells of those');
});

it('the feed is narrowed by label and time, and one that can not be read shows nothing', async () => {
  const app = await appUnderTest();
  await pushed(app, 'og/gate', 'a', START);
  await pushed(app, 'acme/gate', 'a', START + MINUTE);
  const of = (query: Record<string, string>) => page(app, `/changes?${new URLSearchParams(query)}`);
  const mine = await of({ label: 'og/*' });
  expect([mine.includes('>og/gate<'), mine.includes('>acme/gate<')]).toEqual([true, false]);
  const later = await of({ from: new Date(START + 1).toISOString() });
  expect([later.includes('>og/gate<'), later.includes('>acme/gate<')]).toEqual([false, true]);
  const unread = await of({ from: 'yesterday"><b>' });
  expect(unread).toContain('so nothing is shown');
  expect(unread).not.toContain('>og/gate<');
  expect(unread).not.toContain('<b>');
  expect(await of({ label: 'x/*' })).toContain('No change fits the filter');
  const bad = await app.ask('GET', '/changes?cursor=x', undefined, HTML);
  expect(bad.status).toBe(400);
});

it('pages of the feed go on where the last one ended', async () => {
  const app = await appUnderTest();
  for (let i = 0; i < 52; i++) await pushed(app, `og/${i}`, 'a', START + i);
  const first = await page(app, '/changes?label=og/*');
  const next = /<a href="([^"]+)" rel="next">/.exec(first)![1]!.replaceAll('&amp;', '&');
  const second = await page(app, next);
  const ids = [first, second].flatMap((html) => html.match(/id="change-[^"]+"/g)!);
  expect([ids.length, new Set(ids).size]).toEqual([52, 52]);
  expect(second).toContain('>og/0<');
  // Only the newest page is live: an older one would change under its reader.
  expect(second).not.toContain('data-live-from');
  expect(second).not.toContain('rel="next"');
});

it('a change that an import retired stays in the feed, marked, unless it is left out', async () => {
  const app = await appUnderTest();
  await pushed(app, 'og/gate', 'a', START);
  const { change } = await pushed(app, 'og/gate', 'b', START + 10 * MINUTE);
  // It was there earlier: the reading that revealed it does so no more.
  const files = [{ path: 'model.onnx', blobId: blob('b'), size: null }];
  const at = START + 5 * MINUTE;
  const push = { files, backfill: true, requestedAt: at, receivedAt: at };
  await app.store.recordPush('og/gate', push, START + 20 * MINUTE);
  expect(await page(app, '/changes')).toContain('retired');
  const rest = await page(app, '/changes?retired=no');
  expect([rest.includes(change!.id), rest.includes('og/gate')]).toEqual([false, true]);
  expect(await page(app, `/changes/${change!.id}`)).toContain('there was no such change');
});

it('what arrives without a label is listed with the rule to copy, and what to do with it', async () => {
  const app = await appUnderTest();
  expect(await page(app, '/unmapped')).toContain('Every trace has a label');
  await sendSpans(
    app.url,
    { n: 1, startedAt: START, service: 'desk', provider: 'openai', requestModel: 'gpt-4o' },
    { n: 2, startedAt: START, service: '<script>\u202ex', requestModel: 'm' },
    { n: 3, startedAt: START, requestModel: '"\u200b'.repeat(90) },
    { n: 4, startedAt: START, requestModel: 'any*' },
  );
  const text = await page(app, '/unmapped');
  expect(text).toContain('openai/gpt-4o');
  expect(text).toContain(
    'data-copy="{&quot;service&quot;:&quot;desk&quot;,&quot;provider&quot;:&quot;openai&quot;',
  );
  expect(text).toContain('underlabel.config.json');
  expect(text).toContain('too long for this page');
  expect(text).toContain('nothing is said that a rule could go by');
  expect(text).not.toContain('<script>\u202e');
  expect(text).not.toContain('\u202e');
  // As it is copied, what can't be seen is escaped, and reads back as the same.
  expect(text).toContain('\\u202e');
});

it('labels that nobody registered are listed with the command that would register them', async () => {
  const app = await appUnderTest();
  const traces = [{ label: 'acme/new', startedAt: START, endedAt: START + 1 }].map((trace) => ({
    ...trace,
    startedAt: new Date(trace.startedAt).toISOString(),
    endedAt: new Date(trace.endedAt).toISOString(),
  }));
  await app.ask('POST', '/api/v1/traces', { traces });
  const text = await page(app, '/unmapped');
  expect(text).toContain('underlabel label add acme/new --source KIND');
  expect(text).toContain('Nobody registered this label');
  expect(text).toContain('the sender');
});
