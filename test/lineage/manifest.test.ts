import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manifestFiles, pathProblem } from '../../src/contract/manifest.ts';
import { artifactIdOf, inOrder, type ManifestFile } from '../../src/lineage/manifest.ts';
import { blobIdProblem, canonicalBlobId, isBlobId } from '../../src/walrus/blob-id.ts';

const ETH = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const SUI = 'T27q-dRR1hKStiWLLCu_bCJe0R2_KBqg_xf5t0xXX4c';

function file(path: string, blobId = ETH, size: number | null = null): ManifestFile {
  return { path, blobId, size };
}

describe('an artifact id', () => {
  test('is the SHA-256 of the canonical JSON, written out here by hand', () => {
    const json = `{"files":[{"blobId":"${SUI}","path":"config.json"},{"blobId":"${ETH}","path":"model.onnx"}]}`;
    const expected = `sha256:${createHash('sha256').update(json).digest('hex')}`;
    expect(artifactIdOf([file('model.onnx'), file('config.json', SUI)])).toBe(expected);
  });

  test('writes what RFC 8785 escapes as RFC 8785 escapes it', () => {
    const json = `{"files":[{"blobId":"${ETH}","path":"€$ \\"ö\\" 😂/é"}]}`;
    const expected = `sha256:${createHash('sha256').update(json).digest('hex')}`;
    expect(artifactIdOf([file('€$ "ö" 😂/é')])).toBe(expected);
  });

  const files = fc.uniqueArray(
    fc.record({
      path: fc.string({ minLength: 1, unit: 'grapheme' }),
      blobId: fc.constantFrom(ETH, SUI),
      size: fc.option(fc.nat()),
    }),
    { selector: ({ path }) => path },
  );

  test('does not depend on the order or the sizes in which a source tells the files', () => {
    fc.assert(
      fc.property(files, (told) => {
        const otherwise = told.toReversed().map((one) => ({ ...one, size: (one.size ?? 0) + 1 }));
        expect(artifactIdOf(otherwise)).toBe(artifactIdOf(told));
      }),
    );
  });

  test('changes with any path and any blob', () => {
    const id = artifactIdOf([file('a'), file('b')]);
    expect(artifactIdOf([file('a'), file('c')])).not.toBe(id);
    expect(artifactIdOf([file('a'), file('b', SUI)])).not.toBe(id);
    expect(artifactIdOf([file('a')])).not.toBe(id);
  });

  test('takes files in the order of UTF-16 code units, where an emoji comes before U+FB33', () => {
    const paths = ['\ufb33', '😂', 'ö', 'b', 'B', 'a/b', 'a-b'];
    const ordered = ['B', 'a-b', 'a/b', 'b', 'ö', '😂', '\ufb33'];
    expect(inOrder(paths.map((path) => file(path))).map(({ path }) => path)).toEqual(ordered);
  });
});

describe('a path in a manifest', () => {
  test.each(['model.onnx', 'a/b/c.bin', '.hidden', 'a/..b', '...', 'C:model', 'ö/😂', 'a b'])(
    'may be %j',
    (path) => {
      expect(pathProblem(path)).toBeNull();
    },
  );

  test.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['\\share', 'is absolute'],
    ['C:\\model', 'is absolute'],
    ['c:/model', 'is absolute'],
    ['..', "'.' or '..' segment"],
    ['a/../../b', "'.' or '..' segment"],
    ['a\\..\\b', "'.' or '..' segment"],
    ['./a', "'.' or '..' segment"],
    ['a/.', "'.' or '..' segment"],
    ['a//b', 'empty segment'],
    ['a/', 'empty segment'],
    ['a\u0000b', 'control character'],
    ['a\nb', 'control character'],
    ['a\ud800', 'lone surrogate'],
    ['a'.repeat(1025), 'longer than 1024'],
  ])('may not be %j', (path, problem) => {
    expect(pathProblem(path)).toContain(problem);
  });

  test('occurs once; the error names both places', () => {
    const told = [
      { path: 'a', blobId: ETH },
      { path: 'b', blobId: ETH },
      { path: 'a', blobId: SUI },
    ];
    const answer = manifestFiles.safeParse(told);
    expect(answer.error?.issues).toMatchObject([
      { path: [2, 'path'], message: '"a" is also the path of files[0]' },
    ]);
  });

  test('stands in a list of one file or more, where a size may be left out', () => {
    expect(manifestFiles.safeParse([]).success).toBe(false);
    expect(manifestFiles.parse([{ path: 'a', blobId: ETH }])).toEqual([file('a')]);
    expect(manifestFiles.safeParse([{ path: 'a', blobId: ETH, size: -1 }]).success).toBe(false);
    expect(manifestFiles.safeParse([{ path: 'a', blobId: ETH, sha: '' }]).success).toBe(false);
  });
});

describe('the text of a Blob ID', () => {
  const vectors = new URL('../vectors/opengradient/model-hub.json', import.meta.url);
  const hub = JSON.parse(readFileSync(vectors, 'utf8')) as {
    id_vectors: { blob_id: string; hex32: string; u256_le_decimal: string }[];
    id_negative: { v: string; why: string }[];
  };

  test.each(hub.id_vectors)('$blob_id is canonical, and its u256 leads back to it', (vector) => {
    expect(isBlobId(vector.blob_id)).toBe(true);
    expect(blobIdProblem(vector.blob_id)).toBeNull();
    expect(Buffer.from(vector.blob_id, 'base64url').toString('hex')).toBe(vector.hex32);
    expect(canonicalBlobId(vector.u256_le_decimal)).toBe(vector.blob_id);
  });

  test.each(hub.id_negative)('$v is refused: $why', ({ v }) => {
    expect(isBlobId(v)).toBe(false);
    expect(blobIdProblem(v)).not.toBeNull();
  });

  test.each(['padding', 'non-canonical trailing bits', 'standard base64 alphabet', 'whitespace'])(
    'with %s is refused with its canonical form named',
    (why) => {
      const { v } = hub.id_negative.find((negative) => negative.why === why)!;
      expect(blobIdProblem(v)).toBe(`not in canonical form; the canonical form is ${ETH}`);
    },
  );

  test('is canonical exactly where decoding and encoding again gives the same text', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'AEIMQabcxyz0489-_'),
      minLength: 43,
      maxLength: 43,
    });
    fc.assert(
      fc.property(text, (id) => {
        expect(isBlobId(id)).toBe(Buffer.from(id, 'base64url').toString('base64url') === id);
      }),
    );
  });

  test('beyond 256 bits names nothing', () => {
    expect(canonicalBlobId((2n ** 256n - 1n).toString())).toBe('_'.repeat(42).concat('8'));
    expect(canonicalBlobId((2n ** 256n).toString())).toBeNull();
  });
});
