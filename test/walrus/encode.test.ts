import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobIdOf, MAX_ENCODABLE_BYTES } from '../../src/walrus/encode.ts';

interface Vector {
  bytes: { kind: 'fill'; n: number; v: number } | { kind: 'tb'; n: number; s: number };
  blobId: string;
}

const root = join(import.meta.dirname, '../..');
const vectors = JSON.parse(readFileSync(join(root, 'test/vectors/blob-id.json'), 'utf8'));

function bytesOf({ bytes }: Vector): Uint8Array {
  if (bytes.kind === 'fill') return new Uint8Array(bytes.n).fill(bytes.v);
  return Uint8Array.from({ length: bytes.n }, (_, i) => (i + bytes.s) % 256);
}

describe('the Blob ID of bytes', () => {
  it.each(vectors.cases as Vector[])('is what Walrus gives for $bytes', async (vector) => {
    expect(await blobIdOf(bytesOf(vector), { nShards: vectors.nShards })).toBe(vector.blobId);
  });

  it('depends on the number of shards, 1000 unless said otherwise', async () => {
    const bytes = new Uint8Array(1).fill(42);
    expect(await blobIdOf(bytes, { nShards: 10 })).not.toBe(vectors.cases[1].blobId);
  });

  it('is that of the view, not of the buffer under it', async () => {
    const view = new Uint8Array(64).fill(42).subarray(5, 6);
    const [ofView, ofBytes] = await Promise.all([
      blobIdOf(view, { nShards: 10 }),
      blobIdOf(Uint8Array.of(42), { nShards: 10 }),
    ]);
    expect(ofView).toBe(ofBytes);
    expect(view.byteLength).toBe(1);
  });

  it('is refused before any work where the bytes are too many for the encoder', async () => {
    const bytes = new Uint8Array(MAX_ENCODABLE_BYTES + 1);
    await expect(blobIdOf(bytes)).rejects.toMatchObject({
      name: 'EncodeError',
      code: 'too-large',
      message: expect.stringContaining('2147483648 bytes'),
    });
  });

  it('says so where the encoder fails, and is right again afterwards', async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const before = await blobIdOf(bytes, { nShards: 10 });
    await expect(blobIdOf(bytes, { nShards: 0 })).rejects.toMatchObject({
      code: 'encoder',
      message: expect.stringContaining('n_shards must be greater than 0'),
    });
    expect(await blobIdOf(bytes, { nShards: 10 })).toBe(before);
  });

  it('can be given up while it runs and while it waits; those after it still get theirs', async () => {
    const [running, waiting] = [new AbortController(), new AbortController()];
    const bytes = Uint8Array.of(7);
    const first = blobIdOf(bytes, { signal: running.signal });
    const second = blobIdOf(bytes, { signal: waiting.signal });
    const third = blobIdOf(bytes, { nShards: 10 });
    waiting.abort(new Error('not wanted'));
    await expect(second).rejects.toThrow('not wanted');
    running.abort(new Error('no time'));
    await expect(first).rejects.toThrow('no time');
    expect(await third).toHaveLength(43);
  });

  it('does not keep a process alive once it is there, and works compiled', () => {
    const program = `
      import { blobIdOf } from './dist/walrus/encode.js';
      console.log(await blobIdOf(new Uint8Array(0), { nShards: 10 }));
    `;
    const args = ['--input-type=module', '--eval', program];
    const { stdout, status } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      timeout: 25_000,
    });
    expect({ status, lines: stdout.trim().split('\n') }).toEqual({
      status: 0,
      lines: [expect.stringMatching(/^[\w-]{43}$/)],
    });
  });
});
