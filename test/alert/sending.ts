/** A sender on a real store and real connections, with time that passes only when a test says so. */
import { onTestFinished } from 'vitest';
import { openChannel } from '../../src/alert/channels/index.ts';
import type { Attempt } from '../../src/alert/report.ts';
import { Sender, type SenderMeans } from '../../src/alert/sender.ts';
import type { ChannelSettings } from '../../src/store/outbox.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import { fetcher } from '../fetch/opened.ts';
import { files, PUSHED, START, temporaryFolder, unhurried } from '../store/opened.ts';
import { atRest, FakeClock } from '../watch/fake-clock.ts';
import { Tally } from './tally.ts';

export interface Sending {
  store: SqliteStore;
  clock: FakeClock;
  folder: string;
  sender: Sender;
  attempts: Tally<Attempt>;
  /** What the store failed with. */
  failures: Tally<unknown>;
  lines: { fields: object; text: string }[];
  /** A channel to an address, or to the log. */
  put(name: string, url: string | null, settings?: Partial<ChannelSettings>): Promise<void>;
  /** A reading of the label, 1 ms later than what was before. */
  read(label: string, saw: string | null): Promise<void>;
  /** Once so many attempts are over, and all that follows has come to rest. */
  attempted(count: number): Promise<Attempt[]>;
  /** Once no attempt is under way. */
  quiet(): Promise<void>;
}

interface Options extends Partial<Omit<SenderMeans, 'store' | 'report'>> {
  folder?: string;
  clock?: FakeClock;
  /** What the sender has of the store. */
  seen?: (store: SqliteStore) => SenderMeans['store'];
}

export async function sending(options: Options = {}): Promise<Sending> {
  const { folder = temporaryFolder(), clock = new FakeClock(START), seen } = options;
  const store = unhurried(openSqliteStore(folder, clock.now));
  onTestFinished(() => store.close());
  const lines: Sending['lines'] = [];
  const means = {
    fetcher: fetcher(),
    log: (fields: object, text: string) => lines.push({ fields, text }),
  };
  const attempts = new Tally<Attempt>();
  const failures = new Tally<unknown>();
  let begun = 0;
  const open = options.openChannel ?? ((target) => openChannel(target, means));
  const sender = new Sender({
    random: () => 0.5,
    ...options,
    openChannel(target) {
      const channel = open(target);
      return {
        send(message, signal) {
          begun++;
          return channel.send(message, signal);
        },
      };
    },
    store: seen ? seen(store) : store,
    clock,
    report: {
      attempted: (attempt) => attempts.add(attempt),
      storeFailed: (error) => failures.add(error),
    },
  });
  onTestFinished(() => stop(sender, clock));
  sender.start();
  return {
    store,
    clock,
    folder,
    sender,
    attempts,
    failures,
    lines,
    async put(name, url, settings = {}) {
      const target = url === null ? { kind: 'log' as const } : { kind: 'webhook' as const, url };
      const all = { target, labels: null, events: null, ...settings };
      await store.putChannel(name, all, clock.now());
      sender.wake(name);
    },
    async read(label, saw) {
      if ((await store.label(label)) === null) await store.putLabel(label, PUSHED, clock.now());
      await clock.pass(1);
      const push = { files: saw === null ? null : files(saw), backfill: false };
      await store.recordPush(label, push, clock.now());
      await atRest();
    },
    async attempted(count) {
      const reached = await attempts.reach(count);
      await atRest();
      return reached;
    },
    async quiet() {
      await atRest();
      while (begun > attempts.all.length) await attempts.reach(attempts.all.length + 1);
      await atRest();
    },
  };
}

/** To the end, however long it would have waited. */
export async function stop(sender: Sender, clock: FakeClock): Promise<void> {
  const stopped = sender.stop();
  await clock.pass(10_000);
  await stopped;
}
