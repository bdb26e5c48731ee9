import { describe, expect, it, test } from 'vitest';
import { MAX_HEADER_BYTES, MAX_RANK, MAX_TENSORS } from '../../src/inspect/limits.ts';
import { headerEnd, readSafetensors } from '../../src/inspect/safetensors.ts';
import { inside } from './on-disk.ts';
import { safetensorsFile, withHeader } from './safetensors-file.ts';

const read = (bytes: Buffer) => inside('model.safetensors', bytes);
const entry = (dtype: string, shape: string, from: number | string, to: number | string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;
const one = (shape: string, to: number | string, dtype = 'F32') =>
  `{"w":${entry(dtype, shape, 0, to)}}`;

describe('a safetensors file', () => {
  it('tells its tensors, how many numbers they hold, and its metadata', () => {
    const bytes = safetensorsFile(
      { w: { dtype: 'F32', shape: [2, 3] }, b: { dtype: 'BF16', shape: [3], width: 2 } },
      { format: 'pt' },
    );
    expect(read(bytes)).toEqual({
      format: 'safetensors',
      tensors: { w: { dtype: 'F32', shape: [2, 3] }, b: { dtype: 'BF16', shape: [3] } },
      parameters: 9,
      metadata: { format: 'pt' },
      structure: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is read from its first bytes alone', () => {
    const bytes = safetensorsFile({ w: { dtype: 'F32', shape: [1000] } });
    const end = headerEnd(bytes.subarray(0, 8), bytes.byteLength);
    const fromPrefix = readSafetensors(bytes.subarray(0, end), bytes.byteLength);
    expect(fromPrefix).toEqual(read(bytes));
    expect(inside('model.safetensors', bytes.subarray(0, end), bytes.byteLength)).toEqual(
      fromPrefix,
    );
    expect(inside('a.safetensors', bytes.subarray(0, end - 1), bytes.byteLength)).toMatchObject({
      error: { code: 'too-much' },
    });
  });

  test.each([
    ['no tensor', '{}', 0, 0],
    ['a scalar', one('[]', 4), 4, 1],
    ['an empty tensor', one('[0,7]', 0), 0, 0],
    ['numbers of 4 bits', one('[2,3]', 3, 'F4'), 3, 6],
    ['numbers of 6 bits', one('[4]', 3, 'F6_E2M3'), 3, 4],
    ['numbers of 8 bits', one('[5]', 5, 'F8_E4M3'), 5, 5],
    ['complex numbers', one('[2]', 16, 'C64'), 16, 2],
    ['spaces all over', ` { } `.trim().padEnd(64), 0, 0],
    [
      'tensors in another order than their places',
      `{"b":${entry('U8', '[2]', 1, 3)},"a":${entry('U8', '[1]', 0, 1)}}`,
      3,
      3,
    ],
  ])('may hold %s', (_, header, bytes, parameters) => {
    expect(read(withHeader(header, Buffer.alloc(bytes)))).toMatchObject({ parameters });
  });

  it('keeps names as hostile as `__proto__` as names', () => {
    const bytes = withHeader(
      `{"__metadata__":{"__proto__":"x"},"__proto__":${entry('U8', '[1]', 0, 1)}}`,
      Buffer.alloc(1),
    );
    const found = read(bytes);
    expect(JSON.stringify(found)).toContain('"tensors":{"__proto__":{"dtype":"U8","shape":[1]}}');
    expect(JSON.stringify(found)).toContain('"metadata":{"__proto__":"x"}');
    expect(Object.getPrototypeOf((found as { tensors: object }).tensors)).toBe(Object.prototype);
  });

  it('has the same structure with other values, and another one with another header', () => {
    const structure = (fill: number, metadata: unknown) =>
      (
        read(safetensorsFile({ w: { dtype: 'F32', shape: [9], fill } }, metadata)) as {
          structure: string;
        }
      ).structure;
    expect(structure(1, {})).toBe(structure(2, {}));
    expect(structure(1, {})).not.toBe(structure(1, { a: 'b' }));
  });

  it('cuts long metadata so that different texts stay different', () => {
    const metadata = (text: string) =>
      (read(safetensorsFile({}, { text })) as { metadata: Record<string, string> }).metadata.text!;
    const [long, other] = ['é'.repeat(5000), `${'é'.repeat(4999)}e`];
    expect(metadata(long)).not.toBe(metadata(other));
    expect(metadata(long).length).toBeLessThan(1200);
    expect(metadata(metadata(long))).not.toBe(metadata(long));
    expect(metadata('x'.repeat(1000))).toBe('x'.repeat(1000));
  });
});

describe('a file that says it is safetensors and is not', () => {
  const huge = Buffer.alloc(8);
  huge.writeBigUInt64LE(2n ** 63n);
  const beyond = Buffer.alloc(8);
  beyond.writeBigUInt64LE(BigInt(MAX_HEADER_BYTES + 1));
  const beyondFormat = Buffer.alloc(8);
  beyondFormat.writeBigUInt64LE(100_000_001n);

  test.each<[string, Buffer, RegExp]>([
    ['empty', Buffer.alloc(0), /too few/],
    ['7 bytes', Buffer.alloc(7), /too few/],
    ['a header of no bytes', withHeader(''), /'\{'/],
    [
      'a header longer than the file',
      Buffer.concat([huge, Buffer.from('{}')]),
      /9223372036854775808/,
    ],
    ['a header that is an array', withHeader('[]'), /'\{'/],
    ['a space before the header', withHeader(' {}'), /'\{'/],
    ['a header without end', withHeader('{'), /missing|no end/],
    ['a header of zeros', withHeader(Buffer.alloc(100)), /'\{'/],
    ['two headers', withHeader('{}{}'), /follows/],
    ['a header that is not UTF-8', withHeader(Buffer.from([0x7b, 0xff, 0x7d])), /UTF-8/],
    ['a tensor that is null', withHeader('{"w":null}'), /'\{' is missing/],
    ['a tensor that nests', withHeader(`{"w":${'['.repeat(1e6)}`), /'\{' is missing/],
    ['a shape that nests', withHeader(`{"w":{"shape":${'['.repeat(1e6)}`), /whole numbers/],
    ['NaN as a dimension', withHeader(one('[NaN]', 4), Buffer.alloc(4)), /whole numbers/],
    ['Infinity as a dimension', withHeader(one('[Infinity]', 4)), /whole numbers/],
    ['1e400 as a dimension', withHeader(one('[1e400]', 4)), /missing/],
    ['1.0 as a dimension', withHeader(one('[1.0]', 4), Buffer.alloc(4)), /missing/],
    ['a negative dimension', withHeader(one('[-1]', 4)), /whole numbers/],
    ['a dimension past 64 bits', withHeader(one(`[${'9'.repeat(1e6)}]`, 4)), /64 bits/],
    ['a dimension of 2^64', withHeader(one(`[${2n ** 64n}]`, 4)), /64 bits/],
    ['a number that begins with 0', withHeader(one('[01]', 4), Buffer.alloc(4)), /begins with 0/],
    ['dimensions that overflow', withHeader(one(`[${'4294967296,'.repeat(9)}1]`, 0)), /fill/],
    ['offsets that overflow', withHeader(one('[4]', '18446744073709551615', 'U8')), /fill/],
    ['a type unknown here', withHeader(one('[1]', 4, 'Q4_K'), Buffer.alloc(4)), /dtype unknown/],
    ['no type', withHeader('{"w":{"shape":[],"data_offsets":[0,4]}}', Buffer.alloc(4)), /lacks/],
    ['no shape', withHeader('{"w":{"dtype":"F32","data_offsets":[0,4]}}'), /lacks/],
    ['one offset', withHeader('{"w":{"dtype":"F32","shape":[],"data_offsets":[4]}}'), /lacks/],
    ['a type that is a number', withHeader('{"w":{"dtype":1}}'), /'"' is missing/],
    ['a field unknown to the format', withHeader('{"w":{"strides":[1]}}'), /doesn't know/],
    ['the end before the start', withHeader(`{"w":${entry('U8', '[1]', 1, 0)}}`), /ends before/],
    ['other bytes than its shape', withHeader(one('[2]', 4), Buffer.alloc(4)), /fill exactly/],
    ['half a byte', withHeader(one('[3]', 1, 'F4'), Buffer.alloc(1)), /fill exactly/],
    ['a hole', withHeader(`{"w":${entry('U8', '[1]', 1, 2)}}`, Buffer.alloc(2)), /hole/],
    [
      'an overlap',
      withHeader(
        `{"a":${entry('U8', '[2]', 0, 2)},"b":${entry('U8', '[2]', 1, 3)}}`,
        Buffer.alloc(3),
      ),
      /overlap/,
    ],
    ['bytes after the last tensor', withHeader(one('[1]', 4), Buffer.alloc(5)), /end after 4/],
    ['fewer bytes than its tensors', withHeader(one('[1]', 4), Buffer.alloc(3)), /end after 4/],
    [
      'a tensor twice',
      withHeader(`{"w":${entry('U8', '[0]', 0, 0)},"w":${entry('U8', '[0]', 0, 0)}}`),
      /one key twice/,
    ],
    [
      'a tensor twice, spelled differently',
      withHeader(`{"w":${entry('U8', '[0]', 0, 0)},"\\u0077":${entry('U8', '[0]', 0, 0)}}`),
      /one key twice/,
    ],
    ['a field twice', withHeader('{"w":{"shape":[],"shape":[]}}'), /one key twice/],
    ['metadata twice', withHeader('{"__metadata__":{},"__metadata__":{}}'), /one key twice/],
    ['metadata that is a list', withHeader('{"__metadata__":[]}'), /'\{' is missing/],
    ['metadata with a number', withHeader('{"__metadata__":{"a":1}}'), /'"' is missing/],
    ['half a character in a name', withHeader('{"\\ud800":{}}'), /half a character/],
    ['a control character in a name', withHeader('{"a\u0001":{}}'), /no JSON string/],
    ['a string without end', withHeader('{"a\\"'), /no end/],
    ['a wrong escape', withHeader('{"\\x":{}}'), /no JSON string/],
  ])('(%s) is malformed', (_, bytes, message) => {
    expect(read(bytes)).toEqual({
      format: 'safetensors',
      error: { code: 'malformed', message: expect.stringMatching(message) },
    });
  });

  test('(a header past what the format allows) is malformed', () => {
    expect(inside('a.safetensors', beyondFormat, 1e9)).toMatchObject({
      error: { code: 'malformed' },
    });
  });

  const entries = Array.from(
    { length: MAX_TENSORS + 1 },
    (_, i) => `"${i}":${entry('U8', '[0]', 0, 0)}`,
  );
  test.each<[string, Buffer]>([
    [
      'a header past what is looked at',
      Buffer.concat([beyond, Buffer.alloc(MAX_HEADER_BYTES + 1)]),
    ],
    ['a name of a megabyte', withHeader(`{"${'n'.repeat(1e6)}":${entry('U8', '[0]', 0, 0)}}`)],
    ['a key of a megabyte', withHeader(`{"__metadata__":{"${'n'.repeat(1e6)}":"x"}}`)],
    ['a type of a megabyte', withHeader(`{"w":{"dtype":"${'n'.repeat(1e6)}"}}`)],
    ['too many dimensions', withHeader(one(`[${'1,'.repeat(MAX_RANK)}1]`, 4))],
    ['too many offsets', withHeader('{"w":{"data_offsets":[0,1,2]}}')],
    ['too many tensors', withHeader(`{${entries.join(',')}}`)],
    ['a dimension that is no exact number', withHeader(one('[0,9007199254740993]', 0))],
  ])('(%s) is too much', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ error: { code: 'too-much' } });
  });

  it('says what is wrong in a short line, whatever its names', () => {
    const name = `\\u001b[31m\\u202e${'x'.repeat(500)}`;
    const found = read(withHeader(`{"${name}":${entry('U8', '[2]', 0, 1)}}`, Buffer.alloc(1)));
    const { message } = (found as { error: { message: string } }).error;
    expect(message).not.toMatch(/[\p{C}]/u);
    expect(message.length).toBeLessThan(200);
  });
});
