import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { never } from '../fetch/opened.ts';
import { serve } from './loopback-server.ts';
import { failureOf, source } from './opened.ts';

const A = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const B = 'T27q-dRR1hKStiWLLCu_bCJe0R2_KBqg_xf5t0xXX4c';

const one = (file: unknown) => ({ files: [{ path: 'ok', blobId: B }, file] });

describe('a fetched manifest is refused', () => {
  it.each([
    [
      'a Blob ID with padding',
      one({ path: 'x', blobId: `${A}=` }),
      'foreign-id',
      [A, 'files[1].blobId'],
    ],
    [
      'stray bits in a Blob ID',
      one({ path: 'x', blobId: `${A.slice(0, -1)}9` }),
      'foreign-id',
      [A],
    ],
    [
      'standard base64',
      one({ path: 'x', blobId: A.replace('_', '/') }),
      'foreign-id',
      ['canonical'],
    ],
    ['a CID', one({ path: 'x', blobId: `Qm${'a'.repeat(44)}` }), 'foreign-id', ['files[1].blobId']],
    ['no Blob ID', one({ path: 'x' }), 'bad-manifest', ['files[1].blobId']],
    ['no path', one({ blobId: A }), 'bad-manifest', ['files[1].path']],
    ['a path twice', one({ path: 'ok', blobId: A }), 'bad-manifest', ['files[1].path', 'files[0]']],
    ['an escaping path', one({ path: '../x', blobId: A }), 'bad-manifest', ['files[1].path']],
    ['a back-slashed escape', one({ path: 'a\\..\\x', blobId: A }), 'bad-manifest', ['path']],
    ['an absolute path', one({ path: '/etc/passwd', blobId: A }), 'bad-manifest', ['absolute']],
    ['an empty path', one({ path: '', blobId: A }), 'bad-manifest', ['empty']],
    ['a path that is no text', one({ path: 7, blobId: A }), 'bad-manifest', ['files[1].path']],
    [
      'a size that is none',
      one({ path: 'x', blobId: A, size: -1 }),
      'bad-manifest',
      ['files[1].size'],
    ],
    ['a file that is no object', one(A), 'bad-manifest', ['files[1]']],
    ['files and absence at once', { files: [], absent: true }, 'bad-manifest', ['at once']],
    ['no files', { files: [] }, 'no-files', ['"absent": true']],
    ['files that are no list', { files: { a: A } }, 'unknown-shape', ['expected']],
    ['an absence that is not true', { absent: 'yes' }, 'unknown-shape', ['expected']],
    ['a bare list', [{ path: 'x', blobId: A }], 'unknown-shape', ['expected']],
  ] as [string, unknown, string, string[]][])('for %s', async (_name, body, code, words) => {
    const server = await serve(() => ({ body }));
    const { read } = source({ kind: 'manifest', url: `${server.origin}/m.json` });
    const error = await failureOf(read(never()));
    expect(error.code).toBe(code);
    for (const word of words) expect(error.message).toContain(word);
    expect(error.raw?.body).toBe(JSON.stringify(body));
  });
});

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
