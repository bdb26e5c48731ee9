/**
 * Attribution at distinct random times, through the store, on a label with 1,000,000 readings and
 * 1,000 changes. The floor is the least any design must do on the same file: two prepared index
 * lookups, the run at the time and the chunk at the time, without drizzle and without unpacking.
 */
import { openSqliteStore, type SqliteStore } from '../../dist/store/sqlite/index.js';
import { inFolder, quantile } from './folder.ts';
import type { Figure } from './main.ts';

const READINGS = 1_000_000;
const CHANGES = 1_000;
const EVERY_MS = 30_000;
const ASKED = 20_000;
const LABEL = 'bench/label';
const PLAIN_BYTES = 24;

export function attribution(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const start = Date.now() - READINGS * EVERY_MS - 60_000;
    const store = openSqliteStore(folder);
    await fill(store, start);
    const times = randomTimes(start);
    const ours = await timed(times, (time) => store.attributionAt(LABEL, time, time + 250, null));
    const run = store.db.$client.prepare(
      'SELECT * FROM runs WHERE label_id = 1 AND until > ? ORDER BY until LIMIT 1',
    );
    const chunk = store.db.$client.prepare(
      'SELECT * FROM chunks WHERE label_id = 1 AND first_received_at <= ? ORDER BY first_received_at DESC LIMIT 1',
    );
    const bare = await timed(times, async (time) => [run.get(time), chunk.get(time)]);
    const bytes = store.db.$client
      .prepare('SELECT sum(length(packed)) * 1.0 / sum(observations) FROM chunks')
      .pluck()
      .get() as number;
    await store.close();
    const note = `${READINGS} readings, ${CHANGES} changes, ${ASKED} times`;
    return [
      ...[0.5, 0.99].map((q) => {
        const [value, floor] = [quantile(ours, q), quantile(bare, q)];
        const name = `attribution.p${q * 100}`;
        return { name, value, unit: 'µs', floor, ratio: value / floor, note };
      }),
      {
        name: 'reading.bytes',
        value: bytes,
        unit: 'B',
        floor: PLAIN_BYTES,
        ratio: bytes / PLAIN_BYTES,
        note: 'packed bytes a reading; the floor is its three times as 64-bit integers',
      },
    ];
  });
}

/** Many readings a transaction and no sync: only the fill, which isn't measured. */
async function fill(store: SqliteStore, start: number): Promise<void> {
  const client = store.db.$client;
  const source = { kind: 'push' } as const;
  await store.putLabel(LABEL, { source, every: EVERY_MS, clockSkew: 2000, servingLag: 0 }, start);
  client.pragma('synchronous = OFF');
  const tenure = READINGS / CHANGES;
  for (let i = 0; i < READINGS; ) {
    client.exec('BEGIN');
    for (const end = Math.min(i + 10_000, READINGS); i < end; i++) {
      const requestedAt = start + i * EVERY_MS + Math.floor(Math.random() * 3000);
      const receivedAt = requestedAt + 50 + Math.floor(Math.random() * 200);
      const blobId = Buffer.alloc(32, Math.floor(i / tenure) % 2 ? 'b' : 'a').toString('base64url');
      const files = [{ path: 'model.onnx', blobId, size: 1 }];
      const push = { requestedAt, receivedAt, files, backfill: false };
      // Done when it returns: the store's methods wait for nothing.
      void store.recordPush(LABEL, push, receivedAt + 3);
    }
    client.exec('COMMIT');
  }
  client.pragma('synchronous = FULL');
}

function randomTimes(start: number): number[] {
  const times = new Set<number>();
  while (times.size < ASKED) {
    times.add(start + Math.floor(Math.random() * READINGS * EVERY_MS));
  }
  return [...times];
}

/** µs each, ascending. */
async function timed(times: number[], ask: (time: number) => Promise<unknown>) {
  for (const time of times.slice(0, 500)) await ask(time);
  const took = new Float64Array(times.length);
  for (const [i, time] of times.entries()) {
    const began = performance.now();
    await ask(time);
    took[i] = (performance.now() - began) * 1000;
  }
  return took.sort();
}
