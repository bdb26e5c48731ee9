/**
 * Native ingest over HTTP, acknowledged = on disk, against bare prepared inserts of the same rows
 * in the same batches, with the same pragmas and indexes.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { startService } from '../../dist/service.js';
import { openSqliteStore } from '../../dist/store/sqlite/index.js';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';

const TRACES = 100_000;
const BATCH = 1_000;

export async function ingest(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const bodies = Array.from({ length: TRACES / BATCH }, (_, i) => body(i));
    const ours = join(folder, 'ours');
    const seconds = await throughService(ours, bodies);
    const floorSeconds = await bareInserts(ours, join(folder, 'bare'));
    const [value, floor] = [TRACES / seconds, TRACES / floorSeconds];
    const kilobytes = Math.round(bodies[0]!.length / BATCH);
    const note = `${TRACES} traces of ${kilobytes} B in batches of ${BATCH}, one connection`;
    return [{ name: 'ingest.native', value, unit: 'traces/s', floor, ratio: value / floor, note }];
  });
}

async function throughService(dataFolder: string, bodies: string[]): Promise<number> {
  const service = await startService({ dataFolder, port: 0, logLevel: 'silent' });
  const began = performance.now();
  for (const text of bodies) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${service.url}/api/v1/traces`, {
      method: 'POST',
      headers,
      body: text,
    });
    const { accepted } = (await response.json()) as { accepted: number };
    if (accepted !== BATCH) throw new Error(`${accepted} of ${BATCH} were accepted`);
  }
  const seconds = (performance.now() - began) / 1000;
  await service.close();
  return seconds;
}

/** The rows that the service wrote, written again. */
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
  return seconds;
}

/** Like a risk gate's: a structured input, a short output, a decision. */
function body(batch: number): string {
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
  return JSON.stringify({ traces });
}
