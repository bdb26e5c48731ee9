import { spawnSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf } from '../../src/walrus/encoder/encoder-file.ts';
import { createEncoderPool } from '../../src/walrus/encoder/encoder-pool.ts';
import { temporaryFolder } from './temporary-folder.ts';

const nShards = 10;

function pool() {
  const created = createEncoderPool({ size: 1 });
  onTestFinished(() => created.close());
  return created;
}

async function sparse(bytes: number): Promise<string> {
  const file = join(await temporaryFolder(), 'sparse');
  await writeFile(file, '');
  await truncate(file, bytes);
  return file;
}

describe('the Blob ID of a file', () => {
  it('is that of its bytes, empty or not', async () => {
    const encoder = pool();
    const file = join(await temporaryFolder(), 'some');
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(100_000, 'abc')]) {
      await writeFile(file, bytes);
      const ofFile = await encoder.blobIdOf({ file }, { nShards });
      expect(ofFile).toBe(await encoder.blobIdOf(bytes, { nShards }));
    }
  });

  it('is refused from 2 GiB on, with no thread started that could have read it', async () => {
    const encoder = pool();
    const file = await sparse(2 ** 31);
    await expect(encoder.blobIdOf({ file })).rejects.toMatchObject({
      code: 'too-large',
      message: `${file} has no Blob ID here: there are 2147483648 bytes and the encoder ends below 2 GiB. Compute it with the Walrus command line.`,
    });
    expect(encoder.load().threads).toBe(0);
  });

  it('is refused past what so few shards can hold, and had up to there', async () => {
    const encoder = pool();
    const most = 2 * 3 * 65_534; // 4 shards: 2 rows, 3 columns
    const had = await encoder.blobIdOf({ file: await sparse(most) }, { nShards: 4 });
    expect(had).toHaveLength(43);
    await expect(
      encoder.blobIdOf({ file: await sparse(most + 1) }, { nShards: 4 }),
    ).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('the encoder ends at 393204 for 4 shards'),
    });
  });

  it('is refused for what is no file, by the name it was given', async () => {
    const encoder = pool();
    const cwd = await temporaryFolder();
    const pipe = join(cwd, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const refusals = await Promise.all(
      [join(cwd, 'missing'), cwd, pipe].map((file) =>
        encoder.blobIdOf({ file, name: 'mine' }, { nShards }).catch((error) => error),
      ),
    );
    expect(refusals.map(({ code }) => code)).toEqual(Array(3).fill('unreadable'));
    expect(refusals.map(({ message }) => message)).toEqual([
      "mine has no Blob ID here: it can't be opened (ENOENT). Check the path.",
      'mine has no Blob ID here: it is a folder. Give the files in it.',
      'mine has no Blob ID here: it is not a file. Copy its bytes to a file first.',
    ]);
    expect(encoder.load().threads).toBe(0);
  });
});

describe('a file that is not as long as memory was set aside for', () => {
  it('is refused where it became longer or shorter', async () => {
    const file = await sparse(20);
    expect(bytesOf(file, 20, nShards)).toEqual(new Uint8Array(20));
    for (const earlier of [5, 50]) {
      expect(bytesOf(file, earlier, nShards)).toMatchObject({
        code: 'changed',
        problem: `it went from ${earlier} to 20 bytes`,
      });
    }
  });

  it('is refused as too large where it grew past what the encoder takes', async () => {
    expect(bytesOf(await sparse(2 ** 31), 5, 1000)).toMatchObject({ code: 'too-large' });
  });

  it('is refused without waiting where a pipe or nothing took its place', async () => {
    const pipe = join(await temporaryFolder(), 'pipe');
    expect(bytesOf(pipe, 5, nShards)).toMatchObject({
      code: 'unreadable',
      problem: "it can't be opened (ENOENT)",
    });
    spawnSync('mkfifo', [pipe]);
    expect(bytesOf(pipe, 5, nShards)).toMatchObject({
      code: 'unreadable',
      problem: 'it is not a file',
    });
  });
});
