/** Lists and single traces, each with its attribution, while spans come in at a steady rate. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'undici';
import { labelName } from './fill.ts';
import { quantile } from './folder.ts';
import type { Figure } from './main.ts';
import { sendOne } from './otlp.ts';
import { type Bodies, SPANS } from './otlp-bodies.ts';
import type { RunningService } from './watch-service.ts';

/** Of each kind; and before, as in a service that runs for days: its code is compiled by then. */
const QUESTIONS = 500;
const WARM_UP = 150;
/** A batch of spans so often: a thousand spans a second. */
const BATCH_EVERY_MS = 100;

const LISTS: Record<string, (i: number) => string> = {
  'a label': (i) => `label=${of(i)}`,
  'a label and a certainty': (i) => `label=${of(i)}&certainty=bracketed`,
  'a label and a period': (i) => `label=${of(i)}&from=${daysAgo(60)}&to=${daysAgo(40)}`,
  'the newest of all': () => 'limit=100',
  'a decision under a label': (i) => `label=${of(i)}&decision=HOLD`,
  'a glob': () => 'label=og%2Fmodel-1*',
  unmapped: () => 'unmapped=true',
};

const of = (i: number) => encodeURIComponent(labelName(i * 37));
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

export async function reads(service: RunningService, bodies: Bodies, rows: number) {
  const { client } = service;
  const stop = new AbortController();
  const sending = keepSending(client, bodies, stop.signal);
  const bare = await timed(QUESTIONS, () => ask(client, '/healthz'));
  const figures: Figure[] = [];
  const ids: string[] = [];
  for (const [name, query] of Object.entries(LISTS)) {
    const path = (i: number) => `/api/v1/traces?${query(i)}`;
    for (let i = 0; i < WARM_UP; i++) {
      const page = await ask(client, path(i));
      if (i < 5) ids.push(...idsIn(page));
    }
    const times = await timed(QUESTIONS, async (i) => void (await ask(client, path(i))));
    figures.push(figureOf(`traces.list (${name})`, times, bare, rows));
  }
  const single = (i: number) => `/api/v1/traces/${ids[(i * 7919) % ids.length]}`;
  const times = await timed(QUESTIONS, async (i) => void (await ask(client, single(i))));
  figures.push(figureOf('traces.single', times, bare, rows));
  stop.abort();
  return { figures, spans: await sending };
}

function figureOf(name: string, times: number[], bare: number[], rows: number): Figure {
  const [value, floor] = [quantile(times, 0.99), quantile(bare, 0.99)];
  const note = `p99, p50 ${quantile(times, 0.5).toFixed(1)} ms, ${rows} traces stored, 1,000 spans/s coming in; floor: p99 of /healthz meanwhile`;
  return { name, value, unit: 'ms', floor, ratio: value / floor, note };
}

/** @returns ms, ascending */
async function timed(count: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await work(i);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

async function ask(client: Pool, path: string): Promise<string> {
  const { statusCode, body } = await client.request({ path, method: 'GET' });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}: ${text}`);
  return text;
}

const idsIn = (page: string) =>
  (JSON.parse(page) as { items: { id: string }[] }).items.map(({ id }) => encodeURIComponent(id));

/** A thousand a second. @returns how many spans were sent */
export async function keepSending(
  client: Pool,
  bodies: Bodies,
  signal: AbortSignal,
): Promise<number> {
  let spans = 0;
  while (!signal.aborted) {
    const next = pause(BATCH_EVERY_MS);
    await sendOne(client, bodies.next());
    spans += SPANS;
    await next;
  }
  return spans;
}
