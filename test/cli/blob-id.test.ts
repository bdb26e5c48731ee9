import { spawnSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EncodingProgress } from '../../src/cli/encoding-progress.ts';
import { createEncoderPool } from '../../src/walrus/encoder/encoder-pool.ts';
import { BIN, folder, run, start } from './underlabel.ts';

const small = Buffer.of(42);
// The most that 10 shards can hold, so that what comes after it is ready first.
const large = Buffer.alloc(1_800_000, 'large');
const QUICK = ['--n-shards', '10'];

async function ids(...blobs: Uint8Array[]): Promise<string[]> {
  const pool = createEncoderPool({ size: 1 });
  const found = await Promise.all(blobs.map((bytes) => pool.blobIdOf(bytes, { nShards: 10 })));
  await pool.close();
  return found;
}

async function files(): Promise<string> {
  const cwd = await folder();
  await writeFile(join(cwd, 'large'), large);
  await writeFile(join(cwd, 'small'), small);
  await writeFile(join(cwd, 'empty'), '');
  return cwd;
}

describe('blob-id', () => {
  it('prints in the order given, a file that was named twice too', async () => {
    const cwd = await files();
    const args = ['blob-id', 'large', 'small', './empty', 'small', ...QUICK];
    const { code, out, err } = await start(args, { cwd }).ended;
    const [ofLarge, ofSmall, ofEmpty] = await ids(large, small, Buffer.of());
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      `${ofLarge}  large`,
      `${ofSmall}  small`,
      `${ofEmpty}  ./empty`,
      `${ofSmall}  small`,
      '',
    ]);
  });

  it('goes on after what has none, says why of each, and ends with 2', async () => {
    const cwd = await files();
    await mkdir(join(cwd, 'folder'));
    await writeFile(join(cwd, 'huge'), '');
    await truncate(join(cwd, 'huge'), 2 ** 31);
    const args = ['blob-id', 'gone', 'folder', 'huge', '-', 'small', ...QUICK];
    const { code, out, err } = await run(args, { cwd });
    expect(code).toBe(2);
    expect(out).toBe(`${(await ids(small))[0]}  small\n`);
    expect(err.split('\n')).toEqual([
      "underlabel: gone has no Blob ID here: it can't be opened (ENOENT). Check the path.",
      'underlabel: folder has no Blob ID here: it is a folder. Give the files in it.',
      'underlabel: huge has no Blob ID here: there are 2147483648 bytes and the encoder ends at 1834952 for 10 shards. Compute it with the Walrus command line.',
      'underlabel: - has no Blob ID here: standard input is not read. Save it to a file first; a file of that name is ./-.',
      '',
    ]);
  });

  it('prints one line of JSON with --json, of what has an ID', async () => {
    const cwd = await files();
    const { code, out, err } = await run(['blob-id', 'small', 'gone', '--json', ...QUICK], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual([{ blobId: (await ids(small))[0], file: 'small' }]);
    expect(err).toContain('gone has no Blob ID here');
  });

  it('refuses numbers of shards that the encoder would trip over', async () => {
    const cwd = await files();
    const ends = await Promise.all(
      ['3', '65537', 'ten'].map((n) => run(['blob-id', 'small', '--n-shards', n], { cwd })),
    );
    for (const { code, out, err } of ends) {
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('Expected a whole number from 4 to 4000.');
    }
  });

  // `script` (util-linux) runs a command on a terminal of its own.
  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'shows how far it is on a terminal only, and takes that away',
    async () => {
      const cwd = await files();
      const command = `'${process.execPath}' '${BIN}' blob-id small`;
      const env = { ...process.env, NODE_OPTIONS: '', INIT_CWD: '' };
      const terminal = spawnSync('script', ['-qec', command, '/dev/null'], { cwd, env });
      const shown = String(terminal.stdout);
      expect(shown).toMatch(/small: \d+ (ms|s), /);
      const line = '0niAAmr9-Q_YFFeP-P6wFZtbwUhk-b7hPwAfCPvW2VE  small';
      expect(shown).toContain(`\r\x1b[K${line}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what erases the line on a terminal
      expect(shown.split(line)[1]).toMatch(/^\r\n(\r\x1b\[K)*$/);
    },
  );
});

describe('the line of progress', () => {
  it('tells of the file that runs longest, with an estimate from its size', () => {
    const encoding = new EncodingProgress(3, 1000);
    expect(encoding.line(0)).toBeNull();
    encoding.began('a.bin', 1e9, 0);
    encoding.began('b.bin', 1e6, 1000);
    expect(encoding.line(12_000)).toBe(
      'a.bin: 12 s, roughly 58 s in all; 1 more beside it; 0 of 3 done',
    );
    expect(encoding.line(70_000)).toContain('a.bin: 70 s, longer than reckoned');
  });

  it('learns from what was done how slow this machine is', () => {
    const encoding = new EncodingProgress(2, 1000);
    encoding.began('a.bin', 1e8, 0);
    encoding.ended('a.bin', 13_600); // 6.8 s were reckoned
    encoding.began('b.bin', 1e9, 13_600);
    expect(encoding.line(14_600)).toBe('b.bin: 1 s, roughly 116 s in all; 1 of 2 done');
  });
});
