/** The app on a real store behind a real server, with what a test may want to hold in its hand. */
import { onTestFinished } from 'vitest';
import { openChannel } from '../../src/alert/channels/index.ts';
import { Sender } from '../../src/alert/sender.ts';
import type { SourceSpec } from '../../src/contract/label.ts';
import { DiffDesk } from '../../src/diff-desk/diff-desk.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { listen } from '../../src/http/listen.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createTraceParser } from '../../src/ingest/parser.ts';
import type { Source } from '../../src/sources/source.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import { NO_NETWORK } from '../../src/walrus-desk.ts';
import { type Clock, systemClock } from '../../src/watch/clock.ts';
import { Watcher } from '../../src/watch/watcher.ts';
import { fetcher } from '../fetch/opened.ts';
import { type Asked, ask, temporaryFolder } from './service-under-test.ts';

export interface AppUnderTest {
  url: string;
  folder: string;
  store: SqliteStore;
  watcher: Watcher;
  metrics: AppOptions['metrics'];
  /** Says that the service stops. */
  stop(): void;
  /** What nobody foresaw. */
  errors: unknown[];
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Asked>;
}

interface Options
  extends Partial<Pick<AppOptions, 'keys' | 'store' | 'maxBodyBytes' | 'ingestLimitBytes'>> {
  clock?: Clock;
  source?: Source;
  folder?: string;
  /** What the app has of the store. */
  seen?: (store: SqliteStore) => AppOptions['store'];
}

export async function appUnderTest(options: Options = {}): Promise<AppUnderTest> {
  const { clock = systemClock, keys = [], source, seen = (store) => store } = options;
  const folder = options.folder ?? (await temporaryFolder());
  const opened = openSqliteStore(folder, clock.now);
  const store = seen(opened);
  const parser = createTraceParser();
  const metrics = createMetrics();
  const report = { recorded: () => {}, lost: () => {} };
  const openSource = (spec: SourceSpec) => (spec.kind === 'push' ? null : (source ?? null));
  const watcher = new Watcher({ store, clock, openSource, report });
  const means = { fetcher: fetcher(), log: () => {} };
  const sender = new Sender({
    store,
    clock,
    openChannel: (target) => openChannel(target, means),
    report: { attempted: metrics.attempted, storeFailed: () => {} },
  });
  sender.start();
  metrics.gauge({ store, watcher });
  const diffDesk = new DiffDesk({ settled: metrics.diffed });
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const app = createApp({
    store,
    watcher,
    sender,
    desk: NO_NETWORK,
    diffDesk,
    metrics,
    parser,
    keys,
    clock,
    now: clock.now,
    stopping: stopping.signal,
    dataFolder: folder,
    maxBodyBytes: options.maxBodyBytes ?? 2 ** 20,
    ...(options.ingestLimitBytes === undefined
      ? {}
      : { ingestLimitBytes: options.ingestLimitBytes }),
    version: '0',
    onPushed: () => {},
    onError: (error) => errors.push(error),
  });
  const { url, close } = await listen(app.fetch, '127.0.0.1', 0);
  onTestFinished(async () => {
    stopping.abort();
    await Promise.all([close(), sender.stop(), watcher.stop(), diffDesk.close()]);
    await parser.close();
    await opened.close();
  });
  return {
    url,
    folder,
    store: opened,
    watcher,
    metrics,
    errors,
    stop: () => stopping.abort(),
    ask: (method, path, body, headers) => ask(url + path, method, body, headers),
  };
}
