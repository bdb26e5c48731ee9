import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobIdOf, MAX_ENCODABLE_BYTES } from '../../src/walrus/encoder/encode.ts';
import { temporaryFolder } from './temporary-folder.ts';

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
  // Every one costs a second or more: here and there as a file, which must make no difference.
  it.each((vectors.cases as Vector[]).map((vector, i) => ({ ...vector, asFile: i % 2 === 1 })))(
    'is what Walrus gives for $bytes (as a file: $asFile)',
    async ({ asFile, ...vector }) => {
      const file = join(await temporaryFolder(), 'blob');
      if (asFile) await writeFile(file, bytesOf(vector));
      const source = asFile ? { file } : bytesOf(vector);
      expect(await blobIdOf(source, { nShards: vectors.nShards })).toBe(vector.blobId);
    },
  );

  it('depends on the number of shards', async () => {
    const bytes = new Uint8Array(1).fill(42);
    const [ten, eleven] = [
      await blobIdOf(bytes, { nShards: 10 }),
      await blobIdOf(bytes, { nShards: 11 }),
    ];
    expect(new Set([ten, eleven, vectors.cases[1].blobId]).size).toBe(3);
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
      message: expect.stringContaining('2147483648 bytes have no Blob ID here'),
    });
  });

  it('does not keep a process alive once it is there, and works compiled', () => {
    const program = `
      import { blobIdOf } from './dist/walrus/encoder/encode.js';
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
