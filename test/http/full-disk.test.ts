/** The app on a real store whose database may not grow: what a full disk looks like to SQLite. */
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { DiffDesk } from '../../src/diff-desk/diff-desk.ts';
import { createApp } from '../../src/http/app.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createTraceParser } from '../../src/ingest/parser.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { NO_NETWORK } from '../../src/walrus-desk.ts';
import { systemClock } from '../../src/watch/clock.ts';
import { Watcher } from '../../src/watch/watcher.ts';
import { temporaryFolder } from './service-under-test.ts';

test('a full disk is answered with 503, and nothing of the batch is stored', async () => {
  const folder = await temporaryFolder();
  const store = openSqliteStore(folder);
  const parser = createTraceParser();
  const report = { recorded: () => {}, lost: () => {} };
  const watcher = new Watcher({ store, clock: systemClock, openSource: () => null, report });
  onTestFinished(async () => {
    await parser.close();
    await store.close();
  });
  const app = createApp({
    store,
    watcher,
    parser,
    sender: { wake: () => {}, attempted: () => Promise.resolve() },
    desk: NO_NETWORK,
    diffDesk: new DiffDesk(),
    metrics: createMetrics(),
    keys: [],
    clock: systemClock,
    stopping: new AbortController().signal,
    dataFolder: folder,
    maxBodyBytes: 2 ** 24,
    now: Date.now,
    version: '0',
    onPushed: () => {},
    onError: () => {},
  });
  const trace = (id: string) => ({
    id,
    label: 'og/model',
    startedAt: '2026-11-17T10:00:00Z',
    endedAt: '2026-11-17T10:00:01Z',
    input: randomBytes(5000).toString('base64'),
  });
  const traces = Array.from({ length: 200 }, (_, i) => trace(`t${i}`));
  const send = () =>
    app.request('/api/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'localhost' },
      body: JSON.stringify({ traces }),
    });
  const pages = store.db.$client.pragma('page_count', { simple: true }) as number;
  store.db.$client.pragma(`max_page_count = ${pages + 5}`);
  const refused = await send();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ type: 'urn:underlabel:problem:full' });
  store.db.$client.pragma('max_page_count = 1000000');
  expect(await (await send()).json()).toMatchObject({ accepted: 200, duplicates: 0 });
});
