/** The composition: which store, which sources, which channels, which clock. The one file that knows them all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destination, type Level, type Logger, pino } from 'pino';
import { openChannel } from './alert/channels/index.ts';
import { logAttempt } from './alert/report.ts';
import { Sender } from './alert/sender.ts';
import type { LabelRule } from './contract/label-rule.ts';
import type { RetentionEntry } from './contract/retention.ts';
import { DiffDesk } from './diff-desk/diff-desk.ts';
import { evidenceWatch } from './diff-desk/evidence-watch.ts';
import type { Credential } from './fetch/credentials.ts';
import { createFetcher, type Fetcher } from './fetch/fetcher.ts';
import { isLoopbackHost, type Key } from './http/access.ts';
import { createApp } from './http/app.ts';
import { listen } from './http/listen.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { changeJson } from './http/present.ts';
import { createTraceParser } from './ingest/parser.ts';
import { createMapper } from './ingest/spans/rules.ts';
import { openSource } from './sources/index.ts';
import { LastReadings } from './sources/last-readings.ts';
import { type Chore, startChore } from './store/chore.ts';
import { counting } from './store/counting.ts';
import { moving } from './store/moving.ts';
import { answerRetention, contextRetention, traceRetention } from './store/retention.ts';
import { openSqliteStore } from './store/sqlite/index.ts';
import type { Recorded, Store } from './store/store.ts';
import { openWalrusDesk, type WalrusSettings } from './walrus-desk.ts';
import { systemClock } from './watch/clock.ts';
import { type PingOutcome, startDeadMan } from './watch/dead-man.ts';
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
  /** Reads under way at a time, of one host and in all. */
  readsPerHost?: number;
  reads?: number;
  /** A label is overdue once it wasn't confirmed for so many of its intervals. */
  deadlineIntervals?: number;
  /** Called while every label is confirmed; a secret. Null: nobody is called. */
  pingUrl?: string | null;
  /** ms */
  pingEvery?: number;
  /** The network that artifacts are checked against; null: none. */
  walrus?: WalrusSettings | null;
  /** How long raw answers are kept that revealed no change, ms; null: for ever. */
  keepAnswers?: number | null;
  /** Which label the traces of spans belong to that don't say it; the first that holds decides. */
  rules?: readonly LabelRule[];
  /** How long traces are kept: the first entry that fits a label counts. */
  retention?: readonly RetentionEntry[];
  /** How long all others are kept, ms; null: for ever. */
  keepTraces?: number | null;
  /** How long spans are kept that are no inferences, ms; null: for ever. */
  keepContext?: number | null;
}

export interface Service {
  url: string;
  /** Stops accepting, finishes what is under way, lets go of the data folder. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 86_400_000;
/** How long readings gather for one commit: a commit costs more than the readings in it. */
const GATHER_MS = 40;

/**
 * Starts everything on one data folder.
 * @throws StoreError in-use, newer-database
 * @throws Error where it would be open to others without a key, or the port is taken
 */
export async function startService(settings: ServiceSettings): Promise<Service> {
  const { host = '127.0.0.1', port = 4318, keys = [], logLevel = 'info' } = settings;
  const { allowHosts = [], credentials = {}, allowFiles = null } = settings;
  const { reads = 256, readsPerHost = 64, deadlineIntervals = 4 } = settings;
  refuseOpenWithoutKey(host, keys);
  const log = pino({ level: logLevel, base: {} }, destination({ dest: 2, sync: true }));
  const clock = systemClock;
  const mapper = createMapper(settings.rules ?? []);
  const store = openSqliteStore(settings.dataFolder, clock.now, GATHER_MS, mapper);
  const metrics = createMetrics();
  const connectionsPerHost = readsPerHost;
  const fetcher = createFetcher({ allowHosts, credentials, connectionsPerHost, now: clock.now });
  const lastReadings = new LastReadings();
  const desk = await openWalrusDesk(settings.walrus ?? null, {
    store,
    fetcher,
    clock,
    dataFolder: settings.dataFolder,
    metrics,
    log,
  });
  const recorded = teller(log, metrics, () => desk.wake());
  const watcher = new Watcher({
    store,
    clock,
    openSource: (spec) => openSource(spec, { fetcher, allowFiles, lastReadings, sui: desk.sui }),
    limits: { overall: reads, perHost: readsPerHost },
    deadlineIntervals,
    report: {
      recorded,
      lost(label, err) {
        metrics.readingLost();
        log.error({ label, err }, 'a reading was made and could not be recorded');
      },
    },
  });
  const channelMeans = { fetcher, log: log.info.bind(log) };
  const sender = new Sender({
    store,
    clock,
    openChannel: (target) => openChannel(target, channelMeans),
    report: {
      attempted(attempt) {
        metrics.attempted(attempt);
        logAttempt(log, attempt);
      },
      storeFailed: (err) => log.error({ err }, 'the outbox could not be read or written'),
    },
  });
  metrics.gauge({ store, watcher });
  const diffDesk = new DiffDesk({ settled: metrics.diffed });
  const parser = createTraceParser();
  const stopping = new AbortController();
  const app = createApp({
    store,
    watcher,
    sender,
    desk,
    diffDesk,
    metrics,
    parser,
    keys,
    clock,
    now: clock.now,
    stopping: stopping.signal,
    dataFolder: settings.dataFolder,
    maxBodyBytes: settings.maxBodyBytes ?? 16 * MEBIBYTE,
    version: versionOfThis(),
    onPushed: (reading) => recorded(reading, null, null),
    onError: (err, request) => log.error({ err, request }, 'a request failed unforeseen'),
  });

  const upkeep: (() => Promise<void>)[] = [];
  const endAll = async () => {
    stopping.abort();
    // With the desk at once: upkeep may wait for it.
    const desks = [diffDesk.close(), desk.stop()];
    await Promise.all([watcher.stop(), sender.stop(), ...desks, ...upkeep.map((end) => end())]);
    await parser.close();
    await fetcher.close();
    await store.close();
  };
  try {
    // The rules may be others than before the start; what is stored moves bit by bit.
    const remapped = await store.remap(clock.now());
    if (remapped > 0) {
      log.info(
        { origins: remapped },
        'the rules map spans otherwise than before; what is stored moves',
      );
    }
    await watcher.start();
    await desk.start();
    const { url, close } = await listen(app.fetch, host, port);
    sender.start();
    upkeep.push(...startUpkeep(settings, { store, watcher, diffDesk, fetcher, metrics, log }));
    return {
      url,
      async close() {
        stopping.abort();
        // At once: a read-now or a test of a channel would keep its request, and so the server.
        await Promise.all([
          ...[close(), watcher.stop(), sender.stop(), desk.stop(), diffDesk.close()],
        ]);
        await endAll();
      },
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

function refuseOpenWithoutKey(host: string, keys: readonly Key[]): void {
  if (keys.length > 0 || isLoopbackHost(host)) return;
  throw new Error(
    `without keys the service listens on this machine only, and ${host} is open to others; set UNDERLABEL_KEYS=role:secret, or leave out --host`,
  );
}

/** Counts each reading, and logs a line for each change and each failure. @param changed called at each change */
function teller(log: Logger, metrics: Metrics, changed: () => void) {
  return (reading: Recorded, readMs: number | null, lateMs: number | null) => {
    metrics.read(reading, readMs, lateMs);
    const { change, observation } = reading;
    const { label, error } = observation;
    if (change) {
      log.info(changeJson(change), 'a change under a label');
      changed();
    }
    if (error) log.warn({ label, error }, 'a label could not be read');
  };
}

interface Kept {
  store: Store;
  watcher: Watcher;
  diffDesk: DiffDesk;
  fetcher: Fetcher;
  metrics: Metrics;
  log: Logger;
}

/** What goes on beside the work. @returns ends each */
function startUpkeep(
  {
    pingUrl = null,
    pingEvery = 60_000,
    keepAnswers = 30 * DAY_MS,
    retention = [],
    keepTraces = null,
    keepContext = 30 * DAY_MS,
  }: ServiceSettings,
  { store, watcher, diffDesk, fetcher, metrics, log }: Kept,
): (() => Promise<void>)[] {
  const clock = systemClock;
  const begun: (() => Promise<void>)[] = [];
  if (pingUrl !== null) {
    begun.push(
      startDeadMan({
        clock,
        watch: watcher,
        url: pingUrl,
        everyMs: pingEvery,
        ping: async (url, signal) => {
          await fetcher.get(url, { signal, alsoStatus: [201, 202, 204] });
        },
        healthy: () =>
          store.check().then(
            () => true,
            () => false,
          ),
        told(outcome) {
          metrics.pinged(outcome.kind, clock.now());
          logPing(log, outcome);
        },
      }),
    );
  }
  const letGo = (kind: 'answers' | 'traces' | 'context') => ({
    dropped: (count: number) => metrics.dropped(kind, count),
    failed: (err: unknown) =>
      log.error({ err }, `old ${kind} could not be let go of; it is tried again`),
  });
  const chores: Chore[] = [
    moving(store, (err) => log.error({ err }, 'stored traces could not be moved to their label')),
    counting(store, (err) => log.error({ err }, 'stored traces could not be counted by the hour')),
    traceRetention(store, { retention, keepTraces }, letGo('traces')),
    evidenceWatch({
      store,
      desk: diffDesk,
      elapsed: clock.elapsed,
      failed: (err) => log.error({ err }, 'pairs since a change could not be looked at'),
    }),
  ];
  if (keepAnswers !== null) chores.push(answerRetention(store, keepAnswers, letGo('answers')));
  if (keepContext !== null) chores.push(contextRetention(store, keepContext, letGo('context')));
  return [...begun, ...chores.map((chore) => startChore(chore, clock))];
}

function logPing(log: Logger, outcome: PingOutcome): void {
  if (outcome.kind === 'held-back') log.warn(outcome, 'not all is well, so nobody was pinged');
  if (outcome.kind === 'failed') log.warn(outcome, 'the ping was not taken; it is tried again');
}

function versionOfThis(): string {
  const file = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
