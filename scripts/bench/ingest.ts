/**
 * Native ingest over HTTP, acknowledged = on disk, against bare prepared inserts of the same rows
 * in the same batches, with the same pragmas and indexes.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'undici';
import { startService } from '../../dist/service.js';
import { openSqliteStore } from '../../dist/store/sqlite/index.js';
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
    const floor = await bareInserts(ours, join(folder, 'bare'));
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

/** The rows that the service wrote, written again. @returns rows a second */
async function bareInserts(from: string, to: string): Promise<number> {
  await openSqliteStore(to).close();
  const source = new Database(join(from, 'underlabel.db'), { readonly: true });
  const rows = source.prepare('SELECT * FROM traces ORDER BY seq').all() as Record<
    string,
    unknown
  >[];
  const labels = source.prepare('SELECT id, name FROM labels').all() as Record<string, unknown>[];
  source.close();
  const target = new Database(join(to, 'underlabel.db'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
    target.pragma(pragma);
  }
  for (const label of labels)
    target.prepare('INSERT INTO labels (id, name) VALUES (:id, :name)').run(label);
  const columns = Object.keys(rows[0]!);
  const insert = target.prepare(
    `INSERT INTO traces (${columns}) VALUES (${columns.map((column) => `:${column}`)})`,
  );
  const batch = target.transaction((some: typeof rows) => {
    for (const row of some) insert.run(row);
  });
  const began = performance.now();
  for (let i = 0; i < rows.length; i += BATCH) batch.immediate(rows.slice(i, i + BATCH));
  const seconds = (performance.now() - began) / 1000;
  target.close();
  return rows.length / seconds;
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
