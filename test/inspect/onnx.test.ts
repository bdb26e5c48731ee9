import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it, test } from 'vitest';
import type { Inspection, OnnxInspection } from '../../src/inspect/inspection.ts';
import { MAX_DEPTH, MAX_NODES, MAX_RANK } from '../../src/inspect/limits.ts';
import { inside } from './on-disk.ts';
import {
  FLOAT,
  graph,
  INT64,
  linear,
  message,
  model,
  node,
  nodeWithGraph,
  tensor,
  tensorType,
  value,
} from './onnx-file.ts';

const read = (bytes: Uint8Array): Inspection => inside('model.onnx', bytes);
function right(bytes: Uint8Array): OnnxInspection {
  const found = read(bytes);
  if (found.format !== 'onnx' || 'error' in found) throw new Error(JSON.stringify(found));
  return found;
}

describe('an ONNX file', () => {
  it('tells its graph, what goes in and out, its operators and its tensors', () => {
    expect(read(linear())).toEqual({
      format: 'onnx',
      irVersion: 8,
      producer: 'writer 1.0',
      opsets: { '': 17 },
      graph: 'main',
      operators: { MatMul: 1, Add: 1, Relu: 1 },
      nodes: 3,
      functions: 0,
      inputs: { x: { dtype: 'FLOAT', shape: ['batch', 3] } },
      outputs: { y: { dtype: 'FLOAT', shape: ['batch', 4] } },
      initializers: { w: { dtype: 'FLOAT', shape: [3, 4] }, b: { dtype: 'FLOAT', shape: [4] } },
      parameters: 16,
      metadata: {},
      structure: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('counts the operators of subgraphs and functions, with domains that are not its own', () => {
    const inner = graph({ nodes: [node('Relu', { 7: 'ai.onnx' }), node('Gelu', { 7: 'com.x' })] });
    const middle = graph({ nodes: [nodeWithGraph('Loop', inner), node('Relu')] });
    const body = message({ 1: 'f', 7: [node('Relu'), nodeWithGraph('If', inner)], 10: 'my' });
    const found = right(model(graph({ nodes: [nodeWithGraph('If', middle)] }), { 25: [body] }));
    expect(found).toMatchObject({
      operators: { If: 2, Loop: 1, Relu: 4, 'com.x::Gelu': 2 },
      nodes: 9,
      functions: 1,
    });
  });

  it('counts the numbers of constants and subgraphs, and lists initializers of the graph itself', () => {
    const constant = node('Constant', { 5: message({ 1: 'value', 5: tensor('', [5]) }) });
    const inner = graph({ initializers: [tensor('inner', [7])] });
    const found = right(
      model(
        graph({ nodes: [constant, nodeWithGraph('If', inner)], initializers: [tensor('w', [2])] }),
      ),
    );
    expect(found.parameters).toBe(14);
    expect(Object.keys(found.initializers)).toEqual(['w']);
  });

  it('tells tensors kept in another file, and sparse ones', () => {
    const location = message({ 1: 'location', 2: 'weights.bin' });
    const external = message({ 1: [1000, 1000], 2: FLOAT, 8: 'far', 13: [location], 14: 1 });
    const sparse = message({
      1: tensor('thin', [3]),
      2: tensor('', [3], { type: INT64, width: 8 }),
      3: [100],
    });
    const found = right(model(graph({ initializers: [external], more: { 15: [sparse] } })));
    expect(found.initializers).toEqual({
      far: { dtype: 'FLOAT', shape: [1000, 1000], kept: 'external' },
      thin: { dtype: 'FLOAT', shape: [100], kept: 'sparse' },
    });
    expect(found.parameters).toBe(1_000_003);
  });

  it('does not take initializers for inputs where all of them had to be listed as inputs', () => {
    const inputs = [value('x', tensorType(FLOAT, [1])), value('w', tensorType(FLOAT, [2]))];
    const bytes = (irVersion: number) =>
      model(graph({ inputs, initializers: [tensor('w', [2])] }), { 1: irVersion });
    expect(Object.keys(right(bytes(3)).inputs)).toEqual(['x']);
    expect(Object.keys(right(bytes(4)).inputs)).toEqual(['x', 'w']);
  });

  test.each<[string, Uint8Array | undefined, unknown]>([
    [
      'dimensions that are not said',
      tensorType(FLOAT, [null, 'n', 3, -1]),
      { dtype: 'FLOAT', shape: [null, 'n', 3, -1] },
    ],
    ['no dimensions', tensorType(INT64, []), { dtype: 'INT64', shape: [] }],
    ['no shape', message({ 1: message({ 1: FLOAT }) }), { dtype: 'FLOAT', shape: null }],
    [
      'a sequence',
      message({ 4: message({ 1: tensorType(FLOAT, ['n', null]) }) }),
      { dtype: 'seq(FLOAT[n,?])', shape: null },
    ],
    [
      'a map',
      message({ 5: message({ 1: INT64, 2: tensorType(FLOAT, []) }) }),
      { dtype: 'map(INT64,FLOAT[])', shape: null },
    ],
    [
      'an optional',
      message({ 9: message({ 1: tensorType(FLOAT, [2]) }) }),
      { dtype: 'optional(FLOAT[2])', shape: null },
    ],
    [
      'a sparse tensor',
      message({ 8: message({ 1: FLOAT }) }),
      { dtype: 'sparse(FLOAT)', shape: null },
    ],
    [
      'something opaque',
      message({ 7: message({ 1: 'd', 2: 'n' }) }),
      { dtype: 'opaque(d,n)', shape: null },
    ],
    ['nothing said', undefined, { dtype: 'UNDEFINED', shape: null }],
  ])('may take in %s', (_, type, expected) => {
    expect(right(model(graph({ inputs: [value('x', type)] }))).inputs).toEqual({ x: expected });
  });

  it('takes the higher version of an operator set that is named twice', () => {
    const opsets = [
      message({ 2: 13 }),
      message({ 1: 'ai.onnx', 2: 11 }),
      message({ 1: 'x', 2: 1 }),
    ];
    expect(right(model(graph(), { 8: opsets })).opsets).toEqual({ '': 13, x: 1 });
  });

  it('may hold fields and groups that are unknown here', () => {
    const groups = new BinaryWriter()
      .tag(99, WireType.StartGroup)
      .tag(7, WireType.StartGroup)
      .tag(1, WireType.Bit32)
      .fixed32(1)
      .tag(7, WireType.EndGroup)
      .tag(99, WireType.EndGroup)
      .tag(98, WireType.Bit64)
      .fixed64(1)
      .finish();
    const bytes = Buffer.concat([linear(), groups]);
    expect(right(bytes)).toEqual({ ...right(linear()), structure: right(bytes).structure });
  });

  it('keeps names as hostile as `__proto__` as names', () => {
    const metadata = message({ 1: '__proto__', 2: 'x' });
    const bytes = model(graph({ initializers: [tensor('__proto__', [1])] }), { 14: [metadata] });
    const text = JSON.stringify(right(bytes));
    expect(text).toContain('"initializers":{"__proto__":{"dtype":"FLOAT","shape":[1]}}');
    expect(text).toContain('"metadata":{"__proto__":"x"}');
  });

  it('cuts long metadata so that different texts stay different', () => {
    const metadata = (text: string) =>
      right(model(graph(), { 14: [message({ 1: 'k', 2: text })] })).metadata.k!;
    const long = `${'€'.repeat(100_000)}x`;
    expect(metadata(long)).toMatch(/^€{1000}… \(300001 bytes, SHA-256 [0-9a-f]{64}\)$/);
    expect(metadata(long)).not.toBe(metadata(`${'€'.repeat(100_000)}y`));
    expect(metadata('€'.repeat(1001))).toMatch(/^€{1000}… \(3003 bytes/);
    expect(metadata('€'.repeat(1000))).toBe('€'.repeat(1000));
  });
});

describe("an ONNX file's structure", () => {
  const structure = (initializer: Uint8Array, nodes = [node('Relu')]) =>
    right(model(graph({ initializers: [initializer], nodes }))).structure;

  it('is the same with other weights', () => {
    expect(structure(tensor('w', [99], { fill: 1 }))).toBe(
      structure(tensor('w', [99], { fill: 2 })),
    );
    const floats = (byte: number) =>
      message({ 1: [2], 2: FLOAT, 4: new Uint8Array(8).fill(byte), 8: 'w' });
    expect(structure(floats(1))).toBe(structure(floats(2)));
  });

  it('is another with other attributes, wiring or names', () => {
    const w = tensor('w', [1]);
    const digests = [
      structure(w),
      structure(w, [node('Relu', { 1: ['x'] })]),
      structure(w, [node('Relu', { 5: message({ 1: 'alpha', 3: 1 }) })]),
      structure(w, [node('Relu', { 5: message({ 1: 'alpha', 3: 2 }) })]),
      structure(tensor('v', [1])),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is another where integers that may be shapes or axes have other values', () => {
    const axes = (fill: number) => tensor('axes', [2], { type: INT64, width: 8, fill });
    expect(structure(axes(1))).not.toBe(structure(axes(2)));
  });

  it('is another where values are written so that other bytes may be the same values', () => {
    const integers = (byte: number) =>
      message({ 1: [2], 2: 6, 5: new Uint8Array([byte, 1]), 8: 'w' });
    expect(structure(integers(1))).not.toBe(structure(integers(2)));
  });
});

describe('a file that says it is ONNX and is not', () => {
  const initializers = (...all: Uint8Array[]) => model(graph({ initializers: all }));
  const input = (type: Uint8Array) => model(graph({ inputs: [value('x', type)] }));
  const tag = (number: number, wire: number) => new BinaryWriter().tag(number, wire).finish();
  const join = (...parts: (Uint8Array | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', Buffer.alloc(0), /no IR version/],
    ['zeros', Buffer.alloc(100), /not protobuf/],
    ['text', Buffer.from('<html>not found</html>'), /not protobuf|past the end|group/],
    ['a model without a graph', message({ 1: 8 }), /no graph/],
    ['a model without an IR version', message({ 7: graph() }), /no IR version/],
    ['a negative IR version', model(graph(), { 1: -8 }), /no IR version/],
    ['two graphs', join(linear(), message({ 7: graph() })), /two graphs/],
    ['a graph that is a number', message({ 1: 8, 7: 5 }), /not of the kind/],
    ['a file that breaks off', linear().subarray(0, -5), /past the end|premature/],
    ['a length past the end', join(tag(7, 2), [0xff, 0xff, 0xff, 0xff, 0x07]), /past the end/],
    [
      'a length past 32 bits',
      join(tag(7, 2), [0x81, 0x80, 0x80, 0x80, 0x10], Buffer.alloc(9)),
      /32 bits/,
    ],
    ['a length of 10 bytes', join(tag(7, 2), Buffer.alloc(9, 0x80), [1]), /32 bits/],
    ['a number that never ends', join(tag(1, 0), Buffer.alloc(1000, 0xff)), /no end|not protobuf/],
    ['a number of megabytes', join(tag(1, 0), Buffer.alloc(1e6, 0xff), [1]), /no end|not protobuf/],
    ['a field with number 0', join([0x02, 0x00]), /illegal tag/],
    ['a wire type that is none', join([0x0f]), /illegal tag/],
    ['a group that ends unbegun', join(linear(), tag(99, 4)), /did not begin/],
    ['a group that never ends', join(linear(), tag(99, 3)), /no end/],
    [
      'groups that end crosswise',
      join(tag(98, 3), tag(99, 3), tag(98, 4), tag(99, 4)),
      /did not begin/,
    ],
    [
      'a field longer than its message',
      model(message({ 2: 'x' }).fill(0x7f, 1, 2)),
      /past the end/,
    ],
    ['a negative dimension', initializers(message({ 1: [-1], 2: FLOAT, 8: 'w' })), /negative/],
    [
      'dimensions that overflow',
      initializers(message({ 1: [2 ** 40, 2 ** 40], 2: FLOAT, 8: 'w', 14: 1 })),
      /2\^53/,
    ],
    ['a dimension past 2^53', initializers(message({ 1: [2n ** 62n], 2: FLOAT, 8: 'w' })), /2\^53/],
    [
      'numbers that overflow in all',
      initializers(
        ...['a', 'b'].map((name) => message({ 1: [2 ** 52 + 2 ** 51], 2: FLOAT, 8: name, 14: 1 })),
      ),
      /2\^53/,
    ],
    [
      'fewer data than its shape',
      initializers(tensor('w', [2], { more: { 9: new Uint8Array(4) } })),
      /4 bytes of data where 8/,
    ],
    ['numbers without data', initializers(message({ 1: [1e6], 2: FLOAT, 8: 'w' })), /and doesn't/],
    [
      'raw data twice',
      initializers(tensor('w', [1], { more: { 9: [new Uint8Array(4), new Uint8Array(4)] } })),
      /twice/,
    ],
    ['texts as raw data', initializers(tensor('w', [1], { type: 8 })), /can't hold STRING/],
    ['a data type unknown here', initializers(tensor('w', [1], { type: 99 })), /data type unknown/],
    ['a negative data type', initializers(tensor('w', [1], { type: -1 })), /data type unknown/],
    ['no data type', initializers(tensor('w', [1], { type: 0 })), /no data type/],
    ['an initializer without a name', initializers(tensor('', [1])), /no name/],
    ['an initializer twice', initializers(tensor('w', [1]), tensor('w', [1])), /two initializers/],
    ['an input twice', model(graph({ inputs: [value('x'), value('x')] })), /two of its inputs/],
    ['metadata twice', model(graph(), { 14: [message({ 1: 'a' }), message({ 1: 'a' })] }), /twice/],
    [
      'a node without an operator',
      model(graph({ nodes: [message({ 3: 'n' })] })),
      /without an operator/,
    ],
    [
      'a name that is not UTF-8',
      model(graph({ more: { 2: new Uint8Array([0xff]) } })),
      /not protobuf/,
    ],
    ['a type of an unknown number', input(tensorType(77, [])), /data type unknown/],
  ])('(%s) is malformed', (_, bytes, said) => {
    expect(read(bytes)).toEqual({
      format: 'onnx',
      error: { code: 'malformed', message: expect.stringMatching(said) },
    });
  });

  const nested = (depth: number, wrap: (inner: Uint8Array) => Uint8Array, core: Uint8Array) =>
    Array.from({ length: depth }).reduce<Uint8Array>((inner) => wrap(inner), core);
  test.each<[string, Uint8Array]>([
    [
      'subgraphs in subgraphs',
      model(nested(MAX_DEPTH, (inner) => graph({ nodes: [nodeWithGraph('If', inner)] }), graph())),
    ],
    [
      'sequences of sequences',
      input(
        nested(MAX_DEPTH, (inner) => message({ 4: message({ 1: inner }) }), tensorType(FLOAT, [])),
      ),
    ],
    ['groups in groups', Buffer.alloc(1e6, tag(11, 3))],
    ['a name of a megabyte', model(graph({ name: 'n'.repeat(1e6) }))],
    ['an operator of a megabyte', model(graph({ nodes: [node('n'.repeat(1e6))] }))],
    ['too many dimensions', input(tensorType(FLOAT, Array(MAX_RANK + 1).fill(1)))],
    [
      'too many dimensions of a tensor',
      initializers(message({ 1: new Uint8Array(1e6).fill(1), 2: FLOAT, 8: 'w' })),
    ],
    [
      'names that are long in all',
      model(graph({ inputs: Array.from({ length: 9000 }, (_, i) => value(`${i}`.padEnd(1000))) })),
    ],
    ['too many nodes', model(Buffer.from('0a0322014e'.repeat(MAX_NODES + 1), 'hex'))],
  ])('(%s) is too much', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ format: 'onnx', error: { code: 'too-much' } });
  });

  it('is too much where only its first bytes are here', () => {
    const bytes = linear();
    expect(inside('model.onnx', bytes.subarray(0, 50), bytes.byteLength)).toMatchObject({
      error: { code: 'too-much', message: expect.stringContaining('first 50 of') },
    });
  });
});
