import { describe, expect, it } from 'vitest';
import { artifactDiffPage } from '../../src/cli/artifact-diff-page.ts';
import { widthOf } from '../../src/cli/width.ts';
import type { ArtifactDiff, ChangedFile, Shapes } from '../../src/contract/artifact-diff.ts';
import { artifactDiff } from '../../src/contract/artifact-diff.ts';

const blob = (n: number) => Buffer.alloc(32, n).toString('base64url');
const none = { count: 0, items: [] };
const noShapes: Shapes = { added: none, removed: none, changed: none, unchanged: 0 };
const float = (shape: Shapes['added']['items'][number]['shape']) => ({
  dtype: 'FLOAT',
  shape,
  kept: null,
});

const ONNX: ChangedFile = {
  path: 'model.onnx',
  finding: 'model',
  words: '1 initializer added, other counts of 1 operator',
  before: {
    ...{ blobId: blob(1), size: 1_234_567, format: 'onnx', basis: 'verified' },
    ...{ tensors: 2, parameters: 1_000_000, problem: null },
  },
  after: {
    ...{ blobId: blob(2), size: null, format: 'onnx', basis: 'unverified' },
    ...{ tensors: 3, parameters: 1, problem: null },
  },
  inside: {
    facts: { count: 1, items: [{ name: 'IR version', before: '8', after: null }] },
    tensors: {
      added: { count: 1, items: [{ name: 'w', ...float([3, 'n', null]) }] },
      removed: {
        count: 20,
        items: Array.from({ length: 9 }, (_, i) => ({ name: `r${i}`, ...float(null) })),
      },
      changed: {
        count: 1,
        items: [
          {
            name: 'b',
            what: ['kept'],
            before: float([4]),
            after: { ...float([4]), kept: 'external' },
          },
        ],
      },
      unchanged: 0,
    },
    inputs: noShapes,
    outputs: noShapes,
    operators: { count: 1, items: [{ name: 'Relu', before: 0, after: 1200 }] },
    metadata: { count: 1, items: [{ name: 'note', before: null, after: 'long '.repeat(100) }] },
  },
};

const DIFF: ArtifactDiff = {
  summary: '2 files changed, 1 added, 1 removed, 30 renamed, 4 unchanged.',
  identical: false,
  before: { artifactId: `sha256:${'a'.repeat(64)}`, files: 7, knownBytes: 1500, unknownSizes: 0 },
  after: { artifactId: `sha256:${'b'.repeat(64)}`, files: 7, knownBytes: 1500, unknownSizes: 2 },
  unchanged: 4,
  added: { count: 1, items: [{ path: 'new', blobId: blob(3), size: 1, sameBlobAt: 'model.onnx' }] },
  removed: { count: 1, items: [{ path: 'old', blobId: blob(4), size: null, sameBlobAt: null }] },
  renamed: {
    count: 30,
    items: Array.from({ length: 30 }, (_, i) => ({
      ...{ from: `a${i}`, to: `b${i}`, blobId: blob(5), size: 10 },
    })),
  },
  changed: { count: 1, items: [ONNX] },
  notes: ['Unverified: an aggregator served these bytes.'],
};

describe('two artifacts on the page', () => {
  const lines = artifactDiffPage(artifactDiff.parse(DIFF));

  it('begin with the sentence that sums them up', () => {
    expect(lines[0]).toBe(DIFF.summary);
  });

  it('never count an unknown size as nothing', () => {
    expect(lines).toContain('before  sha256:aaaaaaaaaaaa  7 files, 1,500 bytes');
    expect(lines).toContain(
      'after   sha256:bbbbbbbbbbbb  7 files, at least 1,500 bytes (2 sizes unknown)',
    );
    const unknown = { ...DIFF.after, knownBytes: 0, unknownSizes: 7 };
    expect(artifactDiffPage({ ...DIFF, after: unknown })).toContain(
      'after   sha256:bbbbbbbbbbbb  7 files, sizes unknown',
    );
  });

  it('mark what came, went, changed and moved with a sign and a word', () => {
    expect(lines).toContain('~ changed  model.onnx');
    expect(lines).toContain('+ added    new');
    expect(lines).toContain('- removed  old');
    expect(lines).toContain('> renamed  a0 -> b0');
  });

  it('say on what bytes each side rests', () => {
    const text = lines.map((line) => line.trim()).join(' ');
    expect(text).toContain(
      `before  ${blob(1)}, 1,234,567 bytes, ONNX, 2 initializers, 1,000,000 parameters, verified bytes`,
    );
    expect(text).toContain('size unknown, ONNX, 3 initializers, 1 parameter, unverified bytes');
  });

  it('say what differs inside', () => {
    expect(lines).toContain('    + added    initializer w  FLOAT[3, n, ?]');
    expect(lines).toContain('    - removed  initializer r0  FLOAT');
    expect(lines).toContain('    ~ changed  initializer b  FLOAT[4] -> FLOAT[4] (external)');
    expect(lines).toContain('    ~ changed  operator Relu  0 -> 1,200 nodes');
    expect(lines).toContain('    ~ changed  IR version  "8" -> (none)');
  });

  it('count what is not shown, and say where more of it is', () => {
    expect(lines).toContain('      and 12 more removed: some with --json');
    expect(lines).toContain('  and 10 more renamed: all with --json');
  });

  it('end with what a reader must know', () => {
    expect(lines.slice(-2)).toEqual(['notes', '- Unverified: an aggregator served these bytes.']);
  });

  it('say nothing more where both are the same', () => {
    const same = { ...DIFF, changed: none, added: none, removed: none, renamed: none, notes: [] };
    expect(artifactDiffPage(same)).toHaveLength(4);
  });
});

describe('two artifacts with hostile names on the page', () => {
  const evil = '\x1b[31m\u202e\n# ok \ud800'.padEnd(900, 'ab 漢');
  const shapes: Shapes = {
    added: { count: 1, items: [{ name: evil, dtype: evil, shape: [evil], kept: null }] },
    removed: none,
    changed: none,
    unchanged: 0,
  };
  const text = { count: 1, items: [{ name: evil, before: evil, after: evil }] };
  const diff: ArtifactDiff = {
    ...DIFF,
    summary: evil,
    notes: [evil],
    added: { count: 1, items: [{ path: evil, blobId: blob(1), size: 1, sameBlobAt: evil }] },
    renamed: { count: 1, items: [{ from: evil, to: evil, blobId: blob(1), size: 1 }] },
    changed: {
      count: 1,
      items: [
        {
          ...ONNX,
          path: evil,
          words: evil,
          before: { ...ONNX.before, problem: evil },
          inside: {
            ...{ facts: text, metadata: text, tensors: shapes, inputs: shapes, outputs: shapes },
            operators: { count: 1, items: [{ name: evil, before: 1, after: 2 }] },
          },
        },
      ],
    },
  };
  const lines = artifactDiffPage(diff);

  it('show nothing that can not be seen', () => {
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it('stay within 80 columns', () => {
    expect(Math.max(...[...lines, ...artifactDiffPage(DIFF)].map(widthOf))).toBeLessThanOrEqual(80);
  });
});
