import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryToEncode } from '../../src/walrus/encoder/encoder-cost.ts';
import { createEncoderPool, type PoolSettings } from '../../src/walrus/encoder/encoder-pool.ts';

const nShards = 10;
/** Encoding for so many takes long enough that nothing here is done by chance. */
const slow = { nShards: 1000 };
const bytes = Uint8Array.of(1, 2, 3);

function pool(settings: PoolSettings = {}) {
  const created = createEncoderPool({ size: 1, ...settings });
  onTestFinished(() => created.close());
  return created;
}

/** The thread that starts next. */
async function nextThread(): Promise<Worker> {
  const [worker] = await once(process, 'worker');
  return worker;
}

describe('a pool of encoders', () => {
  it('serves first who came first', async () => {
    const encoder = pool();
    const started: number[] = [];
    const lengths = [3000, 10, 200_000, 0];
    await Promise.all(
      lengths.map((length) =>
        encoder.blobIdOf(new Uint8Array(length), {
          nShards,
          onStart: (told) => started.push(told),
        }),
      ),
    );
    expect(started).toEqual(lengths);
  });

  it('encodes as many side by side as it has threads, and no more', async () => {
    const encoder = pool({ size: 2 });
    const running: number[] = [];
    const onStart = () => running.push(encoder.load().running);
    await Promise.all(
      Array.from({ length: 6 }, () => encoder.blobIdOf(bytes, { nShards: 100, onStart })),
    );
    expect(running).toEqual([1, 2, 2, 2, 2, 2]);
    expect(encoder.load()).toMatchObject({ waiting: 0, running: 0, threads: 2 });
  });

  it('leaves the event loop free meanwhile', async () => {
    const encoder = pool();
    let turns = 0;
    let done = false;
    const turn = () => {
      turns++;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await encoder.blobIdOf(bytes, { nShards: 300 });
    done = true;
    expect(turns).toBeGreaterThan(100);
  });

  it.each([0, 3, 4001, 65_537, 10.5, -1, Number.NaN])('refuses %d shards', async (wrong) => {
    const encoder = pool();
    await expect(encoder.blobIdOf(bytes, { nShards: wrong })).rejects.toMatchObject({
      code: 'shards',
      message: `3 bytes have no Blob ID here: n_shards is ${wrong}, and the encoder takes a whole number from 4 to 4000. Give the number of the network, 1000 on mainnet and testnet.`,
    });
    expect(encoder.load().threads).toBe(0);
  });

  it.each([{ size: 0 }, { size: 1.5 }, { memoryBytes: 0 }, { memoryBytes: Number.NaN }])(
    'can not be had with %o',
    (settings) => {
      expect(() => createEncoderPool(settings)).toThrow(RangeError);
    },
  );

  it('lets threads go that had nothing to do for a while, and starts others', async () => {
    const encoder = pool({ idleMs: 1 });
    const before = await encoder.blobIdOf(bytes, { nShards });
    await vi.waitUntil(() => encoder.load().threads === 0);
    expect(encoder.load().memoryBytes).toBe(0);
    expect(await encoder.blobIdOf(bytes, { nShards })).toBe(before);
  });
});

describe('giving up', () => {
  it('lets waiting blobs leave at once and running ones end; those after get theirs', async () => {
    const encoder = pool();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = encoder.blobIdOf(bytes, { ...slow, signal: running.signal });
    const second = encoder.blobIdOf(bytes, { ...slow, signal: waiting.signal });
    const third = encoder.blobIdOf(bytes, { nShards });
    expect(encoder.load()).toMatchObject({ running: 1, waiting: 2 });
    waiting.abort(new Error('not wanted'));
    await expect(second).rejects.toThrow('not wanted');
    expect(encoder.load()).toMatchObject({ running: 1, waiting: 1 });
    running.abort(new Error('no time'));
    await expect(first).rejects.toThrow('no time');
    expect(await third).toHaveLength(43);
  });

  it('before it began is no work at all', async () => {
    const encoder = pool();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(encoder.blobIdOf(bytes, { signal })).rejects.toThrow('too late');
    expect(encoder.load().threads).toBe(0);
  });

  it('all of it closes the pool: nothing is left, and nothing more is taken', async () => {
    const encoder = pool();
    const given = [
      encoder.blobIdOf(bytes, slow),
      encoder.blobIdOf(bytes, slow),
      encoder.blobIdOf({ file: import.meta.filename }, slow),
    ];
    const outcomes = Promise.allSettled(given);
    await encoder.close();
    const closed = { status: 'rejected', reason: expect.objectContaining({ code: 'closed' }) };
    expect(await outcomes).toEqual([closed, closed, closed]);
    expect(encoder.load()).toEqual({ waiting: 0, running: 0, threads: 0, memoryBytes: 0 });
    await expect(encoder.blobIdOf(bytes)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a thread that dies', () => {
  it('fails its own blob alone, without an answer', async () => {
    const encoder = pool();
    const thread = nextThread();
    const first = encoder.blobIdOf(bytes, slow);
    const second = encoder.blobIdOf(bytes, { nShards });
    const failed = expect(first).rejects.toMatchObject({
      code: 'encoder',
      message:
        '3 bytes have no Blob ID here: encoding failed (its thread ended without an answer). Try again, with more memory free.',
    });
    await (await thread).terminate();
    await failed;
    expect(await second).toHaveLength(43);
  });

  it('fails its own blob alone, with an error of its own', async () => {
    const encoder = pool();
    const thread = nextThread();
    const before = await encoder.blobIdOf(bytes, { nShards });
    // No question at all is an error that the thread doesn't catch.
    (await thread).postMessage(null);
    await expect(encoder.blobIdOf(bytes, { nShards })).rejects.toMatchObject({
      code: 'encoder',
      cause: expect.objectContaining({ name: 'TypeError' }),
    });
    expect(await encoder.blobIdOf(bytes, { nShards })).toBe(before);
  });
});

describe('the memory of a pool', () => {
  const one = memoryToEncode(0, nShards);

  it('is never more than its budget, but for one blob alone; and nobody overtakes', async () => {
    const jobs = fc.array(
      fc.record({
        length: fc.integer({ min: 0, max: 20_000 }),
        nShards: fc.integer({ min: 10, max: 100 }),
      }),
      { minLength: 2, maxLength: 7 },
    );
    const property = fc.asyncProperty(
      jobs,
      fc.integer({ min: 1, max: 4 * one }),
      async (given, memoryBytes) => {
        const encoder = createEncoderPool({ size: 3, memoryBytes });
        const started: number[] = [];
        const ids = await Promise.all(
          given.map((job, i) =>
            encoder.blobIdOf(new Uint8Array(job.length), {
              nShards: job.nShards,
              onStart: () => {
                started.push(i);
                const load = encoder.load();
                if (load.threads > 1) expect(load.memoryBytes).toBeLessThanOrEqual(memoryBytes);
                expect(load.memoryBytes).toBeGreaterThanOrEqual(
                  memoryToEncode(job.length, job.nShards),
                );
              },
            }),
          ),
        );
        expect(ids.every((id) => id.length === 43)).toBe(true);
        expect(started).toEqual(given.map((_, i) => i));
        await encoder.close();
      },
    );
    await fc.assert(property, { numRuns: 5 });
  });

  it('is given back by idle threads where a blob needs it', async () => {
    const encoder = pool({ size: 2, memoryBytes: 2.2 * one });
    await Promise.all([1, 2].map(() => encoder.blobIdOf(bytes, { nShards })));
    expect(encoder.load().threads).toBe(2);
    let threads = 0;
    const onStart = () => {
      threads = encoder.load().threads;
    };
    expect(memoryToEncode(3, 450)).toBeGreaterThan(1.2 * one);
    await encoder.blobIdOf(bytes, { nShards: 450, onStart });
    expect(threads).toBe(1);
  });
});
