/** A label of two artifacts, each with the same inputs answered once: what a diff of a day's traffic reads. */
import { createHash, hash } from 'node:crypto';
import { artifactIdOf } from '../../dist/lineage/manifest.js';
import { openSqliteStore } from '../../dist/store/sqlite/index.js';
import type { NewTrace } from '../../dist/store/store.js';

export const DIFF_LABEL = 'og/risk-gate';
const BATCH = 2000;
const START = Date.UTC(2026, 10, 17);
/** One trace a millisecond; the artifact moves in between. */
const GAP_MS = 60_000;
const OUTPUT_BYTES = 2048;
const WORDS = createHash('sha512').update('words').digest('hex').match(/.{4}/g)!;

const filesOf = (name: string) => [
  { path: 'model.onnx', blobId: Buffer.alloc(32, name).toString('base64url'), size: null },
];
export const OLD_ARTIFACT = artifactIdOf(filesOf('old'));
export const NEW_ARTIFACT = artifactIdOf(filesOf('new'));

/** @param inputs how many traces each side has @returns the times at which the sides' traces began: [from, to) */
export async function fillWithDiff(folder: string, inputs: number): Promise<void> {
  const store = openSqliteStore(folder, Date.now, 5);
  // Nobody waits for the disk here; what is measured later does.
  store.db.$client.pragma('synchronous = OFF');
  const source = { kind: 'push' as const };
  await store.putLabel(DIFF_LABEL, { source, every: 30_000, clockSkew: 0, servingLag: 0 }, START);
  const sides = [
    { name: 'old', from: START },
    { name: 'new', from: START + inputs + GAP_MS },
  ];
  for (const { name, from } of sides) {
    for (const at of [from - 1000, from + inputs + 1000]) {
      const times = { requestedAt: at, receivedAt: at };
      await store.recordPush(DIFF_LABEL, { ...times, files: filesOf(name), backfill: true }, at);
    }
    for (let first = 0; first < inputs; first += BATCH) {
      const count = Math.min(BATCH, inputs - first);
      const batch = Array.from({ length: count }, (_, i) => trace(name, first + i, from));
      await store.ingest(batch, from + inputs);
      // Between transactions, as in a service that is asked for other things too.
      await new Promise(setImmediate);
    }
  }
  await store.close();
}

/** One in twenty answers otherwise under the new artifact. */
function trace(side: string, n: number, from: number): NewTrace {
  const isFlipped = side === 'new' && n % 20 === 0;
  const score = ((n * 7919) % 1000) / 1000 + (isFlipped ? 0.25 : 0);
  const input = Buffer.from(JSON.stringify({ case: n, country: ['DE', 'US', 'BR'][n % 3] }));
  const output = Buffer.from(
    JSON.stringify({
      score,
      label: score > 0.7 ? 'high' : 'low',
      reason: reason(side === 'new' && n % 10 === 0 ? n + 1 : n),
    }),
  );
  const attributes = {
    'gen_ai.usage.input_tokens': 300 + (n % 50),
    'gen_ai.usage.output_tokens': 400 + (n % 70),
  };
  return {
    id: `${side}-${n}`,
    label: DIFF_LABEL,
    origin: null,
    startedAt: from + n,
    endedAt: from + n + 200 + (n % 100),
    decision: score > 0.7 ? 'HOLD' : 'CLEAR',
    blobId: null,
    context: null,
    turn: null,
    input,
    inputHash: hash('sha256', input, 'buffer'),
    inputExact: false,
    output,
    outputHash: hash('sha256', output, 'buffer'),
    attributes: Buffer.from(JSON.stringify(attributes)),
  };
}

/** Words in an order that only this number has. */
function reason(n: number): string {
  const words: string[] = [];
  let state = n + 1;
  for (let length = 0; length < OUTPUT_BYTES - 60; length += 5) {
    state = (state * 48_271) % 2_147_483_647;
    words.push(WORDS[state % WORDS.length]!);
  }
  return words.join(' ');
}
