/**
 * OTLP/protobuf over HTTP, on disk before the 200, with one and with ten million traces stored before;
 * then lists and single traces with their attribution while spans come in.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'undici';
import { fill, labelName } from './fill.ts';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';
import { Bodies, recordedBody, SPANS } from './otlp-bodies.ts';
import { reads } from './otlp-reads.ts';
import { type RunningService, runService } from './watch-service.ts';

const CONNECTIONS = 8;
const BODIES = 400;
const WARM_UP = 60;
const MODELS = Array.from({ length: 10 }, (_, i) => labelName(i));

/** @param rows stored before, for each run */
export async function otlp(rows: readonly number[] = [1e6, 1e7]): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const recorded = await recordedBody(MODELS);
    const figures = await bytesPerTrace(folder);
    for (const count of rows) {
      const filled = join(folder, 'filled');
      await fill(filled, count);
      figures.push(...(await atSize(folder, filled, count, new Bodies(recorded))));
    }
    return figures;
  });
}

async function atSize(
  folder: string,
  filled: string,
  rows: number,
  bodies: Bodies,
): Promise<Figure[]> {
  const bare = join(folder, 'bare');
  cpSync(filled, bare, { recursive: true });
  const floor = floorOf(bare);
  const before = bytesIn(filled);
  const service = await runService(filled);
  const sent = await ingest(service, bodies);
  const asked = await reads(service, bodies, rows);
  await service.stop();
  const millions = `${rows / 1e6}M`;
  const grown = (bytesIn(filled) - before) / (sent.spans + asked.spans);
  const note = `${BODIES * SPANS} spans of ${Math.round(bodies.bytes / SPANS)} B in batches of ${SPANS}, ${CONNECTIONS} connections, ${rows} traces stored before; event loop p99 ${sent.loopP99Ms.toFixed(1)} ms, RSS ${Math.round(sent.rss / 1e6)} MB, ${Math.round(grown)} B on disk a trace`;
  const { perSecond: value } = sent;
  const figure = { name: `otlp.${millions}`, value, unit: 'spans/s', floor, ratio: value / floor };
  return [{ ...figure, note }, ...asked.figures];
}

/** What a trace takes on disk, with all that the database needs to find it. */
async function bytesPerTrace(folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const withContent of [true, false]) {
    const name = withContent ? 'otlp.bytes.content' : 'otlp.bytes.bare';
    const data = join(folder, name);
    mkdirSync(data);
    const service = await runService(data);
    const bodies = new Bodies(await recordedBody(MODELS, withContent));
    const empty = bytesIn(data);
    await send(service.client, bodies, BODIES);
    await service.stop();
    const value = (bytesIn(data) - empty) / (BODIES * SPANS);
    const floor = bodies.bytes / SPANS;
    const said = withContent ? '20 attributes, three of them 2 KB of messages' : '17 attributes';
    const note = `on disk, of ${BODIES * SPANS} spans with ${said}; floor: as they were sent`;
    figures.push({ name, value, unit: 'B', floor, ratio: value / floor, note });
  }
  return figures;
}

async function ingest(service: RunningService, bodies: Bodies) {
  await send(service.client, bodies, WARM_UP);
  // Asking begins a new count of what the event loop was late by.
  await service.metrics();
  const seconds = await send(service.client, bodies, BODIES);
  const rss = service.rss();
  const metrics = await service.metrics();
  return {
    perSecond: (BODIES * SPANS) / seconds,
    spans: (BODIES + WARM_UP) * SPANS,
    rss,
    loopP99Ms: metrics('nodejs_eventloop_lag_p99_seconds') * 1000,
  };
}

/** Each connection sends the next body once its last was acknowledged. @returns seconds */
async function send(client: Pool, bodies: Bodies, count: number): Promise<number> {
  // Made before: what is measured is not how fast they are made.
  const made = Array.from({ length: count }, () => bodies.next());
  const began = performance.now();
  const connection = async () => {
    for (let body = made.pop(); body; body = made.pop()) await sendOne(client, body);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return (performance.now() - began) / 1000;
}

export async function sendOne(client: Pool, sent: Buffer): Promise<void> {
  const { statusCode, body } = await client.request({
    path: '/v1/traces',
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: sent,
  });
  const answer = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200 || answer.length > 0) {
    throw new Error(`a batch was answered with ${statusCode}: ${answer.toString('latin1')}`);
  }
}

function floorOf(folder: string): number {
  const script = join(import.meta.dirname, 'otlp-floor.ts');
  const args = [script, folder, String(BODIES), MODELS.join(',')];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
