import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { never } from '../fetch/opened.ts';
import { failureOf, source } from './opened.ts';

const A = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';

describe('a manifest in a file', () => {
  const manifest = JSON.stringify({ files: [{ path: 'x', blobId: A }] });

  async function folders() {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'underlabel-')));
    onTestFinished(() => rm(root, { recursive: true }));
    const allowed = join(root, 'allowed');
    await mkdir(join(allowed, 'deep'), { recursive: true });
    await mkdir(join(root, 'allowed-not'));
    return { root, allowed };
  }

  const reading = (path: string, allowFiles: string | null) =>
    source({ kind: 'manifest', url: pathToFileURL(path).href }, {}, allowFiles).read(never());

  it('is read inside the allowed folder, through links that stay inside it', async () => {
    const { root, allowed } = await folders();
    await writeFile(join(allowed, 'deep/m.json'), manifest);
    await symlink('deep/m.json', join(allowed, 'link.json'));
    await symlink(allowed, join(root, 'way-in'));
    for (const path of ['deep/m.json', 'link.json']) {
      const answer = await reading(join(allowed, path), join(root, 'way-in'));
      expect(answer.files).toEqual([{ path: 'x', blobId: A, size: null }]);
      expect(answer.seenSince).toBeNull();
      expect(answer.raw?.body).toBe(manifest);
    }
  });

  it('can say absent, and a missing file does not', async () => {
    const { allowed } = await folders();
    await writeFile(join(allowed, 'm.json'), '{"absent": true}');
    expect((await reading(join(allowed, 'm.json'), allowed)).files).toBeNull();
    const error = await failureOf(reading(join(allowed, 'none.json'), allowed));
    expect(error.code).toBe('file');
    expect(error.message).toContain('ENOENT');
  });

  it('is refused where no folder is allowed', async () => {
    const { allowed } = await folders();
    await writeFile(join(allowed, 'm.json'), manifest);
    const error = await failureOf(reading(join(allowed, 'm.json'), null));
    expect(error.code).toBe('file');
    expect(error.message).toContain('UNDERLABEL_ALLOW_FILES');
  });

  it('is refused outside, however it is reached', async () => {
    const { root, allowed } = await folders();
    await writeFile(join(root, 'secret.json'), manifest);
    await writeFile(join(root, 'allowed-not/m.json'), manifest);
    await symlink(join(root, 'secret.json'), join(allowed, 'link.json'));
    await symlink(root, join(allowed, 'up'));
    const paths = ['../secret.json', 'link.json', 'up/secret.json', '../allowed-not/m.json', '.'];
    for (const path of paths) {
      const error = await failureOf(reading(join(allowed, path), allowed));
      expect(error.code).toBe('file');
      expect(error.raw).toBeNull();
    }
    const slashed = `${pathToFileURL(allowed).href}/..%2fsecret.json`;
    const elsewhere = `file://elsewhere.example${allowed}/m.json`;
    for (const url of [slashed, elsewhere]) {
      const { read } = source({ kind: 'manifest', url }, {}, allowed);
      expect((await failureOf(read(never()))).code).toBe('file');
    }
  });

  it('is refused where it is a folder or a pipe', async () => {
    const { allowed } = await folders();
    spawnSync('mkfifo', [join(allowed, 'pipe')]);
    for (const path of ['deep', 'pipe']) {
      expect((await failureOf(reading(join(allowed, path), allowed))).code).toBe('file');
    }
  });

  it('is refused past the cap', async () => {
    const { allowed } = await folders();
    await writeFile(join(allowed, 'm.json'), manifest);
    await truncate(join(allowed, 'm.json'), 4 * 1024 * 1024 + 1);
    const error = await failureOf(reading(join(allowed, 'm.json'), allowed));
    expect(error.code).toBe('too-large');
  });
});
