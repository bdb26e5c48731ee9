/**
 * Native ingest over HTTP, acknowledged = on disk, against bare prepared inserts of the same traces
 * in the same batches, with the same pragmas.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'undici';
import { parseBatch } from '../../dist/ingest/native.js';
import { startService } from '../../dist/service.js';
import type { NewTrace } from '../../dist/store/store.js';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';

const TRACES = 100_000;
const BATCH = 1_000;
/** Requests under way at a time, each on a connection of its own. */
const CONNECTIONS = 4;
/** Sent before the clock starts: a service runs for days, and compiles its code once. */
const WARM_UP_BATCHES = 10;

export async function ingest(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const bodies = Array.from({ length: WARM_UP_BATCHES + TRACES / BATCH }, (_, i) => body(i));
    const ours = join(folder, 'ours');
    const value = await throughService(ours, bodies);
    const floor = bareInserts(folder, bodies);
    const bytes = Math.round(bodies[0]!.length / BATCH);
    const note = `${TRACES} traces of ${bytes} B in batches of ${BATCH}, ${CONNECTIONS} requests under way at a time, after ${WARM_UP_BATCHES} batches to warm up`;
    return [{ name: 'ingest.native', value, unit: 'traces/s', floor, ratio: value / floor, note }];
  });
}

/** @returns traces a second */
async function throughService(dataFolder: string, bodies: Buffer[]): Promise<number> {
  const service = await startService({ dataFolder, port: 0, logLevel: 'silent' });
  const client = new Pool(service.url, { connections: CONNECTIONS });
  await send(client, bodies.slice(0, WARM_UP_BATCHES));
  const began = performance.now();
  await send(client, bodies.slice(WARM_UP_BATCHES));
  const seconds = (performance.now() - began) / 1000;
  await client.close();
  await service.close();
  return TRACES / seconds;
}

/** Each connection takes the next body once its last was acknowledged. */
async function send(client: Pool, bodies: Buffer[]): Promise<void> {
  const left = bodies.values();
  const connection = async () => {
    for (const bytes of left) {
      const response = await client.request({
        path: '/api/v1/traces',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bytes,
      });
      const { accepted } = (await response.body.json()) as { accepted: number };
      if (accepted !== BATCH) throw new Error(`${accepted} of ${BATCH} were accepted`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

/**
 * The same traces in a plain table, their texts as they are, their ids in a unique index, and in the
 * indexes by time that lists need. They are parsed before the clock starts.
 * @returns rows a second
 */
function bareInserts(folder: string, bodies: Buffer[]): number {
  const batches = bodies.map((body) => parseBatch(body).traces.map(({ trace }) => rowOf(trace)));
  const target = new Database(join(folder, 'bare.db'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
    target.pragma(pragma);
  }
  const columns = Object.keys(batches[0]![0]!);
  target.exec(`
    CREATE TABLE labels (name PRIMARY KEY);
    CREATE TABLE traces (seq INTEGER PRIMARY KEY, ${columns}, UNIQUE (id),
      FOREIGN KEY (label) REFERENCES labels (name));
    CREATE INDEX by_label ON traces (label, startedAt);
    CREATE INDEX by_time ON traces (startedAt);
    CREATE INDEX by_blob ON traces (label, startedAt) WHERE blobId IS NOT NULL`);
  const insertLabel = target.prepare('INSERT INTO labels VALUES (?) ON CONFLICT DO NOTHING');
  for (const { label } of batches.flat()) insertLabel.run(label);
  const insert = target.prepare(
    `INSERT INTO traces (${columns}) VALUES (${columns.map((column) => `:${column}`)})`,
  );
  const batch = target.transaction((rows: readonly object[]) => {
    for (const row of rows) insert.run(row);
  });
  for (const rows of batches.slice(0, WARM_UP_BATCHES)) batch.immediate(rows);
  const began = performance.now();
  for (const rows of batches.slice(WARM_UP_BATCHES)) batch.immediate(rows);
  const seconds = (performance.now() - began) / 1000;
  target.close();
  return TRACES / seconds;
}

/** As a table holds it: texts as texts. */
function rowOf({ inputExact, origin: _, input, output, attributes, ...columns }: NewTrace) {
  const texts = { input: String(input), output: String(output), attributes: String(attributes) };
  return { ...columns, ...texts, inputExact: inputExact ? 1 : 0, recordedAt: Date.now() };
}

/** Like a risk gate's: a structured input, a short output, a decision. */
function body(batch: number): Buffer {
  const start = Date.now() - 3_600_000 + batch * BATCH;
  const traces = Array.from({ length: BATCH }, (_, i) => ({
    label: `og/model-${i % 10}`,
    startedAt: new Date(start + i).toISOString(),
    endedAt: new Date(start + i + 120).toISOString(),
    input: {
      case: `${batch}-${i}`,
      amount: Math.round(Math.random() * 1e6) / 100,
      country: ['DE', 'US', 'BR', 'JP'][i % 4],
      text: 'A transfer to a counterparty seen for the first time. '.repeat(8),
    },
    output: { score: Math.random(), reasons: ['new counterparty', 'amount'] },
    decision: i % 3 ? 'CLEAR' : 'HOLD',
    context: `queue-${i % 5}`,
    turn: 0,
    attributes: { route: 'tee', region: 'eu-1' },
  }));
  return Buffer.from(JSON.stringify({ traces }));
}
