/** One bad span never sinks its batch: it is rejected and named, and those beside it are taken. */
import { WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { decodeJson } from '../../../src/ingest/otlp/decode-json.ts';
import { decodeProtobuf } from '../../../src/ingest/otlp/decode-protobuf.ts';
import { LAST_TIME, MAX_ATTRIBUTES, MAX_EVENTS } from '../../../src/ingest/otlp/limits.ts';
import type { AnyValue, OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import {
  aroundSpans,
  jsonBytes,
  jsonRequest,
  jsonSpan,
  message,
  SPAN_ID,
  START,
  spanWith,
  TRACE_ID,
  writeSpan,
} from './requests.ts';

const GOOD = spanWith({ spanId: '00000000000000ff' });
const MEBIBYTE = 2 ** 20;
const YEAR_NS = 365n * 86_400n * 10n ** 9n;

/** What becomes of a span between two good ones, in each encoding. */
const decoders = {
  protobuf: (span: OtlpSpan) =>
    decodeProtobuf(
      aroundSpans((scopeSpans) => {
        for (const each of [GOOD, span, GOOD]) {
          message(scopeSpans, 2, (writer) => writeSpan(writer, each));
        }
      }),
    ),
  json: (span: OtlpSpan) => decodeJson(jsonRequest(...[GOOD, span, GOOD].map(jsonSpan))),
};

const many = (count: number): { [key: string]: AnyValue } =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
const events = (count: number) =>
  Array.from({ length: count }, () => ({ name: 'e', time: START, attributes: {} }));

const BAD: [string, Partial<OtlpSpan>, RegExp][] = [
  ['without a trace id', { traceId: '' }, /has no traceId/],
  ['with a trace id of zeros', { traceId: '0'.repeat(32) }, /has no traceId, or one of zeros/],
  ['with a trace id too short', { traceId: TRACE_ID.slice(2) }, /traceId (is not|does not have)/],
  ['with a trace id too long', { traceId: `${TRACE_ID}00` }, /traceId (is not|does not have)/],
  ['without a span id', { spanId: '' }, /has no spanId/],
  ['with a span id of zeros', { spanId: '0'.repeat(16) }, /has no spanId, or one of zeros/],
  ['with a span id of another length', { spanId: TRACE_ID }, /spanId (is not|does not have)/],
  ['with a bad parent id', { parentSpanId: 'ff' }, /parentSpanId (is not|does not have)/],
  ['that ends before it starts', { end: START - 1n }, /ends before it starts/],
  ['that never started', { start: 0n }, /has no startTimeUnixNano/],
  ['that never ended', { end: 0n }, /has no endTimeUnixNano/],
  ['that ends past what can be stored', { end: LAST_TIME + 1n }, /past 9223372036854775807 ns/],
  ['with 10,000 attributes', { attributes: many(10_000) }, /more than 5000 attributes/],
  [
    'with an event of 10,000 attributes',
    { events: [{ name: 'e', time: START, attributes: many(10_000) }] },
    /more than 5000 attributes/,
  ],
  ['with too many events', { events: events(MAX_EVENTS + 1) }, /more than 5000 events/],
];

const ODD: [string, Partial<OtlpSpan>][] = [
  ['in the first ns of 1970', { start: 1n, end: 1n }],
  ['of next year', { start: START + YEAR_NS, end: START + YEAR_NS }],
  ['at the last time there is', { start: LAST_TIME, end: LAST_TIME }],
  ['of 50 years', { start: 1n, end: START }],
  ['without a name', { name: '' }],
  ['with as many attributes as there may be', { attributes: many(MAX_ATTRIBUTES) }],
  ['with as many events as there may be', { events: events(MAX_EVENTS) }],
  ['with NUL in its texts', { name: 'a\0b', attributes: { 'k\0': '\0', l: ['\0'] } }],
  ['with characters past 16 bits', { name: '🦊', attributes: { '🦊': 'x🦊'.repeat(200) } }],
  ['with a mark of byte order', { attributes: { k: '\ufeffx', l: `\ufeff${'x'.repeat(500)}` } }],
  ['with what stands for no character', { attributes: { k: '\ufffd' } }],
];

describe.each(Object.entries(decoders))('in %s', (_, decode) => {
  it.each(BAD)('a span %s is rejected, and no other', (_, more, problem) => {
    const { spans, rejected, notes } = decode(spanWith(more));
    expect(spans.map(({ spanId }) => spanId)).toEqual([GOOD.spanId, GOOD.spanId]);
    expect(rejected).toEqual({ count: 1, messages: [expect.stringMatching(problem)] });
    expect(rejected.messages[0]).toMatch(/^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[1\]: /);
    expect(notes).toEqual([]);
  });

  it.each(ODD)('a span %s is taken as it is', (_, more) => {
    const { spans, rejected, notes } = decode(spanWith(more));
    expect({ rejected: rejected.messages, notes }).toEqual({ rejected: [], notes: [] });
    expect(spans[1]).toEqual(spanWith({ ...more, resource: {}, scope: spans[1]!.scope }));
  });

  it('a parent id of zeros is none', () => {
    const { spans } = decode(spanWith({ parentSpanId: '0'.repeat(16) }));
    expect(spans[1]!.parentSpanId).toBeNull();
  });

  it('30 MB in one attribute are taken', () => {
    const [ascii, other] = ['x'.repeat(30 * MEBIBYTE), `${'x'.repeat(15 * MEBIBYTE)}é`];
    const { spans } = decode(spanWith({ attributes: { ascii, other } }));
    expect(spans[1]!.attributes.ascii === ascii).toBe(true);
    expect(spans[1]!.attributes.other === other).toBe(true);
  });
});

describe('a text that is no Unicode', () => {
  it('comes as U+FFFD where it is none, and the sender is told, from JSON', () => {
    const attributes = '[{"key":"\\ud800k","value":{"stringValue":"a\\udc00b"}}]';
    const times = `"startTimeUnixNano":"${START}","endTimeUnixNano":"${START}"`;
    const span = `{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}",${times},"attributes":${attributes}}`;
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`;
    const { spans, rejected, notes } = decodeJson(jsonBytes(body));
    expect(rejected.count).toBe(0);
    expect(spans[0]!.attributes).toEqual({ '\ufffdk': 'a\ufffdb' });
    expect(notes).toEqual([expect.stringMatching(/^2 texts were no Unicode/)]);
  });

  it.each([
    ['short', 3],
    ['long', 3000],
  ])('comes as U+FFFD where it is none, and the sender is told, from protobuf: %s', (_, length) => {
    const bytes = aroundSpans((scopeSpans) =>
      message(scopeSpans, 2, (writer) => {
        writeSpan(writer, spanWith());
        writer.tag(5, WireType.LengthDelimited).bytes(Buffer.alloc(length, 0xff));
      }),
    );
    const { spans, rejected, notes } = decodeProtobuf(bytes);
    expect(rejected.count).toBe(0);
    expect(spans[0]!.name).toBe('\ufffd'.repeat(length));
    expect(notes).toEqual([expect.stringMatching(/^1 texts were no Unicode/)]);
  });
});

describe('of many bad spans', () => {
  it('all are counted and the first few named', () => {
    const bad = Array.from({ length: 100 }, () => ({}));
    const { spans, rejected } = decodeJson(jsonRequest(...bad, jsonSpan(GOOD), 7));
    expect(spans).toHaveLength(1);
    expect(rejected.count).toBe(101);
    expect(rejected.messages).toHaveLength(5);
    expect(rejected.messages[4]).toContain('spans[4]: it has no traceId');
  });

  it('none lends its problem to the next', () => {
    const kinds = [
      { ...jsonSpan(GOOD), kind: 'x' },
      jsonSpan(GOOD),
      { ...jsonSpan(GOOD), name: 7 },
    ];
    const { spans, rejected } = decodeJson(jsonRequest(...kinds));
    expect(spans).toHaveLength(1);
    expect(rejected.messages.map((text) => text.split(': ')[1])).toEqual([
      'kind is not an integer, as which OTLP/JSON writes enums',
      'name is not a text',
    ]);
  });
});
