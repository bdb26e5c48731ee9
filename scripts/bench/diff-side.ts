/** One side of the benchmark of diffs, in a process of its own: `fill|diff|bare FOLDER INPUTS`. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DiffDesk } from '../../dist/diff-desk/diff-desk.js';
import { openSqliteStore } from '../../dist/store/sqlite/index.js';
import { textsIn } from '../../dist/store/sqlite/traces/text-block.js';
import { DIFF_LABEL, fillWithDiff, NEW_ARTIFACT, OLD_ARTIFACT } from './diff-traces.ts';

export interface DiffSideResult {
  seconds: number;
  peakBytes: number;
  said: string;
}

const [side, folder, inputs] = process.argv.slice(2) as [string, string, string];
// What reading these scripts' own TypeScript left behind is no part of what is measured.
(globalThis as { gc?: (how: object) => void }).gc?.({ type: 'major', flavor: 'last-resort' });
let began = performance.now();
let said = '';
if (side === 'fill') await fillWithDiff(folder, Number(inputs));
if (side === 'diff') said = await throughDesk();
if (side === 'bare') bare();
const seconds = (performance.now() - began) / 1000;
process.send?.({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024, said });
process.disconnect?.();

async function throughDesk(): Promise<string> {
  const store = openSqliteStore(folder);
  const desk = new DiffDesk();
  const [before, after] = [{ artifact: OLD_ARTIFACT }, { artifact: NEW_ARTIFACT }];
  // A service has its store open already.
  began = performance.now();
  const { looked, summary } = await desk.run({
    source: store.diffSource(),
    query: {
      label: DIFF_LABEL,
      before: { artifacts: [OLD_ARTIFACT] },
      after: { artifacts: [NEW_ARTIFACT] },
    },
    asked: {
      label: DIFF_LABEL,
      ...{ before, after, includeProvisional: false, across: false, discover: true },
      fields: [{ path: '$.score' }, { path: '$.label' }, { path: '$.reason' }],
      ...{ minEffect: 5, seed: 1 },
    },
  });
  await desk.close();
  await store.close();
  if (looked !== 2 * Number(inputs)) throw new Error(`it looked at ${looked} traces`);
  return summary;
}

/** Rows in the order of a diff; a block of texts is unpacked once, for neighbours stand in one. */
function bare(): void {
  const database = new Database(join(folder, 'underlabel.db'), { readonly: true });
  const rows = database
    .prepare<[], { decision: string; input_hash: Buffer; output_ref: number }>(
      'SELECT * FROM traces WHERE label_id = 1 ORDER BY started_at',
    )
    .iterate();
  // While rows are iterated the connection is busy.
  const blocks = new Database(join(folder, 'underlabel.db'), { readonly: true });
  const body = blocks.prepare<[number], Buffer>('SELECT body FROM blocks WHERE id = ?').pluck();
  let [at, texts]: [number, Buffer[]] = [-1, []];
  let sum = 0;
  for (const { output_ref: ref } of rows) {
    const block = Math.floor(ref / 4096);
    if (block !== at) [at, texts] = [block, textsIn(body.get(block)!)];
    const { score } = JSON.parse(String(texts[ref % 4096])) as { score: number };
    sum += score;
  }
  if (!(sum > 0)) throw new Error('there was nothing to read');
  database.close();
  blocks.close();
}
