/** One side of the benchmark of encoding, in a process of its own: `pool|bare THREADS FILE…`. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createEncoderPool } from '../../dist/walrus/encoder/encoder-pool.js';

export interface SideResult {
  seconds: number;
  /** Seconds of processor time, of all threads. */
  cpu: number;
  peakBytes: number;
  ids: string[];
}

const [side, count, ...files] = process.argv.slice(2) as [string, string, ...string[]];
const threads = Number(count);

process.send?.(side === 'pool' ? await throughPool() : await bare());
process.disconnect?.();

async function throughPool(): Promise<SideResult> {
  const pool = createEncoderPool({ size: threads });
  const nothing = { length: threads };
  // Threads start once in the life of a service.
  await Promise.all(Array.from(nothing, () => pool.blobIdOf(new Uint8Array(), { nShards: 4 })));
  const result = await measured(() => Promise.all(files.map((file) => pool.blobIdOf({ file }))));
  await pool.close();
  return result;
}

async function bare(): Promise<SideResult> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const path = join(import.meta.dirname, 'encode-floor.ts');
  const workers = Array.from(
    { length: threads },
    () => new Worker(path, { workerData: { files, next } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const result = await measured(async () => {
    const ids: string[] = [];
    const done = workers.map(async (worker) => {
      worker.on('message', ([i, id]: [number, string]) => {
        ids[i] = id;
      });
      worker.postMessage('go');
      await once(worker, 'exit');
    });
    await Promise.all(done);
    return ids;
  });
  return result;
}

async function measured(work: () => Promise<string[]>): Promise<SideResult> {
  const used = process.cpuUsage();
  const began = performance.now();
  const ids = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { seconds, cpu: (user + system) / 1e6, peakBytes, ids };
}
