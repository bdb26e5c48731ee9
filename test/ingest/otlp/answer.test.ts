/** What a request says of its body, and what it is answered. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import {
  acceptance,
  encodeResponse,
  encodeStatus,
  grpcCodeOf,
  isRetryable,
  partialSuccessOf,
  refusal,
} from '../../../src/ingest/otlp/answer.ts';
import { answerEncodingOf, encodingOf, isGzip } from '../../../src/ingest/otlp/encoding.ts';
import { httpStatusOf } from '../../../src/ingest/otlp/otlp-error.ts';

/** By their numbers: integers and, undecoded, what has a length. */
function fieldsOf(bytes: Uint8Array): Record<number, number | Uint8Array> {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, number | Uint8Array> = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    fields[number] = wire === WireType.Varint ? Number(reader.int64()) : reader.bytes();
  }
  return fields;
}

const textOf = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);
const jsonOf = (bytes: Uint8Array) => JSON.parse(textOf(bytes));

describe('a Content-Type', () => {
  it.each([
    ['application/x-protobuf', 'protobuf'],
    ['Application/X-Protobuf;messageType="x"', 'protobuf'],
    ['application/json', 'json'],
    ['application/json; charset=utf-8', 'json'],
    [' APPLICATION/JSON ;charset=UTF-8; v=1', 'json'],
  ])('%o is read', (type, encoding) => {
    expect(encodingOf(type)).toBe(encoding);
    expect(answerEncodingOf(type)).toBe(encoding);
  });

  it.each([undefined, '', 'text/plain', 'application/jsonp', 'application/grpc', ';', 'json'])(
    '%o is refused, and answered in JSON',
    (type) => {
      expect(() => encodingOf(type)).toThrow(
        expect.objectContaining({ code: 'unsupported-media-type' }),
      );
      expect(answerEncodingOf(type)).toBe('json');
    },
  );
});

describe('a Content-Encoding', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['gzip', true],
    [' GZIP ', true],
  ])('%o is read', (header, compressed) => expect(isGzip(header)).toBe(compressed));

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'x'.repeat(9000)])(
    '%.20s is refused',
    (header) => {
      const refused = expect.objectContaining({ code: 'unsupported-encoding' });
      expect(() => isGzip(header)).toThrow(refused);
      expect(() => isGzip(header)).toThrow(/^.{1,200}$/);
      expect(httpStatusOf('unsupported-encoding')).toBe(415);
    },
  );
});

describe('an acceptance', () => {
  it('of everything has no partial success', () => {
    const partial = partialSuccessOf({ rejected: { count: 0, messages: [] }, notes: [] });
    expect(partial).toBeNull();
    const protobuf = acceptance(partial, 'protobuf');
    expect(protobuf).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(),
    });
    const json = acceptance(partial, 'json');
    expect([json.headers['content-type'], textOf(json.body)]).toEqual(['application/json', '{}']);
  });

  it('of a part says how many were rejected, and why', () => {
    const partial = { rejectedSpans: 3, errorMessage: 'é' };
    const outer = fieldsOf(encodeResponse(partial, 'protobuf'));
    const inner = fieldsOf(outer[1] as Uint8Array);
    expect([inner[1], textOf(inner[2])]).toEqual([3, 'é']);
    expect(jsonOf(encodeResponse(partial, 'json'))).toEqual({
      partialSuccess: { rejectedSpans: '3', errorMessage: 'é' },
    });
  });

  it('with a note alone rejects nothing', () => {
    const partial = partialSuccessOf({ rejected: { count: 0, messages: [] }, notes: ['mended'] });
    const inner = fieldsOf(fieldsOf(encodeResponse(partial, 'protobuf'))[1] as Uint8Array);
    expect([inner[1], textOf(inner[2])]).toEqual([undefined, 'mended']);
    expect(jsonOf(encodeResponse(partial, 'json')).partialSuccess.rejectedSpans).toBe('0');
  });
});

describe('a refusal', () => {
  it('is a Status in the encoding of the request', () => {
    const fields = fieldsOf(encodeStatus({ code: 3, message: 'no: \ud800' }, 'protobuf'));
    expect([fields[1], textOf(fields[2])]).toEqual([3, 'no: \ufffd']);
    const json = refusal(400, 'no', 'json');
    expect([json.status, json.headers]).toEqual([400, { 'content-type': 'application/json' }]);
    expect(jsonOf(json.body)).toEqual({ code: 3, message: 'no' });
  });

  it.each([
    [400, 3],
    [401, 16],
    [403, 7],
    [404, 12],
    [405, 12],
    [413, 3],
    [415, 12],
    [429, 8],
    [500, 13],
    [503, 14],
    [418, 2],
  ])('with %d has the gRPC code %d', (status, code) => expect(grpcCodeOf(status)).toBe(code));

  it('says when to come again, in whole seconds, where coming again may help', () => {
    const waitOf = (status: number, seconds?: number) =>
      refusal(status, 'later', 'protobuf', seconds).headers['retry-after'];
    expect([waitOf(429, 0), waitOf(503, 1.2), waitOf(429), waitOf(400, 5)]).toEqual([
      '1',
      '2',
      undefined,
      undefined,
    ]);
    expect([429, 502, 503, 504, 500, 400, 408, 413].filter(isRetryable)).toEqual([
      429, 502, 503, 504,
    ]);
  });
});
