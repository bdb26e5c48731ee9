/**
 * What it costs to watch 10,000 labels at 30 s: the service as it is built, in a process of its own,
 * against a hub on loopback in another. `BENCH_SECONDS` shortens it for a look.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';
import type { Mode } from './watch-hub.ts';
import { type RunningService, runService } from './watch-service.ts';

const LABELS = 10_000;
const EVERY_SECONDS = 30;
/** Ten readings of each label. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 300);
const SECONDS_200 = Math.min(SECONDS, 60);
const SECONDS_FLOOR = Math.min(SECONDS, 30);

type Memory = Awaited<ReturnType<RunningService['memory']>>;

interface Cost {
  seconds: number;
  /** Of one core. */
  cpu: number;
  readingsPerSecond: number;
}

export async function watch(): Promise<Figure[]> {
  const { hub, origin } = await startHub();
  try {
    const resting = await inFolder(restingMemory);
    const { costs, memory } = await inFolder((folder) => watching(folder, hub, origin));
    const figures: Figure[] = [];
    for (const mode of [304, 200] as const) {
      const { cpu, readingsPerSecond, seconds } = costs[mode];
      hub.send(mode);
      const bare = await floor(origin, readingsPerSecond, mode);
      const note = `${LABELS} labels every ${EVERY_SECONDS} s, ${readingsPerSecond.toFixed(0)} readings/s over ${seconds} s, answered with ${mode}; the floor asks as often`;
      figures.push(figure(`watch.cpu.${mode}`, cpu * 100, '% of a core', bare * 100, note));
    }
    return [...figures, growth(memory, resting)];
  } finally {
    hub.kill();
  }
}

async function startHub(): Promise<{ hub: ChildProcess; origin: string }> {
  const hub = fork(join(import.meta.dirname, 'watch-hub.ts'));
  const port = await firstWord(hub);
  return { hub, origin: `http://127.0.0.1:${port}` };
}

/** Of a service with no labels. */
async function restingMemory(folder: string): Promise<Memory> {
  const service = await runService(folder);
  const memory = await service.memory();
  await service.stop();
  return memory;
}

async function watching(folder: string, hub: ChildProcess, origin: string) {
  const service = await runService(folder);
  try {
    hub.send(304);
    await takeUp(service, origin);
    await sleep(EVERY_SECONDS * 1000);
    const before = await service.memory();
    const unchanged = await cost(service, SECONDS);
    const memory = [before, await service.memory()] as const;
    hub.send(200);
    await sleep((EVERY_SECONDS * 1000) / 3);
    return { memory, costs: { 304: unchanged, 200: await cost(service, SECONDS_200) } };
  } finally {
    await service.stop();
  }
}

async function takeUp({ client }: RunningService, origin: string): Promise<void> {
  const numbers = Array.from({ length: LABELS }, (_, i) => i).values();
  const connection = async () => {
    for (const i of numbers) {
      const source = { kind: 'manifest', url: `${origin}/manifest/${i}` };
      const { statusCode, body } = await client.request({
        path: `/api/v1/labels/hub-${i}`,
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ source, every: `${EVERY_SECONDS}s` }),
      });
      if (statusCode !== 201) throw new Error(`${statusCode}: ${await body.text()}`);
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: 16 }, connection));
}

async function cost(service: RunningService, seconds: number): Promise<Cost> {
  const before = await service.metrics();
  const began = performance.now();
  await sleep(seconds * 1000);
  const after = await service.metrics();
  const took = (performance.now() - began) / 1000;
  const perSecond = (name: string) => (after(name) - before(name)) / took;
  const readingsPerSecond = perSecond('underlabel_readings_total');
  return { seconds, cpu: perSecond('process_cpu_seconds_total'), readingsPerSecond };
}

/** @returns share of a core */
function floor(origin: string, perSecond: number, mode: Mode): Promise<number> {
  const args = [origin, perSecond, SECONDS_FLOOR, mode].map(String);
  return firstWord(fork(join(import.meta.dirname, 'watch-floor.ts'), args));
}

async function firstWord(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the benchmark ended with ${code} before it said anything`);
  });
  const [word] = (await Promise.race([once(child, 'message'), ended])) as [number];
  ended.catch(() => {});
  return word;
}

function growth([before, after]: readonly [Memory, Memory], resting: Memory): Figure {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  const note = `after garbage collection, resident memory went from ${mb(before.rss)} to ${mb(after.rss)} MB in ${SECONDS} s of readings, the heap from ${mb(before.heap)} to ${mb(after.heap)} MB; the floor is a service with no labels, whose heap is ${mb(resting.heap)} MB`;
  return figure('watch.memory', (after.rss - before.rss) / 1e6, 'MB', resting.rss / 1e6, note);
}

function figure(name: string, value: number, unit: string, bare: number, note: string): Figure {
  return { name, value, unit, floor: bare, ratio: value / bare, note };
}
