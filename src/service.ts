/** The composition: which store, which sources, which clock. The one file that knows them all. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { destination, type Level, pino } from 'pino';
import { isLoopbackHost, type Key } from './http/access.ts';
import { createApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import { changeJson } from './http/present.ts';
import { ProblemError, problemResponse } from './http/problem.ts';
import { createTraceParser } from './ingest/parser.ts';
import type { Credential } from './fetch/credentials.ts';
import { createFetcher } from './fetch/fetcher.ts';
import { openSource } from './sources/index.ts';
import { openSqliteStore } from './store/sqlite/index.ts';
import type { Recorded } from './store/store.ts';
import { systemClock } from './watch/clock.ts';
import { Watcher } from './watch/watcher.ts';

export interface ServiceSettings {
  host?: string;
  /** 0 takes a free one. */
  port?: number;
  dataFolder: string;
  keys?: readonly Key[];
  /** Private addresses and plain-http hosts that may be fetched. */
  allowHosts?: readonly string[];
  /** The folder that `file:` sources may read, or null. */
  allowFiles?: string | null;
  credentials?: Record<string, Credential>;
  maxBodyBytes?: number;
  logLevel?: Level | 'silent';
}

export interface Service {
  url: string;
  /** Stops accepting, finishes what is under way, lets go of the data folder. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
/** How long connections may take to finish once the service stops. */
const GRACE_MS = 5000;

/**
 * Starts everything on one data folder.
 * @throws StoreError in-use, newer-database
 * @throws Error where it would be open to others without a key, or the port is taken
 */
export async function startService(settings: ServiceSettings): Promise<Service> {
  const { host = '127.0.0.1', port = 4318, keys = [], logLevel = 'info' } = settings;
  refuseOpenWithoutKey(host, keys);
  const log = pino({ level: logLevel, base: {} }, destination({ dest: 2, sync: true }));
  const store = openSqliteStore(settings.dataFolder, systemClock.now);
  const { allowHosts = [], credentials = {}, allowFiles = null } = settings;
  const fetcher = createFetcher({ allowHosts, credentials, now: systemClock.now });
  const metrics = createMetrics();
  /** @param readMs null where the reading was pushed */
  const recorded = (reading: Recorded, readMs: number | null) => {
    metrics.read(reading, readMs);
    const { change, observation } = reading;
    const { label, error } = observation;
    if (change) log.info(changeJson(change), 'a change under a label');
    if (error) log.warn({ label, error }, 'a label could not be read');
  };
  const watcher = new Watcher({
    store,
    clock: systemClock,
    openSource: (spec) => openSource(spec, { fetcher, allowFiles }),
    report: {
      recorded,
      lost(label, err) {
        metrics.readingLost();
        log.error({ label, err }, 'a reading was made and could not be recorded');
      },
    },
  });
  const parser = createTraceParser();
  const app = createApp({
    store,
    watcher,
    metrics,
    parser,
    keys,
    maxBodyBytes: settings.maxBodyBytes ?? 16 * MEBIBYTE,
    now: systemClock.now,
    version: versionOfThis(),
    onPushed: (reading) => recorded(reading, null),
    onError: (err, request) => log.error({ err, request }, 'a request failed unforeseen'),
  });

  const closeStore = async () => {
    await parser.close();
    await fetcher.close();
    await store.close();
  };
  try {
    await watcher.start();
    const server = await listen(app.fetch, host, port);
    return {
      url: urlOf(host, server.port),
      async close() {
        // At once: a read-now would keep its request, and so the server, until the source answers.
        await Promise.all([server.close(), watcher.stop()]);
        await closeStore();
      },
    };
  } catch (error) {
    await watcher.stop();
    await closeStore();
    throw error;
  }
}

function refuseOpenWithoutKey(host: string, keys: readonly Key[]): void {
  if (keys.length > 0 || isLoopbackHost(host)) return;
  throw new Error(
    `without keys the service listens on this machine only, and ${host} is open to others; set UNDERLABEL_KEYS=role:secret, or leave out --host`,
  );
}

type Fetch = Parameters<typeof getRequestListener>[0];

function listen(
  fetch: Fetch,
  hostname: string,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer(getRequestListener(fetch, { errorHandler: unreadable }));
    server.once('error', reject);
    server.listen(port, hostname, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({ port: taken, close: () => closeServer(server) });
    });
  });
}

/** A request that never got as far as the app: its URL or its Host is none. */
function unreadable(error: unknown): Response {
  const detail = `the request can't be read: ${(error as Error).message}`;
  return problemResponse(new ProblemError('bad-request', detail, { cause: error }));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function versionOfThis(): string {
  const file = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
