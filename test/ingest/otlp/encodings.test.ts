/** The same span comes out of both encodings, whatever is in it. */
import { WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson } from '../../../src/ingest/otlp/decode-json.ts';
import { decodeProtobuf } from '../../../src/ingest/otlp/decode-protobuf.ts';
import type { AnyValue, OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import {
  aroundSpans,
  asJson,
  asProtobuf,
  jsonBytes,
  jsonRequest,
  jsonSpan,
  message,
  protobuf,
  SPAN_ID,
  START,
  spanWith,
  TRACE_ID,
  writeSpan,
  writeValue,
} from './requests.ts';

const NOTHING_ELSE = { rejected: { count: 0, messages: [] }, notes: [] };

const text = () => fc.string({ unit: 'binary', maxLength: 20 });
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .filter((id) => id.some((byte) => byte > 0))
    .map((id) => Buffer.from(id).toString('hex'));
/** 0 and -0 are one in JSON, and an integer past 2^53 that came as a double is one there too. */
const double = () => fc.double().filter((value) => !Number.isInteger(value));
const integer = () =>
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  });
const attributes = (value: fc.Arbitrary<AnyValue>) =>
  fc.dictionary(fc.oneof(text(), fc.constantFrom('__proto__', 'constructor', 'a.b')), value, {
    maxKeys: 5,
  });
const { value } = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    text(),
    fc.boolean(),
    integer(),
    fc.maxSafeInteger(),
    double(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    attributes(tie('value')),
  ),
}));
const span = (): fc.Arbitrary<OtlpSpan> =>
  fc
    .record({
      traceId: hex(16),
      spanId: hex(8),
      parentSpanId: fc.option(hex(8)),
      name: text(),
      kind: fc.integer({ min: 0, max: 5 }),
      start: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
      attributes: attributes(value),
      events: fc.array(
        fc.record({
          name: text(),
          time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          attributes: attributes(value),
        }),
        { maxLength: 3 },
      ),
      status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: text() }),
      resource: attributes(value),
      scope: fc.record({ name: text(), version: text(), attributes: attributes(value) }),
    })
    .map((made) => ({ ...made, end: made.start }));

describe('a request', () => {
  it('gives the same spans in protobuf and in JSON, and they are those that were sent', () => {
    fc.assert(
      fc.property(fc.array(span(), { maxLength: 3 }), (spans) => {
        const fromProtobuf = decodeProtobuf(asProtobuf(spans));
        expect(fromProtobuf).toEqual({ spans, ...NOTHING_ELSE });
        expect(decodeJson(asJson(spans))).toEqual(fromProtobuf);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['protobuf', () => decodeProtobuf(new Uint8Array())],
    ['JSON', () => decodeJson(new Uint8Array())],
    ['JSON with an object', () => decodeJson(jsonBytes('{}'))],
    ['JSON with null for a list', () => decodeJson(jsonBytes('{"resourceSpans":null}'))],
    ['JSON with lists that are empty', () => decodeJson(jsonBytes('{"resourceSpans":[{}]}'))],
  ])('may be empty: %s', (_, decoded) => {
    expect(decoded()).toEqual({ spans: [], ...NOTHING_ELSE });
  });

  it('may hold fields that nobody knows, at every level, groups among them', () => {
    const strange = (writer: Parameters<typeof writeSpan>[0]) => {
      writer.tag(1000, WireType.LengthDelimited).string('later');
      writer.tag(999, WireType.Varint).uint64(2n ** 64n - 1n);
      writer.tag(998, WireType.Bit32).fixed32(7);
      writer.tag(997, WireType.Bit64).fixed64(7n);
      writer.tag(996, WireType.StartGroup).tag(1, WireType.Varint).uint32(1);
      writer.tag(996, WireType.EndGroup);
      // A known field of another wire type is a field that nobody knows.
      writer.tag(2, WireType.Bit32).fixed32(7);
    };
    const bytes = protobuf((request) => {
      strange(request);
      message(request, 1, (resourceSpans) => {
        strange(resourceSpans);
        message(resourceSpans, 2, (scopeSpans) => {
          strange(scopeSpans);
          message(scopeSpans, 2, (writer) => {
            writeSpan(writer, spanWith());
            strange(writer);
            message(writer, 9, (attribute) => {
              attribute.tag(1, WireType.LengthDelimited).string('k');
              strange(attribute);
              message(attribute, 2, strange);
            });
          });
        });
      });
    });
    const { spans, ...rest } = decodeProtobuf(bytes);
    expect(rest).toEqual(NOTHING_ELSE);
    expect(spans).toMatchObject([{ spanId: SPAN_ID, attributes: { k: null } }]);
    const json = jsonRequest({ ...jsonSpan(spanWith()), flags: 257, later: [{}], traceState: 7 });
    expect(decodeJson(json)).toMatchObject({ spans: [{ spanId: SPAN_ID }], ...NOTHING_ELSE });
  });

  it('may have its resource after its spans', () => {
    const bytes = protobuf((request) =>
      message(request, 1, (resourceSpans) => {
        message(resourceSpans, 2, (scopeSpans) =>
          message(scopeSpans, 2, (writer) => writeSpan(writer, spanWith())),
        );
        message(resourceSpans, 1, (resource) =>
          message(resource, 1, (attribute) => {
            attribute.tag(1, WireType.LengthDelimited).string('service.name');
            message(attribute, 2, (any) => writeValue(any, 'late'));
          }),
        );
      }),
    );
    expect(decodeProtobuf(bytes).spans[0]?.resource).toEqual({ 'service.name': 'late' });
  });

  it('shares a resource between its spans', () => {
    const { spans } = decodeJson(jsonRequest(jsonSpan(spanWith()), jsonSpan(spanWith())));
    expect(spans[0]!.resource).toBe(spans[1]!.resource);
  });
});

describe('a key', () => {
  it('that comes several times counts where it comes first', () => {
    const bytes = aroundSpans((scopeSpans) =>
      message(scopeSpans, 2, (writer) => {
        writeSpan(writer, spanWith({ attributes: { k: 'first' } }));
        writeSpan(writer, spanWith({ attributes: { k: 'second' } }));
      }),
    );
    expect(decodeProtobuf(bytes).spans[0]?.attributes).toEqual({ k: 'first' });
    const twice = [
      { key: 'k', value: { stringValue: 'first' } },
      { key: 'k', value: { stringValue: 'second' } },
    ];
    const json = jsonRequest({ ...jsonSpan(spanWith()), attributes: twice });
    expect(decodeJson(json).spans[0]?.attributes).toEqual({ k: 'first' });
  });

  it('means nothing, whatever it is', () => {
    const attributes = { ['__proto__']: { polluted: true }, constructor: 1, toString: 'x' };
    for (const { spans } of [
      decodeProtobuf(asProtobuf([spanWith({ attributes })])),
      decodeJson(asJson([spanWith({ attributes })])),
    ]) {
      const [found] = spans;
      expect(Object.keys(found!.attributes)).toEqual(['__proto__', 'constructor', 'toString']);
      expect('polluted' in found!.attributes).toBe(false);
      expect('hasOwnProperty' in found!.attributes).toBe(false);
    }
  });

  it('that is no UTF-8 is not taken for another that fits it byte for character', () => {
    const keys = Array.from({ length: 2000 }, (_, i) => Buffer.from(`é${i}`));
    const broken = Array.from({ length: 2000 }, (_, i) => Buffer.from(`\xe9${i}`, 'latin1'));
    const bytes = aroundSpans((scopeSpans) =>
      message(scopeSpans, 2, (writer) => {
        writeSpan(writer, spanWith());
        for (const key of [...keys, ...broken]) {
          message(writer, 9, (attribute) => {
            attribute.tag(1, WireType.LengthDelimited).bytes(key);
          });
        }
      }),
    );
    const { spans, notes } = decodeProtobuf(bytes);
    const found = Object.keys(spans[0]!.attributes);
    expect(found.filter((key) => key.startsWith('é'))).toHaveLength(2000);
    expect(found.filter((key) => key.startsWith('\ufffd'))).toHaveLength(2000);
    expect(notes).toEqual([expect.stringMatching(/^2000 texts were no Unicode/)]);
  });
});

describe('JSON', () => {
  const decoded = (more: object) => decodeJson(jsonRequest({ ...jsonSpan(spanWith()), ...more }));
  /** The value as it stands in the body. */
  const decodedValue = (anyValue: string) => {
    const attribute = `{"key":"k","value":${anyValue}}`;
    const ids = `"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}"`;
    const times = `"startTimeUnixNano":"${START}","endTimeUnixNano":"${START}"`;
    const span = `{${ids},${times},"attributes":[${attribute}]}`;
    return decodeJson(jsonBytes(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`));
  };

  it('has ids in hex of any case', () => {
    const { spans } = decoded({ traceId: TRACE_ID.toUpperCase(), spanId: SPAN_ID.toUpperCase() });
    expect(spans).toMatchObject([{ traceId: TRACE_ID, spanId: SPAN_ID }]);
  });

  it('has times as text or as numbers, exact in both', () => {
    const [start, end] = ['1794909600123456789', '1794909600123456790'];
    const times = `"startTimeUnixNano":${start},"endTimeUnixNano":${end}`;
    const ids = `"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}"`;
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},${times}}]}]}]}`;
    const { spans } = decodeJson(jsonBytes(body));
    expect(spans).toMatchObject([{ start: BigInt(start), end: BigInt(end) }]);
    expect(decoded({ startTimeUnixNano: start, endTimeUnixNano: end }).spans).toMatchObject([
      { start: BigInt(start), end: BigInt(end) },
    ]);
  });

  it.each<[string, AnyValue]>([
    ['{}', null],
    ['null', null],
    ['{"stringValue":null}', null],
    ['{"laterValue":1}', null],
    ['{"stringValue":""}', ''],
    ['{"intValue":7}', 7],
    ['{"intValue":"-7"}', -7],
    ['{"intValue":"-0"}', 0],
    ['{"intValue":7.0}', 7],
    ['{"intValue":9007199254740993}', 9007199254740993n],
    ['{"intValue":"9007199254740993"}', 9007199254740993n],
    ['{"intValue":-9223372036854775808}', -(2n ** 63n)],
    ['{"intValue":1e300}', 1e300],
    ['{"doubleValue":1}', 1],
    ['{"doubleValue":9007199254740993}', 9007199254740992],
    ['{"doubleValue":"1.5e3"}', 1500],
    ['{"doubleValue":"NaN"}', Number.NaN],
    ['{"doubleValue":"Infinity"}', Number.POSITIVE_INFINITY],
    ['{"doubleValue":"-Infinity"}', Number.NEGATIVE_INFINITY],
    ['{"bytesValue":""}', new Uint8Array()],
    ['{"bytesValue":"+/8="}', new Uint8Array([251, 255])],
    ['{"bytesValue":"-_8"}', new Uint8Array([251, 255])],
    ['{"arrayValue":{}}', []],
    ['{"arrayValue":{"values":[{"intValue":1},{},{"stringValue":"a"}]}}', [1, null, 'a']],
    ['{"kvlistValue":{}}', {}],
    ['{"kvlistValue":{"values":[{"key":"a"}]}}', { a: null }],
  ])('has the value %s', (json, value) => {
    const { spans, rejected } = decodedValue(json);
    expect(rejected.messages).toEqual([]);
    expect(spans[0]!.attributes).toEqual({ k: value });
  });

  it.each([
    '7',
    '"text"',
    '[]',
    '{"stringValue":7}',
    '{"boolValue":"true"}',
    '{"intValue":1.5}',
    '{"intValue":"1.5"}',
    '{"intValue":"0x10"}',
    '{"intValue":""}',
    '{"intValue":"9223372036854775808"}',
    `{"intValue":"${'9'.repeat(1000)}"}`,
    '{"doubleValue":1e999}',
    '{"doubleValue":"one"}',
    '{"doubleValue":"inf"}',
    '{"bytesValue":"*"}',
    '{"bytesValue":[1]}',
    '{"arrayValue":[]}',
    '{"arrayValue":{"values":{}}}',
    '{"arrayValue":{"values":[7]}}',
    '{"kvlistValue":{"values":[7]}}',
    '{"kvlistValue":{"values":[{"key":7}]}}',
  ])('has no value %s', (json) => {
    const { spans, rejected } = decodedValue(json);
    expect(spans).toEqual([]);
    expect(rejected).toEqual({ count: 1, messages: [expect.stringContaining('spans[0]: ')] });
  });

  it('has enums as integers only; one that is not known yet is none', () => {
    expect(decoded({ kind: 'SPAN_KIND_CLIENT' }).rejected.messages).toEqual([
      'resourceSpans[0].scopeSpans[0].spans[0]: kind is not an integer, as which OTLP/JSON writes enums',
    ]);
    expect(decoded({ kind: '3' }).rejected.count).toBe(1);
    expect(decoded({ kind: 17, status: { code: 9 } }).spans).toMatchObject([
      { kind: 0, status: { code: 0 } },
    ]);
  });

  it('has no names in snake_case, and a sender of them is told so', () => {
    const body = JSON.stringify({ resource_spans: [{ scope_spans: [{ spans: [{}] }] }] });
    const { spans, rejected, notes } = decodeJson(jsonBytes(body));
    expect([spans, rejected.count]).toEqual([[], 0]);
    expect(notes).toEqual([expect.stringContaining("spells 'resourceSpans'")]);
    expect(decoded({ trace_id: TRACE_ID, traceId: undefined }).rejected.count).toBe(1);
  });
});
