/**
 * Traces of a database from before texts stood in blocks: carried over at the start, some at a time,
 * each with its number and its time. A start that is broken off goes on where it was.
 */
import type { Db } from '../open.ts';
import { BlockBuilder } from './text-block.ts';
import { refOf, Texts, type Uses, use } from './texts.ts';

const STEP = 2000;
/** Bytes of text that are enough for one step: a trace may have 16 MiB of them. */
const STEP_BYTES = 16 * 2 ** 20;

interface Before {
  seq: number;
  input: string | null;
  output: string | null;
  attributes: string | null;
}

const KEPT =
  'seq, id, label_id, started_at, ended_at, recorded_at, decision, blob_id, context, turn, input_hash, output_hash, input_exact';

/** Before anything else is done with the database. */
export function carryOver(db: Db): void {
  const { $client: client } = db;
  const there = client
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'traces_before'")
    .get();
  if (!there) return;
  const texts = new Texts(db);
  const next = client.prepare<[], Before>(
    'SELECT seq, input, output, attributes FROM traces_before ORDER BY seq',
  );
  const copy = client.prepare(
    `INSERT INTO traces (${KEPT}, label_by, input_ref, output_ref, attributes_ref, bytes)
     SELECT ${KEPT}, 'given', ?, ?, ?, ? FROM traces_before WHERE seq = ?`,
  );
  const countBytes = client.prepare(
    `UPDATE labels SET trace_bytes = trace_bytes + (SELECT bytes FROM traces WHERE seq = ?)
     WHERE id = (SELECT label_id FROM traces WHERE seq = ?)`,
  );
  const drop = client.prepare('DELETE FROM traces_before WHERE seq = ?');
  const step = client.transaction(() => {
    const rows = some(next.iterate());
    const blocks = new BlockBuilder();
    const placed = rows.map(({ seq, ...columns }) => {
      const [input, output, attributes] = [columns.input, columns.output, columns.attributes].map(
        (text) => (text === null ? null : Buffer.from(text)),
      );
      const bytes = [input, output, attributes].reduce((sum, text) => sum + (text?.length ?? 0), 0);
      const places = [input, output, attributes].map((text) => text && blocks.add(text));
      return { seq, places, bytes };
    });
    const numbers = blocks.finishSync().map(({ body }) => texts.store(body));
    const uses: Uses = new Map();
    for (const { seq, places, bytes } of placed) {
      const refs = places.map((place) => {
        if (!place) return null;
        const ref = refOf(numbers[place.block]!, place.slot);
        use(uses, ref);
        return ref;
      });
      copy.run(...refs, bytes, seq);
      countBytes.run(seq, seq);
      drop.run(seq);
    }
    texts.count(uses);
    return rows.length;
  });
  while (step.immediate() > 0);
  client.exec('DROP TABLE traces_before');
}

function some(rows: Iterable<Before>): Before[] {
  const taken: Before[] = [];
  let bytes = 0;
  for (const row of rows) {
    taken.push(row);
    for (const text of [row.input, row.output, row.attributes]) bytes += text?.length ?? 0;
    if (taken.length === STEP || bytes > STEP_BYTES) break;
  }
  return taken;
}
