/**
 * Whether the service stays answerable while it verifies a file of 200 MB: how late its event loop
 * is, as it says itself, from the first byte fetched to the fact on disk. The bytes are not those of
 * the ID, which changes nothing about the work. The floor is the same service doing nothing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';
import { type RunningService, runService } from './watch-service.ts';

const MB = 1_000_000;
const BYTES = 200 * MB;
const IDLE_MS = 5000;
const BLOB_ID = 'A'.repeat(43);

export async function verify(): Promise<Figure[]> {
  const aggregator = fork(join(import.meta.dirname, 'verify-aggregator.ts'), [String(BYTES)]);
  try {
    const [port] = (await once(aggregator, 'message')) as [number];
    return await inFolder(async (folder) => {
      const service = await runService(folder, {
        UNDERLABEL_WALRUS: 'custom',
        UNDERLABEL_AGGREGATORS: `http://127.0.0.1:${port}`,
        UNDERLABEL_LOG_LEVEL: 'fatal',
      });
      try {
        return await measured(service);
      } finally {
        await service.stop();
      }
    });
  } finally {
    aggregator.disconnect();
  }
}

async function measured(service: RunningService): Promise<Figure[]> {
  await service.metrics();
  await sleep(IDLE_MS);
  const idle = await service.metrics();
  const began = performance.now();
  const peak = await checked(service);
  const seconds = (performance.now() - began) / 1000;
  const busy = await service.metrics();
  const lag = (metrics: typeof idle, which: string) =>
    metrics(`nodejs_eventloop_lag_${which}_seconds`) * 1000;
  const note = `${BYTES / MB} MB fetched and encoded in ${seconds.toFixed(1)} s; the floor is the idle service`;
  return [
    figure('verify.lag.p99', lag(busy, 'p99'), 'ms', lag(idle, 'p99'), note),
    figure('verify.lag.max', lag(busy, 'max'), 'ms', lag(idle, 'max'), note),
    figure(
      'verify.memory',
      peak / MB,
      'MB',
      idle('process_resident_memory_bytes') / MB,
      `peak RSS; ${note}`,
    ),
  ];
}

/** @returns the largest resident set that was seen, bytes */
async function checked({ client, rss }: RunningService): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 200);
  try {
    const path = `/api/v1/blobs/${BLOB_ID}/verifications?wait=10m`;
    const { body } = await client.request({ path, method: 'POST', headersTimeout: 0 });
    const { outcome } = (await body.json()) as { outcome: string };
    if (outcome !== 'mismatch') throw new Error(`the file was to be a mismatch and is ${outcome}`);
    return peak;
  } finally {
    clearInterval(timer);
  }
}

function figure(name: string, value: number, unit: string, floor: number, note: string): Figure {
  return { name, value, unit, floor, ratio: value / floor, note };
}
