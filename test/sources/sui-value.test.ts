import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBounded, valueAt } from '../../src/sources/sui-json.ts';
import { filesIn } from '../../src/sources/sui-value.ts';
import { asU256, someBlobId } from './sui-opened.ts';

const A = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const B = 'T27q-dRR1hKStiWLLCu_bCJe0R2_KBqg_xf5t0xXX4c';
const bytes = (id: string) => [...Buffer.from(id, 'base64url')];
const base64 = (id: string) => Buffer.from(id, 'base64url').toString('base64');

/** Paths and Blob IDs, or the problem. */
function stated(value: unknown): unknown {
  const said = filesIn(value, 'models', 'blob');
  if ('problem' in said) return said.problem;
  return Object.fromEntries(said.files.map(({ path, blobId }) => [path, blobId]));
}

describe('a value on Sui', () => {
  it.each([
    ['a Blob ID in text', A, { blob: A }],
    ['a u256', asU256(A), { blob: A }],
    ['bytes in base64', base64(A), { blob: A }],
    ['bytes as numbers', bytes(A), { blob: A }],
    ['a list of u256', [asU256(A), asU256(B)], { 'blob/0': A, 'blob/1': B }],
    ['a list of bytes', [base64(A), base64(B)], { 'blob/0': A, 'blob/1': B }],
    ['a list of bytes as numbers', [bytes(A), bytes(B)], { 'blob/0': A, 'blob/1': B }],
    ['a list of one', [A], { 'blob/0': A }],
    ['a VecMap', { contents: [{ key: 'a.onnx', value: asU256(A) }] }, { 'a.onnx': A }],
    [
      'a list of entries',
      [
        { key: 'a', value: A },
        { value: B, key: 'b' },
      ],
      { a: A, b: B },
    ],
    ['an object', { 'a/b.onnx': asU256(A), tokenizer: base64(B) }, { 'a/b.onnx': A, tokenizer: B }],
    ['structs', [{ path: 'a', blob_id: asU256(A), note: 'x' }], { a: A }],
  ])('that is %s states its files', (_name, value, files) => {
    expect(stated(value)).toEqual(files);
  });

  it('may state sizes in structs, as numbers or as u64', () => {
    const value = [
      { path: 'a', blob_id: A, size: '7168' },
      { path: 'b', blob_id: B, size: 5 },
      { path: 'c', blob_id: B },
      { path: 'd', blob_id: B, size: '1e3' },
    ];
    const said = filesIn(value, 'models', 'blob');
    const sizes = 'files' in said ? said.files.map(({ size }) => size) : said.problem;
    // What is no size is left for the check of all files to refuse.
    expect(sizes).toEqual([7168, 5, null, '1e3']);
  });

  it.each([
    ['null, which is an Option of nothing', null],
    ['a number', 7],
    ['true', true],
    ['31 bytes', bytes(A).slice(1)],
    ['33 bytes', [...bytes(A), 0]],
    ['32 numbers that are no bytes', bytes(A).map(() => 256)],
    ['32 fractions', bytes(A).map(() => 0.5)],
    ['a list of numbers', [1, 2]],
    ['a list of nulls', [null]],
    ['a list that goes on with something else', [A, null]],
    ['a list of lists', [[A]]],
    ['a list of objects without a path', [{ blob_id: A }]],
    ['a list of objects without a Blob ID', [{ path: 'a' }]],
    ['structs whose path is no text', [{ path: 7, blob_id: A }]],
    ['structs whose Blob ID is an object', [{ path: 'a', blob_id: { id: A } }]],
    ['entries with more in them', [{ key: 'a', value: A, size: 1 }]],
    ['entries whose key is no text', [{ key: 7, value: A }]],
    [
      'entries and structs',
      [
        { key: 'a', value: A },
        { path: 'b', blob_id: B },
      ],
    ],
    [
      'structs and entries',
      [
        { path: 'b', blob_id: B },
        { key: 'a', value: A },
      ],
    ],
    ['a VecMap of structs', { contents: [{ key: 'a', value: { blob_id: A } }] }],
    ['a VecSet', { contents: [A] }],
    ['a VecMap with more beside it', { contents: [{ key: 'a', value: A }], size: '1' }],
    ['one struct', { path: 'a', blob_id: A }],
    ['a Blob', { id: '0x1', blob_id: asU256(A), size: '5' }],
    ['an object that holds more than Blob IDs', { a: A, version: 7 }],
    ['an object of objects', { a: { b: A } }],
    ['a variant', { '@variant': 'Some', '0': { a: A } }],
  ])('that is %s is not guessed at', (_name, value) => {
    expect(filesIn(value, 'models', 'blob')).toEqual({
      problem: expect.stringMatching(/^models/),
      empty: false,
    });
  });

  it.each([
    ['a list', []],
    ['a VecMap', { contents: [] }],
    ['an object', {}],
  ])('that is %s without anything in it says so', (_name, value) => {
    expect(filesIn(value, 'models', 'blob')).toEqual({ problem: 'models is empty', empty: true });
  });

  it.each([
    ['padding', `${A}=`],
    ['the standard alphabet', A.replace('_', '/')],
    ['stray bits', `${A.slice(0, -1)}9`],
    ['a u256 with a zero before it', `0${asU256(A)}`],
    ['a u256 of zero', '0'],
    ['a small number', '1234567'],
    ['a number past a u256', `${1n << 256n}`],
    ['base64 with stray bits', `${base64(A).slice(0, -2)}9=`],
    ['base64 of another length', Buffer.alloc(31).toString('base64')],
    ['hex', `0x${'ab'.repeat(32)}`],
    ['a text', 'latest'],
    ['nothing', ''],
  ])('that has a Blob ID with %s keeps it as it is, to be refused', (_name, text) => {
    expect(stated(text)).toEqual({ blob: text });
  });

  it('means one Blob ID in each of its forms', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (raw) => {
        // A hash with 14 zero bytes at its end is no hash.
        raw[31] = raw[31]! | 1;
        const id = Buffer.from(raw).toString('base64url');
        for (const form of [id, asU256(id), base64(id), bytes(id)]) {
          expect(stated(form)).toEqual({ blob: id });
        }
      }),
    );
  });

  it('never throws, whatever is there', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const said = filesIn(value, 'models', 'blob');
        expect('files' in said ? said.files.length > 0 : said.problem.length > 0).toBe(true);
      }),
    );
  });
});

describe('the JSON of an object', () => {
  it('is looked into by its own fields alone', () => {
    const json = { a: { b: [1], __proto__: { c: 2 } }, toString: 3 };
    expect(valueAt(json, 'a.b')).toEqual([1]);
    expect(valueAt(json, 'toString')).toBe(3);
    for (const path of ['a.c', 'a.toString', 'a.b.length', 'a.b.c', 'b', 'a.__proto__']) {
      expect(valueAt(json, path)).toBeUndefined();
    }
    expect(valueAt(null, 'a')).toBeUndefined();
  });

  it('is bounded in depth, values and length', () => {
    const deep = (levels: number) => {
      let json: unknown = someBlobId();
      for (let level = 0; level < levels; level++) json = level % 2 ? [json] : { json };
      return json;
    };
    expect(isBounded(deep(100))).toBe(true);
    expect(isBounded(deep(101))).toBe(false);
    expect(isBounded(deep(20_000))).toBe(false);
    expect(isBounded(Array(150_000).fill(null))).toBe(true);
    expect(isBounded(Array(250_000).fill(null))).toBe(false);
    expect(isBounded(['a'.repeat(4_000_000)])).toBe(true);
    expect(isBounded(Array(5).fill('a'.repeat(1_000_000)))).toBe(false);
    expect(isBounded({ ['a'.repeat(5_000_000)]: 1 })).toBe(false);
  });
});
