/** Metrics of how things stand: looked up when somebody asks for them. */
import { Gauge, type GaugeConfiguration, type Registry } from 'prom-client';
import type { DeliveryStatus } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Watcher } from '../watch/watcher.ts';

/** What is looked at. */
export interface Gauged {
  store: Pick<Store, 'durability' | 'channels' | 'deliveryCounts' | 'blobStates'>;
  watcher: Pick<Watcher, 'watched' | 'overdue' | 'unreadable' | 'inFlight' | 'waiting'>;
}

/** Those that are counted here: the settled ones that went well only grow. */
const COUNTED: readonly DeliveryStatus[] = ['waiting', 'pending', 'dead'];

export function addGauges(registers: Registry[], { store, watcher }: Gauged): void {
  const value = (name: string, help: string, look: () => number | Promise<number>) => {
    gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await look());
      },
    });
  };
  value('underlabel_labels_watched', 'Labels that are read', () => watcher.watched());
  value(
    'underlabel_labels_overdue',
    'Labels that were not confirmed within their deadline',
    () => watcher.overdue().count,
  );
  value(
    'underlabel_overdue_age_max_seconds',
    'How long ago the overdue label that waits longest was confirmed; 0: none is overdue',
    () => watcher.overdue().oldestMs / 1000,
  );
  value('underlabel_labels_unreadable', 'Labels whose last reading failed', () =>
    watcher.unreadable(),
  );
  value('underlabel_reads_in_flight', 'Reads under way', () => watcher.inFlight);
  value('underlabel_reads_waiting', 'Reads that are due and wait for room', () => watcher.waiting);
  value('underlabel_channels_disabled', 'Channels whose receiver takes no more', async () => {
    return (await store.channels()).filter(({ disabledAt }) => disabledAt !== null).length;
  });
  gauge({
    name: 'underlabel_deliveries',
    help: 'Deliveries that wait behind another, are pending, or were given up (dead), by channel',
    labelNames: ['channel', 'status'],
    registers,
    async collect() {
      this.reset();
      // So that none is 0 and not missing.
      for (const { name: channel } of await store.channels()) {
        for (const status of COUNTED) this.set({ channel, status }, 0);
      }
      for (const { channel, status, count } of await store.deliveryCounts()) {
        this.set({ channel, status }, count);
      }
    },
  });
  gauge({
    name: 'underlabel_blobs',
    help: 'Blobs known, by how their verification stands',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await store.blobStates())) {
        this.set({ state }, count);
      }
    },
  });
  gauge({
    name: 'underlabel_store_info',
    help: 'How the database keeps what it acknowledges, as it says itself; always 1',
    labelNames: ['journal_mode', 'synchronous'],
    registers,
    async collect() {
      this.reset();
      this.set(await store.durability(), 1);
    },
  });
}

/** It is found through its registry. */
function gauge<Label extends string>(configuration: GaugeConfiguration<Label>): void {
  new Gauge(configuration);
}
