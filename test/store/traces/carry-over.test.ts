import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { expect, it } from 'vitest';
import { fingerprint } from '../../../src/contract/fingerprint.ts';
import { parseTraces } from '../../../src/ingest/native.ts';
import { opened, START, temporaryFolder } from '../opened.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../db/migrations');
const LABEL = 'og/risk';

/** A data folder as it was before texts stood in blocks. */
async function before(rows: number): Promise<string> {
  const folder = temporaryFolder();
  const migrations = join(temporaryFolder(), 'migrations');
  await cp(MIGRATIONS, migrations, { recursive: true });
  const journal = join(migrations, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: object[] };
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 3) }));
  mkdirSync(folder, { recursive: true });
  const client = new Database(join(folder, 'underlabel.db'));
  migrate(drizzle(client), { migrationsFolder: migrations });
  client.prepare('INSERT INTO labels (id, name) VALUES (7, ?)').run(LABEL);
  const insert = client.prepare(
    `INSERT INTO traces (seq, id, label_id, started_at, ended_at, recorded_at, decision, input_hash,
       output_hash, input_exact, input, output, attributes)
     VALUES (?, ?, 7, ?, ?, ?, 'HOLD', ?, ?, 0, ?, ?, ?)`,
  );
  client.transaction(() => {
    for (let i = 0; i < rows; i++) {
      const { input, output, attributes } = textsOf(i);
      const hashes = [input, output].map((text) => text && fingerprint(text).hash);
      const at = START + i;
      // Numbers with gaps, as they are after some were refused.
      insert.run(3 * i + 5, `t${i}`, at, at + 1, at + 2, ...hashes, input, output, attributes);
    }
  })();
  client.close();
  return folder;
}

const textsOf = (i: number) => ({
  input: i % 3 === 0 ? null : JSON.stringify({ case: i, words: 'Zürich '.repeat(20) }),
  output: JSON.stringify(`answer ${i}`),
  attributes: i % 2 === 0 ? null : `{ "n": ${i} }`,
});

it('an older database’s traces are all there, to the letter, with their numbers and times', async () => {
  const rows = 4500;
  const { store } = opened(await before(rows));
  for (const i of [0, 1, 2, 1999, 2000, 4499]) {
    expect(await store.trace(`t${i}`, null)).toMatchObject({
      seq: 3 * i + 5,
      label: LABEL,
      labelBy: 'given',
      origin: null,
      startedAt: START + i,
      recordedAt: START + i + 2,
      decision: 'HOLD',
      ...textsOf(i),
    });
  }
  const client = store.db.$client;
  expect(client.prepare('SELECT count(*) FROM traces').pluck().get()).toBe(rows);
  expect(client.prepare("SELECT 1 FROM sqlite_master WHERE name = 'traces_before'").all()).toEqual(
    [],
  );
  const sent = { id: 't1', label: LABEL, startedAt: time(1), endedAt: time(2), decision: 'HOLD' };
  const body = JSON.stringify({ traces: [{ ...sent, input: 0, output: 0, attributes: { n: 1 } }] })
    .replace('"input":0', `"input":${textsOf(1).input}`)
    .replace('"output":0', `"output":${textsOf(1).output}`);
  const [parsed] = parseTraces(body, JSON.parse(body)).traces;
  expect((await store.ingest([parsed!.trace], START)).outcomes).toEqual(['duplicate']);
  const { items } = await store.traces(
    { from: null, to: null, label: LABEL },
    { limit: 2, before: null },
  );
  expect(items.map(({ id }) => id)).toEqual(['t4499', 't4498']);
  await store.dropTraces({ label: LABEL, before: START + 10_000, bytes: null }, 10_000);
  expect(client.prepare('SELECT count(*) FROM blocks').pluck().get()).toBe(0);
  expect(client.prepare('SELECT trace_bytes FROM labels').pluck().get()).toBe(0);
});

it('an upgrade is not taken for an older copy that was put back', async () => {
  const folder = await before(3);
  const recordedAt = START + 4;
  const time = new Date(recordedAt).toISOString();
  // As the version before left it: its newest record is a trace.
  writeFileSync(join(folder, 'watermark.json'), `${JSON.stringify({ recordedAt, time })}\n`);
  const { store } = opened(folder);
  expect(await store.lost()).toEqual([]);
  expect(await store.events(0, 10)).toEqual([]);
});

it('a start that was broken off while it carried them over goes on', async () => {
  const folder = await before(30);
  const first = opened(folder).store;
  const client = first.db.$client;
  // As it is after the first of the steps.
  client.exec(`
    CREATE TABLE traces_before AS SELECT seq, id, label_id, started_at, ended_at, recorded_at, decision,
      blob_id, context, turn, input_hash, output_hash, input_exact,
      '"again"' AS input, NULL AS output, NULL AS attributes FROM traces WHERE seq > 50;
    DELETE FROM traces WHERE seq > 50`);
  await first.close();
  const { store } = opened(folder);
  expect((await store.trace('t29', null))!.input).toBe('"again"');
  expect((await store.trace('t1', null))!.input).toBe(textsOf(1).input);
  const { items } = await store.traces({ from: null, to: null }, { limit: 100, before: null });
  expect(items).toHaveLength(30);
});

const time = (ms: number) => new Date(START + ms).toISOString();
