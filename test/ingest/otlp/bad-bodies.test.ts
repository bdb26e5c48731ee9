/** Bodies that are no request: refused as a whole, with a reason, in bounded time and memory. */
import { gzipSync } from 'node:zlib';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson } from '../../../src/ingest/otlp/decode-json.ts';
import { decodeProtobuf } from '../../../src/ingest/otlp/decode-protobuf.ts';
import { MAX_JSON_MARKS, MAX_PARTS, MAX_VALUE_DEPTH } from '../../../src/ingest/otlp/limits.ts';
import { OtlpError, type OtlpErrorCode } from '../../../src/ingest/otlp/otlp-error.ts';
import { type OtlpRequest, readOtlp } from '../../../src/ingest/otlp/read-otlp.ts';
import type { AnyValue } from '../../../src/ingest/otlp/span.ts';
import {
  aroundSpans,
  asJson,
  asProtobuf,
  jsonBytes,
  jsonRequest,
  message,
  protobuf,
  spanWith,
  writeSpan,
} from './requests.ts';

const MEBIBYTE = 2 ** 20;
const GOOD = spanWith({
  attributes: { text: 'x'.repeat(300), list: [1, [true, null]], map: { a: { b: 0.5 } } },
  events: [{ name: 'e', time: 1n, attributes: { bytes: new Uint8Array([1, 2]) } }],
});

function codeOf(decode: () => unknown): OtlpErrorCode | 'taken' {
  try {
    decode();
    return 'taken';
  } catch (error) {
    if (error instanceof OtlpError) return error.code;
    throw error;
  }
}

function nested(levels: number, inner: (value: AnyValue) => AnyValue): AnyValue {
  let value: AnyValue = null;
  for (let i = 1; i < levels; i++) value = inner(value);
  return value;
}

const bytesOf = (...bytes: number[]) => new Uint8Array(bytes);

describe('protobuf', () => {
  it.each([
    ['a length without what it is of', bytesOf(0x0a, 5, 1)],
    ['a tag alone', bytesOf(0x0a)],
    ['the field 0', bytesOf(0x02, 0)],
    ['a wire type that there is not', bytesOf(0x0f)],
    ['a tag past 32 bits', bytesOf(0xff, 0xff, 0xff, 0xff, 0x7f)],
    ['a length past 32 bits', bytesOf(0x0a, 0x80, 0x80, 0x80, 0x80, 0x10)],
    ['a length of 4 GB', bytesOf(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a number without an end', bytesOf(0x10, ...Array(11).fill(0x80), 0)],
    ['a number that breaks off', bytesOf(0x10, 0x80)],
    ['8 bytes that break off', bytesOf(0x11, 1, 2, 3)],
    ['a group without an end', bytesOf(0x13, 0x08, 1)],
    ['the end of a group that did not begin', bytesOf(0x14)],
    ['groups in groups', new Uint8Array(10_000).fill(0x13)],
    ['a length past the end of its message', bytesOf(0x0a, 2, 0x12, 5, 1, 1, 1, 1, 1)],
    ['a number past the end of its message', bytesOf(0x0a, 2, 0x18, 0x80, 1)],
    ['JSON', jsonBytes('{"resourceSpans":[]}')],
    ['a time past the end of its span', aroundSpans((w) => w.raw(bytesOf(0x12, 3, 0x39, 1, 1)))],
    ['a number of a value past its end', protobuf((w) => w.raw(bytesOf(0x0a, 1, 0x0a)))],
  ])('with %s is refused', (_, bytes) => {
    expect(codeOf(() => decodeProtobuf(bytes))).toBe('not-protobuf');
  });

  it('is read from the middle of a buffer', () => {
    const good = asProtobuf([GOOD]);
    const whole = new Uint8Array(good.length + 20).fill(0xff);
    whole.set(good, 10);
    const { spans } = decodeProtobuf(whole.subarray(10, 10 + good.length));
    expect(spans).toEqual([GOOD]);
    whole.fill(0);
    expect(spans).toEqual([GOOD]);
  });
});

describe('JSON', () => {
  it.each<[string, OtlpErrorCode]>([
    ['{', 'not-json'],
    [' ', 'not-json'],
    ['{"resourceSpans":[}', 'not-json'],
    ['null', 'bad-shape'],
    ['[]', 'bad-shape'],
    ['"text"', 'bad-shape'],
    ['{"resourceSpans":{}}', 'bad-shape'],
    ['{"resourceSpans":[7]}', 'bad-shape'],
    ['{"resourceSpans":[null]}', 'bad-shape'],
    ['{"resourceSpans":[{"scopeSpans":"x"}]}', 'bad-shape'],
    ['{"resourceSpans":[{"scopeSpans":[[]]}]}', 'bad-shape'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}', 'bad-shape'],
    ['{"resourceSpans":[{"resource":7}]}', 'bad-shape'],
    ['{"resourceSpans":[{"resource":{"attributes":[7]}}]}', 'bad-shape'],
    ['{"resourceSpans":[{"scopeSpans":[{"scope":{"name":7}}]}]}', 'bad-shape'],
    [`${'['.repeat(100_000)}`, 'too-deep'],
  ])('%.60s is refused', (body, code) => {
    expect(codeOf(() => decodeJson(jsonBytes(body)))).toBe(code);
  });

  it('that is no UTF-8 is refused', () => {
    const latin1 = Buffer.from('{"resourceSpans":[],"é":1}', 'latin1');
    expect(codeOf(() => decodeJson(latin1))).toBe('not-json');
  });
});

describe.each([
  [
    'protobuf',
    (value: AnyValue) => decodeProtobuf(asProtobuf([spanWith({ attributes: { value } })])),
  ],
  ['JSON', (value: AnyValue) => decodeJson(asJson([spanWith({ attributes: { value } })]))],
] as const)('a value in %s', (_, decode) => {
  it.each([
    ['lists', (value: AnyValue) => [value]],
    ['maps', (value: AnyValue) => ({ k: value })],
  ] as const)('may nest 32 deep in %s, and no deeper', (_, inner) => {
    const deepest = nested(MAX_VALUE_DEPTH, inner);
    expect(decode(deepest).spans[0]!.attributes).toEqual({ value: deepest });
    expect(codeOf(() => decode(nested(MAX_VALUE_DEPTH + 1, inner)))).toBe('too-deep');
  });
});

describe('too many', () => {
  const repeated = (bytes: number[], times: number) =>
    new Uint8Array(Buffer.alloc(bytes.length * times, Buffer.from(bytes)));
  const inSpan = (bytes: Uint8Array) =>
    aroundSpans((scopeSpans) =>
      message(scopeSpans, 2, (writer) => {
        writeSpan(writer, spanWith());
        writer.raw(bytes);
      }),
    );
  const inValue = (bytes: Uint8Array) =>
    inSpan(
      protobuf((writer) => message(writer, 9, (kv) => message(kv, 2, (any) => any.raw(bytes)))),
    );
  const COUNT = MAX_PARTS + 1;

  it.each([
    ['resources', () => repeated([0x0a, 0], COUNT)],
    ['scopes', () => protobuf((w) => message(w, 1, (it) => it.raw(repeated([0x12, 0], COUNT))))],
    ['spans', () => aroundSpans((scopeSpans) => scopeSpans.raw(repeated([0x12, 0], COUNT)))],
    [
      'values',
      () => inValue(protobuf((w) => message(w, 5, (it) => it.raw(repeated([0x0a, 0], COUNT))))),
    ],
    [
      'keys',
      () => inValue(protobuf((w) => message(w, 6, (it) => it.raw(repeated([0x0a, 0], COUNT))))),
    ],
  ])('%s in one request are refused, in no time', (_, body) => {
    const bytes = body();
    const begun = performance.now();
    expect(codeOf(() => decodeProtobuf(bytes))).toBe('too-many');
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('attributes and events of one span cost no more than being passed over', () => {
    const bytes = inSpan(
      Buffer.concat([repeated([0x4a, 0], 4 * MEBIBYTE), repeated([0x5a, 0], 4 * MEBIBYTE)]),
    );
    const before = process.memoryUsage().heapUsed;
    const { rejected } = decodeProtobuf(bytes);
    expect(rejected.count).toBe(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * MEBIBYTE);
  });

  it.each([
    ['objects', '{},'],
    ['lists', '[],'],
    ['numbers', '1,'],
  ])('%s in JSON are refused before they are parsed', (_, unit) => {
    const body = `{"resourceSpans":[${unit.repeat(MAX_JSON_MARKS)}{}]}`;
    expect(codeOf(() => decodeJson(jsonBytes(body)))).toBe('too-many');
  });

  it('marks within texts do not count', () => {
    const text = '{[,\\"'.repeat(MAX_JSON_MARKS / 4);
    const body = `{"more":"${text}","resourceSpans":[]}`;
    expect(codeOf(() => decodeJson(jsonBytes(body)))).toBe('taken');
  });

  it('bad spans in JSON are told of in no time', () => {
    const begun = performance.now();
    const { rejected } = decodeJson(jsonRequest(...Array(100_000).fill({ traceId: 7 })));
    expect(rejected.count).toBe(100_000);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a body of anything', () => {
  const decoders = [decodeProtobuf, decodeJson];

  it('is taken or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const decode of decoders) codeOf(() => decode(bytes));
        codeOf(() =>
          decodeProtobuf(aroundSpans((scopeSpans) => message(scopeSpans, 2, (w) => w.raw(bytes)))),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['protobuf', decodeProtobuf, asProtobuf([GOOD, GOOD])],
    ['JSON', decodeJson, asJson([GOOD, GOOD])],
  ] as const)('that was good %s before some bytes changed, so too', (_, decode, good) => {
    const change = fc.record({
      at: fc.nat({ max: good.length - 1 }),
      byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 0x7f, 0x80, 0xff, 34, 91, 92, 123)),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = good.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        codeOf(() => decode(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('that was good protobuf and is cut off anywhere is refused, or is whole up to there', () => {
    const good = asProtobuf([GOOD]);
    for (let length = 1; length < good.length; length++) {
      expect(codeOf(() => decodeProtobuf(good.subarray(0, length)))).toBe('not-protobuf');
    }
  });
});

describe('a compressed body', () => {
  const read = (more: Partial<OtlpRequest>) =>
    readOtlp({
      contentType: 'application/x-protobuf',
      contentEncoding: 'gzip',
      body: new Uint8Array(),
      maxBytes: MEBIBYTE,
      ...more,
    });

  it('is unpacked', () => {
    expect(read({ body: gzipSync(asProtobuf([GOOD])) }).spans).toEqual([GOOD]);
    const json = { contentType: 'Application/JSON; charset=utf-8', contentEncoding: 'GZip' };
    expect(read({ ...json, body: gzipSync(asJson([GOOD])) }).spans).toEqual([GOOD]);
  });

  it('of no bytes, or of none once it is unpacked, is an empty request', () => {
    for (const body of [new Uint8Array(), gzipSync('')]) {
      expect(read({ body }).spans).toEqual([]);
      expect(read({ body, contentType: 'application/json' }).spans).toEqual([]);
    }
  });

  it('that is no gzip, breaks off, or is damaged is refused', () => {
    const whole = gzipSync(asProtobuf([GOOD]));
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6]! ^= 1;
    for (const body of [asProtobuf([GOOD]), whole.subarray(0, 40), damaged]) {
      expect(codeOf(() => read({ body }))).toBe('not-gzip');
    }
  });

  it('may be as large as it may be once it is unpacked, and no larger', () => {
    const padded = (bytes: number) => gzipSync(`{}${' '.repeat(bytes - 2)}`);
    const json = { contentType: 'application/json' };
    expect(codeOf(() => read({ ...json, body: padded(MEBIBYTE) }))).toBe('taken');
    expect(codeOf(() => read({ ...json, body: padded(MEBIBYTE + 1) }))).toBe('too-large');
    const plain = { ...json, contentEncoding: undefined };
    expect(codeOf(() => read({ ...plain, body: new Uint8Array(MEBIBYTE + 1) }))).toBe('too-large');
  });

  it('that is a bomb costs no more than what may come', () => {
    const bomb = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16 * MEBIBYTE))));
    expect(bomb.length).toBeLessThan(2 * MEBIBYTE);
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    for (let i = 0; i < 10; i++) {
      expect(codeOf(() => read({ body: bomb, maxBytes: 2 * MEBIBYTE }))).toBe('too-large');
    }
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * MEBIBYTE);
  });
});

it('a number of 10 bytes is read whole', () => {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(-1);
  expect(codeOf(() => decodeProtobuf(writer.finish()))).toBe('taken');
});
