/**
 * The floor of the OTLP benchmark, in a process of its own: the same bodies parsed and the same rows
 * inserted with prepared statements, a transaction a body, the same pragmas, no HTTP, no thread; and
 * none of what else the service does: no id is looked for, no text is shared, nothing is mapped.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseSpans } from '../../dist/ingest/spans/parsed-spans.js';
import { BlockBuilder } from '../../dist/store/sqlite/traces/text-block.js';
import type { NewTrace } from '../../dist/store/store.js';
import { Bodies, recordedBody, SPANS } from './otlp-bodies.ts';

const [folder, count, models] = process.argv.slice(2) as [string, string, string];
const bodies = new Bodies(await recordedBody(models.split(',')));
const database = new Database(join(folder, 'underlabel.db'));
for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']) {
  database.pragma(pragma);
}
const insertBlock = database.prepare('INSERT INTO blocks (body) VALUES (?)');
const insertUses = database.prepare('INSERT INTO block_uses (block_id, uses) VALUES (?, ?)');
const insert = database.prepare(
  `INSERT INTO traces (seq, id, label_id, label_by, origin_id, started_at, ended_at, recorded_at,
     decision, blob_id, context, turn, input_hash, output_hash, input_exact, input_ref, output_ref,
     attributes_ref, bytes)
   VALUES (:seq, :id, 1, 'model', 1, :startedAt, :endedAt, :recordedAt, :decision, :blobId, :context,
     :turn, :inputHash, :outputHash, :inputExact, :inputRef, :outputRef, :attributesRef, :bytes)`,
);
let seq = (database.prepare('SELECT max(seq) FROM traces').pluck().get() as number) ?? 0;
const store = database.transaction((traces: readonly NewTrace[]) => {
  const builder = new BlockBuilder();
  const placed = traces.map((trace) => ({
    trace,
    places: [trace.input, trace.output, trace.attributes].map((text) => text && builder.add(text)),
  }));
  const numbers = builder
    .finishSync()
    .map(({ body }) => Number(insertBlock.run(body).lastInsertRowid));
  for (const { trace, places } of placed) {
    const [inputRef, outputRef, attributesRef] = places.map((place) =>
      place ? numbers[place.block]! * 4096 + place.slot : null,
    );
    const { id, startedAt, endedAt, decision, blobId, context, turn, inputHash, outputHash } =
      trace;
    const [inputExact, bytes, recordedAt] = [trace.inputExact ? 1 : 0, 2000, startedAt];
    insert.run({
      ...{ seq: ++seq, id, startedAt, endedAt, recordedAt, decision, blobId, context, turn },
      ...{ inputHash, outputHash, inputExact, inputRef, outputRef, attributesRef, bytes },
    });
  }
  for (const number of numbers) insertUses.run(number, 100);
});

const one = (body: Buffer) => {
  const parsed = parseSpans({ body, ...REQUEST });
  store.immediate(parsed.traces);
};
const REQUEST = {
  contentType: 'application/x-protobuf',
  contentEncoding: undefined,
  maxBytes: 2 ** 24,
};
for (let i = 0; i < 50; i++) one(bodies.next());
const made = Array.from({ length: Number(count) }, () => bodies.next());
const began = performance.now();
for (const body of made) one(body);
const seconds = (performance.now() - began) / 1000;
database.close();
process.stdout.write(`${(Number(count) * SPANS) / seconds}\n`);
