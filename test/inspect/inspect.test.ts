/** Files looked into in a thread of their own: what comes back, and what a hostile one costs. */
import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { InspectError, inspectFile } from '../../src/inspect/inspect.ts';
import type { OnnxInspection, SafetensorsInspection } from '../../src/inspect/inspection.ts';
import { MAX_TENSORS } from '../../src/inspect/limits.ts';
import { readInspection } from '../../src/inspect/read-file.ts';
import { folder, inside } from './on-disk.ts';
import { graph, linear, message, model, tensor } from './onnx-file.ts';
import { safetensorsFile, withHeader } from './safetensors-file.ts';

const SAFETENSORS = safetensorsFile({ w: { dtype: 'F32', shape: [2] } }, { format: 'pt' });
const never = new AbortController().signal;

function onDisk(bytes: Uint8Array): { file: string; size: number } {
  const file = join(folder(), 'file');
  writeFileSync(file, bytes);
  return { file, size: bytes.byteLength };
}

describe('a file', () => {
  it('tells the same from its thread as in place', async () => {
    for (const [name, bytes] of [
      ['a/model.safetensors', SAFETENSORS],
      ['model.onnx', linear()],
      ['broken.onnx', linear().subarray(1)],
      ['readme.md', Buffer.from('# Model')],
    ] as const) {
      const found = await inspectFile({ ...onDisk(bytes), name, signal: never });
      expect(found).toEqual(inside(name, bytes));
    }
  });

  it('brings names like `__proto__` through as names', async () => {
    const bytes = withHeader(
      '{"__proto__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"__metadata__":{"__proto__":"x"}}',
    );
    const found = await inspectFile({ ...onDisk(bytes), name: 'a.safetensors', signal: never });
    expect(JSON.stringify(found)).toContain('"__proto__":{"dtype":"U8"');
    expect(JSON.stringify(found)).toContain('"__proto__":"x"');
  });

  test.each<[string, string, Uint8Array, string]>([
    ['by its name, whatever the case of its letters', 'M.ONNX', linear(), 'onnx'],
    ['by its first bytes where its name says nothing', 'weights', SAFETENSORS, 'safetensors'],
    ['by its first bytes where it has no name', '', linear(), 'onnx'],
    ['as unknown where neither says anything', 'config.json', Buffer.from('{"a":1}'), 'unknown'],
    ['as unknown where it is empty', 'empty', Buffer.alloc(0), 'unknown'],
    [
      'as unknown where only the first bytes fit',
      'data',
      Buffer.from('\x08\x08\x12\xff\xff'),
      'unknown',
    ],
    ['as unknown where only the opening fits', 'data.bin', withHeader('{"not": "one"}'), 'unknown'],
  ])('is known %s', (_, name, bytes, format) => {
    expect(inside(name, bytes)).toMatchObject({ format });
  });

  it('that is not there is an error of this machine, not of the file', async () => {
    const missing = inspectFile({
      file: '/nowhere/at/all',
      name: 'a.onnx',
      size: 1,
      signal: never,
    });
    const error = await missing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InspectError);
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringContaining('ENOENT') });
  });

  it('is given up on when its time is over', async () => {
    const found = await inspectFile({
      ...onDisk(linear()),
      name: 'a.onnx',
      signal: never,
      limits: { timeoutMs: 0 },
    });
    expect(found).toEqual({
      format: 'onnx',
      error: { code: 'gave-up', message: 'it took longer than 0 ms' },
    });
  });

  it('is let go of when nobody wants to know any more', async () => {
    const controller = new AbortController();
    const started = once(process, 'worker');
    const asked = inspectFile({ ...onDisk(linear()), name: 'a.onnx', signal: controller.signal });
    const [worker] = (await started) as [Worker];
    const ended = once(worker, 'exit');
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await ended;
    await expect(
      inspectFile({ ...onDisk(linear()), name: 'a.onnx', signal: controller.signal }),
    ).rejects.toThrow('enough');
  });

  describe('of as many tensors as are looked at', () => {
    const entries = Array.from({ length: MAX_TENSORS }, (_, i) => {
      const name = `model.layers.${i}.${'x'.repeat(80)}`;
      return `"${name}":{"dtype":"F32","shape":[0,1,2,3],"data_offsets":[0,0]}`;
    });
    const bytes = withHeader(`{${entries.join(',')}}`);
    const inspect = (limits: { memoryMb?: number }) =>
      inspectFile({ ...onDisk(bytes), name: 'a.safetensors', signal: never, limits });

    it('fits into the memory of its thread', async () => {
      const found = await inspect({});
      expect(Object.keys((found as SafetensorsInspection).tensors)).toHaveLength(MAX_TENSORS);
    });

    it('is given up on where it needs more memory than it may take', async () => {
      expect(await inspect({ memoryMb: 12 })).toEqual({
        format: 'safetensors',
        error: { code: 'gave-up', message: 'it took more memory than it may' },
      });
    });
  });
});

describe('a file of 300 MB', () => {
  const HOLE = 300 * 2 ** 20;

  it('of ONNX is read through a small window', () => {
    const name = join(folder(), 'file');
    // The last tensor's raw data is a hole: its length is in the bytes, its bytes are not.
    const length = (size: number) => message({ 1: [size / 4], 2: 1, 8: 'w' });
    const head = Buffer.concat([length(HOLE), varintField(9, HOLE)]);
    const graphHead = Buffer.concat([graph({ name: 'big' }), varintField(5, head.length + HOLE)]);
    const modelHead = Buffer.concat([
      message({ 1: 8 }),
      varintField(7, graphHead.length + head.length + HOLE),
    ]);
    const start = Buffer.concat([modelHead, graphHead, head]);
    const file = openSync(name, 'w');
    writeSync(file, start);
    ftruncateSync(file, start.length + HOLE);
    closeSync(file);
    const before = process.memoryUsage().arrayBuffers;
    const found = readInspection({ file: name, name: 'a.onnx', size: start.length + HOLE });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
    expect((found as OnnxInspection).initializers).toEqual({
      w: { dtype: 'FLOAT', shape: [HOLE / 4] },
    });
  });

  it('of safetensors is read no further than its header', () => {
    const name = join(folder(), 'file');
    const start = withHeader(`{"w":{"dtype":"U8","shape":[${HOLE}],"data_offsets":[0,${HOLE}]}}`);
    const file = openSync(name, 'w');
    writeSync(file, start);
    ftruncateSync(file, start.length + HOLE);
    closeSync(file);
    const size = start.length + HOLE;
    expect(readInspection({ file: name, name: 'a.safetensors', size })).toMatchObject({
      parameters: HOLE,
    });
  });

  /** Tag and length of a field whose bytes follow. */
  function varintField(number: number, length: number): Buffer {
    const bytes = [(number << 3) | 2];
    for (let rest = length; ; rest = Math.floor(rest / 128)) {
      bytes.push(rest < 128 ? rest : (rest % 128) | 128);
      if (rest < 128) return Buffer.from(bytes);
    }
  }
});

describe('any bytes', () => {
  const NAMES = ['a.onnx', 'a.safetensors', 'a'];
  const good = [
    SAFETENSORS,
    linear(),
    model(graph({ initializers: [tensor('w', [3])] }), { 14: [message({ 1: 'a', 2: 'b' })] }),
  ];

  it('are told apart from a model, and nothing is thrown', () => {
    const file = onDisk(Buffer.alloc(0)).file;
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom(...good),
          fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
          fc.nat(400),
        )
        .map(([whole, changes, length]) => {
          const copy = Buffer.from(whole);
          for (const [at, byte] of changes) copy[at % copy.length] = byte;
          return length > copy.length ? copy : copy.subarray(0, length);
        }),
      fc.json().map((text) => withHeader(text)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...NAMES), fc.nat(50), (content, name, more) => {
        writeFileSync(file, content);
        const found = readInspection({ file, name, size: content.byteLength + more });
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });
});
