import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'underlabel-test-'));
});
afterEach(() => rm(temporary, { recursive: true }));

function start(...args: string[]) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['dist/bin.js', 'demo', ...args], {
    cwd: root,
    env: { PATH, NODE_COMPILE_CACHE, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, exited };
}

async function demo(...args: string[]) {
  const { child, exited } = start(...args);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  return { stdout, stderr, code };
}

/** Line breaks are where the width puts them; the story is the same without. */
const flat = (story: string) => story.replace(/\s+/g, ' ');

describe('underlabel demo', { timeout: 60_000 }, () => {
  it('tells of a label that moves without a word, and leaves nothing behind', async () => {
    const { stdout, stderr, code } = await demo('--exit');
    expect({ code, stderr: code === 0 ? '' : stderr + stdout }).toEqual({ code: 0, stderr: '' });
    const told = [
      'stand-ins that run in this process',
      'bytes verified, from http://127.0.0.1',
      'chain certified in epoch 10',
      'at first provisional: 1.02',
      'traces bracketed: 1.02',
      'Wednesday: the hub moves',
      'conflict yes',
      'moved 1.02',
      'ambiguous: 1.02 (',
      'declared: 1.03',
      'conflict no longer',
      'traces bracketed: 1.03',
      'What changed inside',
      'bytes verified, from http://127.0.0.1',
      'tensor night, F64 [1]: gone',
      'metadata release: 1.02 → 1.03',
      'verdict changed',
      'decisions 7 of 24 flipped',
      'between these artifacts',
    ];
    let rest = flat(stdout);
    for (const phrase of told) {
      expect(rest).toContain(phrase);
      rest = rest.slice(rest.indexOf(phrase));
    }
    const widths = stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('finds that nothing changed where the hub never moves', async () => {
    const { stdout, code } = await demo('--exit', '--no-move');
    expect(code).toBe(2);
    expect(flat(stdout)).toContain('verdict identical');
    expect(flat(stdout)).toContain('Nothing changed');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('leaves nothing behind when it is stopped in the middle', async () => {
    const { child, exited } = start();
    let stdout = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      stdout += chunk;
      // Once: a second signal would end it the hard way.
      if (!child.killed && stdout.includes('Tuesday\n')) child.kill('SIGTERM');
    }
    expect([await exited, stdout]).toEqual([1, expect.stringContaining('Stopped before the end')]);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('starts only in a folder of its own', async () => {
    const { stdout, code } = await demo('--exit', '--keep', root);
    expect(code).toBe(1);
    expect(flat(stdout)).toContain('is not empty');
  });
});
