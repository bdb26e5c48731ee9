import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { answering, problem } from './answering.ts';
import { folder, run, service } from './underlabel.ts';

async function withLabel() {
  const stand = await service();
  const answer = await fetch(`${stand.url}/api/v1/labels/og%2Frisk`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ source: { kind: 'push' } }),
  });
  expect(answer.status).toBe(201);
  return stand;
}

describe('backup', () => {
  it('writes a whole copy, for this user alone, and says how to restore it', async () => {
    const { cwd, alone } = await withLabel();
    const { code, out, err } = await alone(['backup', 'copy.db']);
    expect([code, err]).toEqual([0, '']);
    const file = join(cwd, 'copy.db');
    const bytes = await readFile(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(out).toContain(`wrote ${file}: ${bytes.length} bytes, SHA-256 ${sha256}\n`);
    expect(out).toContain('to restore it: stop the service');
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const restored = await folder();
    await writeFile(join(restored, 'underlabel.db'), bytes);
    const store = openSqliteStore(restored);
    onTestFinished(() => store.close());
    expect(await store.labelNames()).toEqual(['og/risk']);
  });

  it('put back is seen to be a copy: the label says from when to when nothing is known', async () => {
    const { cwd, underlabel } = await withLabel();
    await underlabel(['backup', 'copy.db']);
    const dataFolder = await folder();
    await copyFile(join(cwd, 'copy.db'), join(dataFolder, 'underlabel.db'));
    const restored = await service({ dataFolder });
    const { code, out } = await restored.underlabel(['label', 'show', 'og/risk']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /nothing is known, oldest first\n {2}between \S+ \S+ UTC and .*: an older copy of the database was restored\n$/,
    );
    const before = await underlabel(['label', 'show', 'og/risk']);
    expect(before.out).not.toContain('nothing is known');
  });

  it('says what it wrote as JSON', async () => {
    const { cwd, underlabel } = await withLabel();
    const { code, out } = await underlabel(['backup', 'copy.db', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      file: join(cwd, 'copy.db'),
      bytes: (await stat(join(cwd, 'copy.db'))).size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('replaces a file only where that is asked for', async () => {
    const { cwd, underlabel } = await withLabel();
    const file = join(cwd, 'copy.db');
    await writeFile(file, 'precious');
    const refused = await underlabel(['backup', 'copy.db']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('copy.db is there already, so nothing was written.');
    expect(await readFile(file, 'utf8')).toBe('precious');
    // What an earlier one left that was ended while it wrote is in nobody's way.
    await writeFile(`${file}.unfinished`, 'half');
    expect((await underlabel(['backup', 'copy.db', '--force'])).code).toBe(0);
    expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3');
    expect(existsSync(`${file}.unfinished`)).toBe(false);
  });

  it('that can not be written is no backup', async () => {
    const { cwd, underlabel } = await withLabel();
    const missing = await underlabel(['backup', 'nowhere/copy.db']);
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(
      /nowhere\/copy\.db can't be written \(ENOENT\), so there is no backup/,
    );
    await mkdir(join(cwd, 'taken'));
    const taken = await underlabel(['backup', 'taken', '--force']);
    expect(taken.code).toBe(2);
    expect(taken.err).not.toContain('    at ');
    expect(await readdir(cwd)).not.toContain('taken.unfinished');
  });

  const body = Buffer.from('SQLite format 3, and then some');
  const digest = (of: string | Uint8Array) =>
    `sha-256=:${createHash('sha256').update(of).digest('base64')}:`;
  const length = String(body.length);
  const sent =
    (headers: Record<string, string>): RequestListener =>
    (_, answer) =>
      void answer.writeHead(200, headers).end(body);
  const lies: [string, RequestListener][] = [
    ['other bytes', sent({ 'content-length': length, 'repr-digest': digest('other') })],
    ['no digest', sent({ 'content-length': length })],
    ['no length', sent({ 'repr-digest': digest(body) })],
    ['a page', sent({ 'content-type': 'text/html', 'content-length': length })],
    [
      'half of it',
      (_, answer) => {
        answer.writeHead(200, { 'content-length': length, 'repr-digest': digest(body) });
        answer.write(body.subarray(0, 10), () => answer.destroy());
      },
    ],
    ['a problem', problem(409, { detail: 'another backup is being taken' })],
  ];
  it.each(lies)('leaves nothing where it is sent %s', async (_, listener) => {
    const url = await answering(listener);
    const cwd = await folder();
    const { code, out, err } = await run(['backup', 'copy.db', '--url', url], { cwd });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('No backup was written.\n');
    expect(err).not.toContain('    at ');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('leaves nothing where nothing answers', async () => {
    const cwd = await folder();
    const { code, err } = await run(['backup', 'copy.db', '--url', 'http://127.0.0.1:1'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("'underlabel serve'");
    expect(await readdir(cwd)).toEqual([]);
  });
});
