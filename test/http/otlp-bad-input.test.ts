/** Spans that are wrong, odd or too much, and requests that are none: each with the answer that OTLP has for it. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { OtlpSpan } from '../../src/ingest/otlp/span.ts';
import { asJson, asProtobuf } from '../ingest/otlp/requests.ts';
import { eventually } from './eventually.ts';
import { bodyOf, chat, ENCODINGS, idOf, post, send, sendGzip, TYPE } from './otlp-sending.ts';
import { headOf, rawConnection } from './raw-connection.ts';
import { sharedService } from './service-under-test.ts';

const MEBIBYTE = 2 ** 20;
const service = sharedService();
const roomy = sharedService({ maxBodyBytes: 64 * MEBIBYTE });
const traceOf = async (id: string) => (await service.ask('GET', `/api/v1/traces/${id}`)).json;

/** Of the metrics, one without labels. */
async function heldBytes(): Promise<number> {
  const { text } = await service.ask('GET', '/metrics');
  return Number(/^underlabel_ingest_held_bytes (\d+)$/m.exec(text)?.[1]);
}

describe.each(ENCODINGS)('in %s', (encoding) => {
  const gzip = { 'content-encoding': 'gzip' };
  const refused = (status: number) => ({
    status,
    refusal: { code: 3, message: expect.any(String) },
  });
  const whole = gzipSync(bodyOf([chat()], encoding));

  it.each<[string, Uint8Array | string, Record<string, string>, number]>([
    [
      'a body that is none of it',
      encoding === 'json' ? '{"resourceSpans":[}' : '\x0a\x05x',
      {},
      400,
    ],
    ['the other encoding', bodyOf([chat()], encoding === 'json' ? 'protobuf' : 'json'), {}, 400],
    ['gzip that breaks off', whole.subarray(0, whole.length - 9), gzip, 400],
    [
      'gzip that only begins as such',
      Buffer.concat([whole.subarray(0, 10), Buffer.alloc(99, 7)]),
      gzip,
      400,
    ],
    ['gzip of something else', gzipSync('\x0a\x05x'), gzip, 400],
    ['what is no gzip', bodyOf([chat()], encoding), gzip, 400],
    ['a gzip bomb', gzipSync(Buffer.alloc(200 * MEBIBYTE)), gzip, 413],
    ['more than may come', Buffer.alloc(17 * MEBIBYTE, ' '), {}, 413],
  ])('%s is refused with a Status', async (_, body, headers, status) => {
    const answer = await post(service.url, body, encoding, headers);
    expect(answer).toMatchObject(refused(status));
    expect(answer.headers.get('content-type')).toBe(TYPE[encoding]);
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('large bodies that are wrong are refused as small ones are', async () => {
    const large = Buffer.concat([
      bodyOf([chat({ said: { x: 'x'.repeat(9000) } })], encoding),
      Buffer.from('}\x07'),
    ]);
    expect(await post(service.url, large, encoding)).toMatchObject(refused(400));
  });

  const NONE = '0000000000000000';
  it.each<[string, Partial<OtlpSpan>, RegExp]>([
    ['a trace id of zeros', { traceId: NONE + NONE }, /no traceId/],
    ['no trace id', { traceId: '' }, /no traceId/],
    ['a trace id of 15 bytes', { traceId: 'ab'.repeat(15) }, /traceId .* (?:16 bytes|32 digits)/],
    ['a span id of zeros', { spanId: NONE }, /no spanId/],
    ['a span id of 9 bytes', { spanId: 'ab'.repeat(9) }, /spanId .* (?:8 bytes|16 digits)/],
    ['an end before its start', { end: 1n }, /ends before it starts/],
    ['no start', { start: 0n }, /no startTimeUnixNano/],
    ['a time past 2262', { end: 2n ** 63n }, /2262/],
    ['10,000 attributes', { attributes: manyAttributes(10_000) }, /more than 5000 attributes/],
  ])(
    'a span with %s is rejected, and the rest of its batch is taken',
    async (_, wrong, because) => {
      const [before, after] = [chat(), chat()];
      const answer = await send(service.url, [before, { ...chat(), ...wrong }, after], encoding);
      expect(answer).toMatchObject({
        status: 200,
        partial: { rejected: 1, message: expect.stringMatching(because) },
      });
      for (const good of [before, after]) expect((await traceOf(idOf(good))).id).toBe(idOf(good));
    },
  );

  it('a batch of nothing but such spans is no error', async () => {
    const spans = Array.from({ length: 30 }, () => chat({ spanId: NONE }));
    const { status, partial } = await send(service.url, spans, encoding);
    expect([status, partial!.rejected]).toEqual([200, 30]);
    expect(partial!.message).toMatch(/; and 25 more spans were rejected$/);
    expect(partial!.message.length).toBeLessThan(1000);
  });

  it('spans of 1970, of next year and of no duration are taken as they say', async () => {
    const nextYear = BigInt(Date.UTC(new Date().getUTCFullYear() + 1, 5)) * 1_000_000n;
    const spans = [chat({ start: 1n, end: 2n }), chat({ start: nextYear, end: nextYear })];
    expect(await send(service.url, spans, encoding)).toMatchObject({ status: 200, partial: null });
    expect(await traceOf(idOf(spans[0]!))).toMatchObject({
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:00:00.001Z',
    });
    expect(Date.parse((await traceOf(idOf(spans[1]!))).startedAt)).toBe(
      Number(nextYear / 1_000_000n),
    );
  });

  it('NUL is kept, and what is no character is stored as U+FFFD and told', async () => {
    const [nul, lone] = [
      chat({ said: { 'gen_ai.prompt.0.content': 'a\0b', 'k\0': '\0' } }),
      chat({ said: { 'gen_ai.prompt.0.content': 'a?b' } }),
    ];
    expect(await send(service.url, [nul], encoding)).toMatchObject({ status: 200, partial: null });
    const kept = await traceOf(idOf(nul));
    expect(kept.input[0].parts[0].content).toBe('a\0b');
    expect(kept.attributes['k\0']).toBe('\0');
    const body = Buffer.from(bodyOf([lone], encoding));
    const at = body.indexOf('a?b') + 1;
    // Half of a character: as an escape in JSON, as a byte of Latin-1 in protobuf.
    const half = encoding === 'json' ? Buffer.from('\\ud800') : Buffer.from([0xe9]);
    const broken = Buffer.concat([body.subarray(0, at), half, body.subarray(at + 1)]);
    const answer = await post(service.url, broken, encoding);
    expect(answer).toMatchObject({
      status: 200,
      partial: { rejected: 0, message: expect.stringContaining('stored as U+FFFD') },
    });
    expect((await traceOf(idOf(lone))).input[0].parts[0].content).toBe('a\ufffdb');
  });

  it('30 MB in one attribute are too much, and are taken where as much is allowed', async () => {
    const span = chat({ said: { big: 'x'.repeat(30_000_000) } });
    const body = bodyOf([span], encoding);
    expect(await post(service.url, body, encoding)).toMatchObject(refused(413));
    expect(await sendGzip(service.url, body, encoding)).toMatchObject(refused(413));
    expect(await post(roomy.url, body, encoding)).toMatchObject({ status: 200, partial: null });
    const { json } = await roomy.ask('GET', `/api/v1/traces/${idOf(span)}`);
    expect(json.attributes.big).toHaveLength(30_000_000);
  });
});

describe('a client', () => {
  it('that goes away half way leaves nothing behind', async () => {
    const span = chat();
    const body = Buffer.from(asJson([span]));
    const { socket } = await rawConnection(service.url, headOf('/v1/traces', body.length));
    socket.write(body.subarray(0, 100));
    await eventually(heldBytes, (held) => held > 0);
    socket.destroy();
    await eventually(heldBytes, (held) => held === 0);
    expect((await service.ask('GET', `/api/v1/traces/${idOf(span)}`)).status).toBe(404);
  });

  it('that reads no answer costs nothing, and what it sent is stored', async () => {
    const { socket } = await rawConnection(service.url, '');
    socket.pause();
    const spans = Array.from({ length: 50 }, () => chat());
    for (const span of spans) {
      const body = Buffer.from(asJson([span]));
      socket.write(headOf('/v1/traces', body.length));
      socket.write(body);
    }
    const last = `/api/v1/traces/${idOf(spans.at(-1)!)}`;
    await eventually(
      () => service.ask('GET', last),
      ({ status }) => status === 200,
    );
    await eventually(heldBytes, (held) => held === 0);
    expect(await send(service.url, [chat()])).toMatchObject({ status: 200 });
  });

  it('that says how much comes, and sends more or less, is told that it is no request', async () => {
    const body = Buffer.from(asJson([chat()]));
    const { answer } = await rawConnection(
      service.url,
      `${headOf('/v1/traces', body.length - 1)}${body}`,
    );
    expect((await answer()).status).toBe(400);
  });
});

it('bodies that came in many small parts are read whole', async () => {
  const span = chat({ said: { text: 'é'.repeat(5000) } });
  const body = asProtobuf([span]);
  const parts = async function* () {
    for (let at = 0; at < body.length; at += 97) yield body.subarray(at, at + 97);
  };
  const response = await fetch(`${service.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': TYPE.protobuf },
    body: ReadableStream.from(parts()) as ReadableStream<Uint8Array<ArrayBuffer>>,
    duplex: 'half',
  });
  expect(response.status).toBe(200);
  expect((await traceOf(idOf(span))).attributes.text).toHaveLength(5000);
});

function manyAttributes(count: number) {
  return {
    'gen_ai.operation.name': 'chat',
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i])),
  };
}
