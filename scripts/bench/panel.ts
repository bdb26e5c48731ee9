/**
 * Pages of the panel while spans come in, with a thousand labels: how long somebody waits for the first
 * byte, and how many there are.
 */
import { openSqliteStore } from '../../dist/store/sqlite/index.js';
import { fill, LABELS, labelName, newestArtifact } from './fill.ts';
import { inFolder, quantile } from './folder.ts';
import type { Figure } from './main.ts';
import { Bodies, recordedBody } from './otlp-bodies.ts';
import { keepSending } from './otlp-reads.ts';
import { type RunningService, runService } from './watch-service.ts';

const TRACES = 100_000;
const TRACES_LARGE = 10_000_000;
/** Of each page; and before, as in a service that runs for days. */
const QUESTIONS = 200;
const WARM_UP = 40;
const MODELS = Array.from({ length: 10 }, (_, i) => labelName(i));
/** A label that is read and moves more than any should. */
const RESTLESS = 'og/restless';
const READINGS = 10_000;
const MOVES_EVERY = 10;
const TOGETHER = 500;
const MINUTE = 60_000;

export async function panel({ large }: { large: boolean }): Promise<Figure[]> {
  const traces = large ? TRACES_LARGE : TRACES;
  return inFolder(async (folder) => {
    await fill(folder, traces, traces);
    await restless(folder);
    const service = await runService(folder);
    const pages = await pagesOf(service);
    const stop = new AbortController();
    const bodies = new Bodies(await recordedBody(MODELS));
    const sending = keepSending(service.client, bodies, stop.signal);
    for (const path of Object.values(pages)) await asked(service, path, WARM_UP);
    const floor = await asked(service, () => '/healthz', QUESTIONS);
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(pages)) {
      figures.push(figureOf(name, await asked(service, path, QUESTIONS), floor, traces));
    }
    stop.abort();
    await sending;
    await service.stop();
    return figures;
  });
}

/** Over a week, one reading a minute. */
async function restless(folder: string): Promise<void> {
  const store = openSqliteStore(folder, Date.now, 5);
  store.db.$client.pragma('synchronous = OFF');
  const start = Date.now() - READINGS * MINUTE;
  const input = { source: { kind: 'push' as const }, every: MINUTE, clockSkew: 0, servingLag: 0 };
  await store.putLabel(RESTLESS, input, start);
  for (let first = 0; first < READINGS; first += TOGETHER) {
    const pushes = Array.from({ length: TOGETHER }, (_, i) => {
      const n = first + i;
      const at = start + n * MINUTE;
      const blobId = Buffer.alloc(32, `r${Math.floor(n / MOVES_EVERY) % 7}`).toString('base64url');
      const files = [{ path: 'model.onnx', blobId, size: null }];
      const push = { requestedAt: at, receivedAt: at + 50, files, backfill: false };
      return store.recordPush(RESTLESS, push, at + 50);
    });
    await Promise.all(pushes);
  }
  await store.close();
}

/** Each asks for another label or trace, as far as there are several. */
async function pagesOf({ client }: RunningService): Promise<Record<string, (i: number) => string>> {
  const api = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await client.request({
      path: `/api/v1${path}`,
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as T;
  };
  type Items<T> = { items: T[] };
  const { items: traces } = await api<Items<{ id: string }>>('/traces?limit=500');
  const { items: changes } = await api<Items<{ id: string }>>('/changes?limit=500');
  const [label] = MODELS as [string];
  type Timeline = { tenures: { artifactId: string; blobIds: string[] }[] };
  const { tenures } = await api<Timeline>(`/labels/${encodeURIComponent(label)}/timeline`);
  const [before, after] = tenures.slice(-2).map(({ artifactId }) => artifactId);
  const blobId = tenures.at(-1)!.blobIds[0];
  const diff = await api<{ id: string }>('/diffs', {
    label,
    before: { artifact: before },
    after: { artifact: after },
    includeProvisional: true,
  });
  const one = <T>(of: readonly T[], i: number) => of[(i * 7919) % of.length]!;
  const named = (i: number) => encodeURIComponent(labelName(i * 37));
  const trace = (i: number) => `/traces/${encodeURIComponent(one(traces, i).id)}`;
  const filtered = (q: string) => `/traces?${new URLSearchParams({ q })}`;
  const restlessPath = `/labels/${encodeURIComponent(RESTLESS)}`;
  return {
    overview: (i) => `/?page=${1 + (i % 20)}`,
    'overview, a glob': () => '/?q=og%2Fmodel-1*',
    'a label': (i) => `/labels/${named(i)}`,
    'a label, all its time': (i) => `/labels/${named(i)}?range=all`,
    'a restless label': () => restlessPath,
    'a restless label, all its time': () => `${restlessPath}?range=all`,
    traces: () => '/traces',
    'traces of a label': (i) => filtered(`label:${labelName(i * 37)}`),
    'traces, ambiguous': () => filtered('certainty:ambiguous'),
    'traces, a glob and a decision': () => filtered('label:og/model-1* decision:HOLD'),
    'a trace': trace,
    'a trace, as of': (i) => `${trace(i)}?asOf=${new Date().toISOString()}`,
    changes: () => '/changes',
    'a change': (i) => `/changes/${one(changes, i).id}`,
    'an artifact': (i) => `/artifacts/${newestArtifact((i * 37) % LABELS)}`,
    'a blob': () => `/blobs/${blobId}`,
    'a comparison': () => `/compare/${before}/${after}`,
    diffs: () => '/diffs',
    'a new diff': (i) => `/diffs?label=${named(i)}`,
    'a diff': () => `/diffs/${diff.id}`,
    alerts: () => '/alerts',
    unmapped: () => '/unmapped',
  };
}

interface Asked {
  /** ms to the first byte, ascending. */
  times: number[];
  mostBytes: number;
}

async function asked(
  { client }: RunningService,
  path: (i: number) => string,
  count: number,
): Promise<Asked> {
  const times: number[] = [];
  let mostBytes = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const headers = { accept: 'text/html' };
    const { statusCode, body } = await client.request({ path: path(i), method: 'GET', headers });
    times.push(performance.now() - began);
    if (statusCode !== 200) throw new Error(`${path(i)} was answered with ${statusCode}`);
    mostBytes = Math.max(mostBytes, (await body.arrayBuffer()).byteLength);
  }
  return { times: times.sort((a, b) => a - b), mostBytes };
}

function figureOf(name: string, { times, mostBytes }: Asked, bare: Asked, traces: number): Figure {
  const [value, floor] = [quantile(times, 0.95), quantile(bare.times, 0.95)];
  const p50 = quantile(times, 0.5).toFixed(1);
  const note = `p95 of the first byte, p50 ${p50} ms, ${(mostBytes / 1000).toFixed(1)} kB at most, ${traces} traces of ${LABELS} labels stored, 1,000 spans/s coming in; floor: p95 of /healthz meanwhile`;
  return { name: `panel (${name})`, value, unit: 'ms', floor, ratio: value / floor, note };
}
