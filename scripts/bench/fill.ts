/** A store with many traces in it, as it is after months: labels with readings and changes, ids at random. */
import { randomBytes } from 'node:crypto';
import { artifactIdOf } from '../../dist/lineage/manifest.js';
import { openSqliteStore, type SqliteStore } from '../../dist/store/sqlite/index.js';
import type { NewTrace } from '../../dist/store/store.js';

export const LABELS = 1000;
const BATCH = 2000;
const MINUTE = 60_000;
/** Readings of a label, and after how many of them it moves. */
const READINGS = 100;
const MOVES_EVERY = 25;
/** The traces begin so long before now, evenly. */
const PERIOD_MS = 90 * 86_400_000;
const DECISIONS = ['CLEAR', 'HOLD', 'REVIEW'];

const MODEL = {
  service: 'risk-gate',
  provider: 'opengradient',
  requestModel: 'og/model',
  responseModel: 'og/model',
};

export const labelName = (n: number) => `og/model-${n % LABELS}`;

/**
 * Fills a folder's store up to so many traces. One in fifty names no label that anybody knows.
 * @param of how many the whole period has; with fewer, those of its beginning are there
 */
export async function fill(folder: string, traces: number, of = 10_000_000): Promise<void> {
  const store = openSqliteStore(folder, Date.now, 5);
  // Nobody waits for the disk here; what is measured later does.
  store.db.$client.pragma('synchronous = OFF');
  const there = await store.newestTrace();
  if (there === 0) await readings(store);
  const now = Date.now();
  for (let first = there; first < traces; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, traces - first) }, (_, i) => {
      const at = now - PERIOD_MS + Math.floor((PERIOD_MS * (first + i)) / of);
      return trace(first + i, at);
    });
    await store.ingest(batch, now);
    // Between transactions, as in a service that is asked for other things too.
    await new Promise(setImmediate);
  }
  await store.close();
}

async function readings(store: SqliteStore): Promise<void> {
  const start = Date.now() - PERIOD_MS;
  for (let n = 0; n < LABELS; n++) {
    const input = { source: { kind: 'push' as const }, every: MINUTE, clockSkew: 0, servingLag: 0 };
    await store.putLabel(labelName(n), input, start);
  }
  for (let reading = 0; reading < READINGS; reading++) {
    const at = start + Math.floor((PERIOD_MS * reading) / READINGS);
    const pushes = Array.from({ length: LABELS }, (_, n) =>
      store.recordPush(
        labelName(n),
        { requestedAt: at, receivedAt: at + 50, files: filesOf(n, reading), backfill: true },
        Date.now(),
      ),
    );
    await Promise.all(pushes);
  }
}

function filesOf(label: number, reading: number) {
  const release = Buffer.alloc(32, `${label}-${Math.floor(reading / MOVES_EVERY)}`);
  return [{ path: 'model.onnx', blobId: release.toString('base64url'), size: null }];
}

/** The newest artifact of a label. */
export const newestArtifact = (label: number) => artifactIdOf(filesOf(label, READINGS - 1));

function trace(n: number, startedAt: number): NewTrace {
  const id = randomBytes(24).toString('hex');
  const label = labelName(Math.floor(Math.random() * LABELS));
  const declaredLabel = n % 50 === 0 ? null : label;
  return {
    id: `${id.slice(0, 32)}-${id.slice(32)}`,
    label: null,
    origin: { ...MODEL, declaredLabel },
    startedAt,
    endedAt: startedAt + 800,
    decision: DECISIONS[n % 3]!,
    blobId: null,
    context: `queue-${n % 5}`,
    turn: 0,
    input: null,
    inputHash: randomBytes(32),
    inputExact: false,
    output: null,
    outputHash: randomBytes(32),
    attributes: null,
  };
}
