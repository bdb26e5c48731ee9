/**
 * Blob IDs of files through the pool, against bare calls of the encoder in as many plain threads,
 * each of which takes the next file when it is done with one. Both have a thread for each core, so
 * files a second compare core for core; the processor time of a file is told as well, since other
 * work on the machine bends it less. Each side runs in processes of its own, by turns.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { SideResult } from './encode-side.ts';
import { inFolder } from './folder.ts';
import type { Figure } from './main.ts';

const MB = 1_000_000;
/** Large ones first: a large one that comes last would be one thread's work while the others wait. */
const SIZES = [20 * MB, 20 * MB, ...Array<number>(8).fill(MB)];
/** As many as the pool has by itself, at most. */
const THREADS = Math.min(availableParallelism(), 4);
/** By turns and the other way round, so that a machine that grows slower is unkind to both. */
const TURNS = ['pool', 'bare', 'bare', 'pool'] as const;

type Side = (typeof TURNS)[number];

export function encode(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const files = SIZES.map((bytes, i) => written(join(folder, `${i}`), bytes, i));
    const half = [files.filter((_, i) => i % 2 === 0), files.filter((_, i) => i % 2 === 1)];
    const results: Record<Side, SideResult[]> = { pool: [], bare: [] };
    for (const [turn, side] of TURNS.entries()) {
      // Each side has each half once.
      results[side].push(await run(side, half[turn < 2 ? 0 : 1]!));
    }
    const [pool, bare] = [summed(results.pool), summed(results.bare)];
    if (pool.ids.join() !== bare.ids.join()) throw new Error('the sides disagree on Blob IDs');
    const note = `${SIZES.length} files, ${SIZES.filter((bytes) => bytes === MB).length} of 1 MB and the others of 20 MB, in ${THREADS} threads; bare calls in as many are the floor`;
    return [
      figure(
        'encode.rate',
        'files/s',
        files.length / pool.seconds,
        files.length / bare.seconds,
        note,
      ),
      figure('encode.cpu', 's a file', pool.cpu / files.length, bare.cpu / files.length, note),
      figure('encode.memory', 'MB', pool.peakBytes / MB, bare.peakBytes / MB, `peak RSS; ${note}`),
    ];
  });
}

/** Not compressible, and not alike. */
function written(path: string, bytes: number, seed: number): string {
  const words = new Uint32Array(bytes / 4);
  let state = seed + 1;
  for (let i = 0; i < words.length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i;
    words[i] = state;
  }
  writeFileSync(path, words);
  return path;
}

async function run(side: Side, files: string[]): Promise<SideResult> {
  const child = fork(join(import.meta.dirname, 'encode-side.ts'), [side, `${THREADS}`, ...files]);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a side of the benchmark ended with ${code} before it had a result`);
  });
  ended.catch(() => {});
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [SideResult];
  return result;
}

function summed(results: readonly SideResult[]): SideResult {
  return {
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
    cpu: results.reduce((sum, { cpu }) => sum + cpu, 0),
    peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
    ids: results.flatMap(({ ids }) => ids),
  };
}

function figure(name: string, unit: string, value: number, floor: number, note: string): Figure {
  return { name, value, unit, floor, ratio: value / floor, note };
}
