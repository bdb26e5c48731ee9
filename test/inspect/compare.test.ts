import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type ArtifactDiff, artifactDiff } from '../../src/contract/artifact-diff.ts';
import { changedBlobs, compareArtifacts, type Look } from '../../src/inspect/compare.ts';
import { artifactIdOf, type ManifestFile } from '../../src/lineage/manifest.ts';
import { inside } from './on-disk.ts';
import {
  FLOAT,
  graph,
  linear,
  message,
  model,
  node,
  nodeWithGraph,
  tensor,
  tensorType,
  value,
} from './onnx-file.ts';
import { safetensorsFile, type Tensor, withHeader } from './safetensors-file.ts';

const blob = (n: number) => Buffer.alloc(32, n).toString('base64url');
const file = (path: string, n: number, size: number | null = 100): ManifestFile => ({
  path,
  blobId: blob(n),
  size,
});
const artifact = (files: ManifestFile[]) => ({ artifactId: artifactIdOf(files), files });
const NOBODY: ReadonlyMap<string, Look> = new Map();

function compare(before: ManifestFile[], after: ManifestFile[], looks = NOBODY): ArtifactDiff {
  return artifactDiff.parse(compareArtifacts(artifact(before), artifact(after), looks));
}

/** One file of this name, with these bytes on either side. */
function compareBytes(
  path: string,
  before: Uint8Array,
  after: Uint8Array,
  bases: ['verified' | 'unverified', 'verified' | 'unverified'] = ['verified', 'verified'],
) {
  const looks = new Map<string, Look>([
    [blob(1), { basis: bases[0], inspection: inside(path, before) }],
    [blob(2), { basis: bases[1], inspection: inside(path, after) }],
  ]);
  const diff = compare(
    [file(path, 1, before.byteLength)],
    [file(path, 2, after.byteLength)],
    looks,
  );
  return { ...diff.changed.items[0]!, summary: diff.summary, notes: diff.notes };
}

describe('the files of two artifacts', () => {
  it('are those that came, went, changed, moved and stayed', () => {
    const diff = compare(
      [file('same', 1), file('changed', 2), file('gone', 3), file('old/name', 4)],
      [file('same', 1), file('changed', 5), file('come', 6), file('new/name', 4)],
    );
    expect(diff).toMatchObject({
      identical: false,
      unchanged: 1,
      added: { count: 1, items: [{ path: 'come' }] },
      removed: { count: 1, items: [{ path: 'gone' }] },
      renamed: { count: 1, items: [{ from: 'old/name', to: 'new/name', blobId: blob(4) }] },
      changed: { count: 1, items: [{ path: 'changed', finding: 'bytes', inside: null }] },
    });
    expect(diff.summary).toBe(
      '1 file changed (changed: other bytes; what differs inside is not known (both sides: it was not looked into)), 1 added, 1 removed, 1 renamed, 1 unchanged.',
    );
  });

  it('are the same in another order and with other sizes', () => {
    const diff = compare([file('a', 1), file('b', 2, null)], [file('b', 2), file('a', 1, 5)]);
    expect(diff).toMatchObject({ identical: true, summary: 'Both hold the same 2 files.' });
  });

  it('pair in order where several share a blob, and what is left over came or went', () => {
    const diff = compare([file('a', 1), file('b', 1)], [file('x', 1), file('y', 1), file('z', 1)]);
    expect(diff.renamed.items.map(({ from, to }) => [from, to])).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    expect(diff.added.items).toEqual([{ ...file('z', 1), sameBlobAt: 'a' }]);
  });

  it('that came as copies say of what', () => {
    const diff = compare([file('m', 1)], [file('m', 2), file('m.old', 1)]);
    expect(diff.added.items).toMatchObject([{ path: 'm.old', sameBlobAt: 'm' }]);
  });

  it('have sums of the sizes that are known, and say how many are not', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const diff = compare(
      [file('a', 1, 5), file('b', 2, null), file('c', 3, 0)],
      [file('a', 1, huge), file('b', 2, huge)],
    );
    expect(diff.before).toMatchObject({ files: 3, knownBytes: 5, unknownSizes: 1 });
    expect(diff.after).toMatchObject({ knownBytes: 2 * huge, unknownSizes: 0 });
  });

  it('name the blobs that are worth looking into', () => {
    const [before, after] = [
      [file('a', 1), file('b', 2)],
      [file('a', 3), file('b', 2)],
    ];
    expect(changedBlobs(before, after)).toEqual([file('a', 1), file('a', 3)]);
  });

  const files = fc.uniqueArray(
    fc.record({
      path: fc.constantFrom('a', 'b', 'c', 'd/e', 'f', 'constructor', '__proto__'),
      blob: fc.integer({ min: 1, max: 4 }),
      size: fc.option(fc.nat(9)),
    }),
    { selector: ({ path }) => path, minLength: 1 },
  );
  const made = (all: { path: string; blob: number; size: number | null }[]) =>
    all.map(({ path, blob: n, size }) => file(path, n, size));

  it('differ in nothing from themselves', () => {
    fc.assert(
      fc.property(files, (all) => {
        expect(compare(made(all), made(all))).toMatchObject({
          identical: true,
          unchanged: all.length,
          changed: { count: 0 },
        });
      }),
    );
  });

  it('are each counted once, and come where they go when the sides are swapped', () => {
    fc.assert(
      fc.property(files, files, (a, b) => {
        const [there, back] = [compare(made(a), made(b)), compare(made(b), made(a))];
        const { unchanged, changed, renamed, added, removed } = there;
        const both = unchanged + changed.count + renamed.count;
        expect(both + removed.count).toBe(a.length);
        expect(both + added.count).toBe(b.length);
        expect(there.identical).toBe(there.before.artifactId === there.after.artifactId);
        expect(back.added).toEqual(removed);
        expect(back.removed).toEqual(added);
        expect(new Set(back.renamed.items.map(({ from, to }) => `${to}→${from}`))).toEqual(
          new Set(renamed.items.map(({ from, to }) => `${from}→${to}`)),
        );
        expect(back.changed.items.map(({ before, after }) => [after, before])).toEqual(
          changed.items.map(({ before, after }) => [before, after]),
        );
      }),
    );
  });
});

describe('a changed safetensors file', () => {
  const weights = (tensors: Record<string, Partial<Tensor>>, metadata: unknown = {}) =>
    safetensorsFile(
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [
          name,
          { dtype: 'F32', shape: [2], ...tensor },
        ]),
      ),
      metadata,
    );
  const compared = (before: Uint8Array, after: Uint8Array) =>
    compareBytes('model.safetensors', before, after);

  it('with the same header has the same structure and other weights', () => {
    const found = compared(weights({ w: { fill: 1 } }), weights({ w: { fill: 2 } }));
    expect(found.finding).toBe('weights');
    expect(found.summary).toBe(
      '1 file changed (model.safetensors: same structure, other weights: only values of its tensors differ), 0 unchanged.',
    );
  });

  it('with the same tensors in a header written otherwise is not said to have other weights', () => {
    const padded = withHeader(
      '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]} }',
      Buffer.alloc(1),
    );
    const tight = withHeader(
      '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      Buffer.alloc(1),
    );
    const found = compared(padded, tight);
    expect(found.finding).toBe('outline');
    expect(found.words).not.toContain('weights');
    expect(found.notes[0]).toMatch(/weights may differ as well/);
  });

  it('tells which tensors came, went and changed their shape or type', () => {
    const found = compared(
      weights({ gone: {}, reshaped: {}, retyped: {}, same: {} }),
      weights({
        come: {},
        reshaped: { shape: [3, 1] },
        retyped: { dtype: 'BF16', width: 2 },
        same: {},
      }),
    );
    expect(found).toMatchObject({
      finding: 'model',
      words: '1 tensor added, 1 tensor removed, 2 tensors changed; 8 parameters before, 9 after',
      inside: {
        tensors: {
          added: { count: 1, items: [{ name: 'come', dtype: 'F32', shape: [2] }] },
          removed: { count: 1, items: [{ name: 'gone' }] },
          changed: {
            count: 2,
            items: [
              {
                name: 'reshaped',
                what: ['shape'],
                before: { shape: [2] },
                after: { shape: [3, 1] },
              },
              {
                name: 'retyped',
                what: ['dtype'],
                before: { dtype: 'F32' },
                after: { dtype: 'BF16' },
              },
            ],
          },
          unchanged: 1,
        },
      },
    });
  });

  it('does not guess that a tensor was renamed', () => {
    const { tensors } = compared(weights({ a: {} }), weights({ b: {} })).inside!;
    expect([tensors.added.count, tensors.removed.count]).toEqual([1, 1]);
  });

  it('tells what became of its metadata', () => {
    const found = compared(
      weights({}, { stays: 'x', goes: 'x', changes: 'x' }),
      weights({}, { stays: 'x', comes: 'x', changes: 'y' }),
    );
    expect(found.inside!.metadata.items).toEqual([
      { name: 'changes', before: 'x', after: 'y' },
      { name: 'comes', before: null, after: 'x' },
      { name: 'goes', before: 'x', after: null },
    ]);
    expect(found.words).toBe('3 changes of metadata');
  });
});

describe('a changed ONNX file', () => {
  const compared = (before: Uint8Array, after: Uint8Array) =>
    compareBytes('model.onnx', before, after);

  it('with other weights alone says so', () => {
    expect(compared(linear({ fill: 1 }), linear({ fill: 2 })).finding).toBe('weights');
  });

  it('wired otherwise is not said to have other weights', () => {
    const wired = (input: string) => model(graph({ nodes: [node('Relu', { 1: [input] })] }));
    expect(compared(wired('a'), wired('b'))).toMatchObject({
      finding: 'outline',
      words: 'nothing that is looked at differs, but bytes outside the values of its tensors do',
    });
  });

  it('tells operators, facts, inputs, outputs and initializers that differ', () => {
    const after = model(
      graph({
        name: 'other',
        nodes: [node('MatMul'), node('MatMul'), node('Gelu', { 7: 'com.x' })],
        initializers: [tensor('w', [3, 5])],
        inputs: [value('x', tensorType(FLOAT, ['n', 3]))],
      }),
      { 1: 9, 2: 'maker', 3: undefined, 8: [message({ 2: 18 }), message({ 1: 'com.x', 2: 1 })] },
    );
    expect(compared(linear(), after)).toMatchObject({
      finding: 'model',
      inside: {
        facts: {
          items: [
            { name: 'IR version', before: '8', after: '9' },
            { name: 'graph', before: 'main', after: 'other' },
            { name: 'opset ai.onnx', before: '17', after: '18' },
            { name: 'opset com.x', before: null, after: '1' },
            { name: 'producer', before: 'writer 1.0', after: 'maker' },
          ],
        },
        operators: {
          items: [
            { name: 'Add', before: 1, after: 0 },
            { name: 'MatMul', before: 1, after: 2 },
            { name: 'Relu', before: 1, after: 0 },
            { name: 'com.x::Gelu', before: 0, after: 1 },
          ],
        },
        tensors: { removed: { items: [{ name: 'b' }] }, changed: { items: [{ name: 'w' }] } },
        inputs: { changed: { items: [{ name: 'x', after: { shape: ['n', 3] } }] } },
        outputs: { removed: { items: [{ name: 'y' }] } },
      },
    });
  });

  it('with other tensors in a subgraph tells the number of parameters', () => {
    const nested = (dims: number[]) =>
      model(graph({ nodes: [nodeWithGraph('If', graph({ initializers: [tensor('t', dims)] }))] }));
    const found = compared(nested([1]), nested([2]));
    expect(found.finding).toBe('model');
    expect(found.words).toBe('1 parameters before, 2 after');
  });
});

describe('what a finding rests on', () => {
  test.each([
    [['unverified', 'unverified'], /\(by unverified bytes on both sides\)$/],
    [['unverified', 'verified'], /\(by unverified bytes before\)$/],
    [['verified', 'unverified'], /\(by unverified bytes after\)$/],
  ] as const)('is said where bytes are %s', (bases, words) => {
    const found = compareBytes('a.onnx', linear({ fill: 1 }), linear({ fill: 2 }), [...bases]);
    expect(found.words).toMatch(words);
    expect(found.notes.join()).toContain('an aggregator served these bytes');
  });

  test.each<[string, Look | undefined, Look | undefined, string]>([
    [
      'nobody looked into the bytes',
      undefined,
      { notInspected: 'the aggregator was out of reach\u202e' },
      'other bytes; what differs inside is not known (before: it was not looked into; after: the aggregator was out of reach\ufffd)',
    ],
    [
      'one is broken',
      {
        basis: 'verified',
        inspection: { format: 'onnx', error: { code: 'malformed', message: 'it has no graph' } },
      },
      { basis: 'verified', inspection: { format: 'unknown' } },
      'other bytes; what differs inside is not known (before: it has no graph)',
    ],
    [
      'neither is a model',
      { basis: 'verified', inspection: { format: 'unknown' } },
      { basis: 'unverified', inspection: { format: 'unknown' } },
      'other bytes; neither safetensors nor ONNX, so no more is compared (by unverified bytes after)',
    ],
  ])('is no model where %s', (_, before, after, words) => {
    const looks = new Map<string, Look>();
    if (before) looks.set(blob(1), before);
    if (after) looks.set(blob(2), after);
    const found = compare([file('a', 1)], [file('a', 2)], looks).changed.items[0];
    expect(found).toMatchObject({ finding: 'bytes', words, inside: null });
  });

  it('is two formats where they differ', () => {
    const looks = new Map<string, Look>([
      [blob(1), { basis: 'verified', inspection: inside('a', linear()) }],
      [blob(2), { basis: 'verified', inspection: inside('a', safetensorsFile({})) }],
    ]);
    expect(compare([file('a', 1)], [file('a', 2)], looks).changed.items[0]).toMatchObject({
      finding: 'format',
      words: 'another format: ONNX before, safetensors after',
    });
  });

  it('is grouped in the summary where several files changed', () => {
    const verified = (bytes: Uint8Array): Look => ({
      basis: 'verified',
      inspection: inside('a.onnx', bytes),
    });
    const looks = new Map<string, Look>([
      [blob(1), verified(linear({ fill: 1 }))],
      [blob(2), verified(linear({ fill: 2 }))],
      [blob(3), verified(linear({ operator: 'Gelu' }))],
    ]);
    const before = ['a', 'b', 'c'].map((path) => file(path, 1));
    const after = [file('a', 2), file('b', 2), file('c', 3), file('d', 1)];
    expect(compare(before, after, looks).summary).toBe(
      '3 files changed (2: same structure, other weights; 1: another model inside), 1 added, 0 unchanged.',
    );
  });
});

describe('a report', () => {
  it('looks into no more files than it has time for, and says so', () => {
    const names = Array.from({ length: 40_000 }, (_, i) => [`${i}`, { dtype: 'U8', shape: [0] }]);
    const look: Look = {
      basis: 'verified',
      inspection: {
        ...{ format: 'safetensors', tensors: Object.fromEntries(names) },
        ...{ parameters: 0, metadata: {}, structure: 'same' },
      },
    };
    const paths = ['a', 'b', 'c', 'd'];
    const diff = compare(
      paths.map((path) => file(path, 1)),
      paths.map((path) => file(path, 2)),
      new Map([1, 2].map((n) => [blob(n), look])),
    );
    expect(diff.changed.items.map(({ finding }) => finding)).toEqual([
      ...['weights', 'weights', 'bytes', 'bytes'],
    ]);
    expect(diff.changed.items[2]!.words).toContain('as much as is compared at once');
  });

  it('stays under 200 kB, with counts of the whole', () => {
    const long = (i: number) => `${'€'.repeat(1000)}${i}`;
    const names = Array.from({ length: 3000 }, (_, i) => `${i}-${'n'.repeat(900)}`);
    const header = (prefix: string) =>
      withHeader(
        `{${names.map((name) => `"${prefix}${name}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)}}`,
      );
    const looks = new Map<string, Look>([
      [blob(1), { basis: 'verified', inspection: inside('a.safetensors', header('a')) }],
      [blob(2), { basis: 'verified', inspection: inside('a.safetensors', header('b')) }],
    ]);
    const many = (from: number, n: number) =>
      Array.from({ length: 300 }, (_, i) => file(long(from + i), n));
    const diff = compare(
      [...many(0, 1), ...many(1000, 3), ...many(2000, 4)],
      [...many(0, 2), ...many(3000, 5), ...many(4000, 4)],
      looks,
    );
    expect(Buffer.byteLength(JSON.stringify(diff))).toBeLessThan(200_000);
    expect(diff.changed.count).toBe(300);
    expect(diff.changed.items.length).toBeGreaterThan(5);
    expect(diff.changed.items[0]!.inside!.tensors.added.count).toBe(3000);
    expect(diff).toMatchObject({
      added: { count: 300 },
      removed: { count: 300 },
      renamed: { count: 300 },
    });
  });
});
