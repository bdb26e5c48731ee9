/** The receiver: spans in, in every way that OTLP allows, and the answers that it asks for. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DIALECTS, INPUT, OUTPUT } from '../ingest/spans/dialects.ts';
import { ScriptedSource } from '../watch/scripted-source.ts';
import { appUnderTest } from './app-under-test.ts';
import { eventually } from './eventually.ts';
import { bodyOf, chat, ENCODINGS, idOf, post, send, sendGzip, TYPE } from './otlp-sending.ts';
import { expectProblem } from './problems.ts';
import { blobNamed, labelPath, serviceUnderTest, sharedService } from './service-under-test.ts';

const service = sharedService();
const get = (path: string) => service.ask('GET', path);
const traceOf = async (id: string) => (await get(`/api/v1/traces/${id}`)).json;

describe.each(ENCODINGS)('in %s', (encoding) => {
  it('spans are taken, and are there once that is answered', async () => {
    const spans = [chat({ said: { 'gen_ai.prompt.0.content': 'Hi' } }), chat()];
    const { status, headers, partial } = await send(service.url, spans, encoding);
    expect([status, headers.get('content-type'), partial]).toEqual([200, TYPE[encoding], null]);
    expect(await traceOf(idOf(spans[0]!))).toMatchObject({
      label: null,
      origin: { service: 'desk', requestModel: 'gpt-4o' },
      startedAt: '2026-11-17T10:00:00.000Z',
      endedAt: '2026-11-17T10:00:00.001Z',
      input: [{ parts: [{ type: 'text', content: 'Hi' }] }],
    });
    expect(await traceOf(idOf(spans[1]!))).not.toHaveProperty('input');
  });

  it('the Content-Type may have parameters', async () => {
    for (const more of ['; charset=utf-8', ';messageType="a;b"', ' ; v=1; charset=UTF-8']) {
      const span = chat();
      const headers = { 'content-type': `${TYPE[encoding].toUpperCase()}${more}` };
      const answer = await post(service.url, bodyOf([span], encoding), encoding, headers);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, TYPE[encoding]]);
      expect((await traceOf(idOf(span))).id).toBe(idOf(span));
    }
  });

  it('bodies may be gzip, or be said to be as they are', async () => {
    const [small, large] = [[chat()], Array.from({ length: 200 }, () => chat())];
    for (const spans of [small, large]) {
      const answer = await sendGzip(service.url, bodyOf(spans, encoding), encoding);
      expect([answer.status, answer.partial]).toEqual([200, null]);
      for (const span of spans.slice(-3)) expect(await traceOf(idOf(span))).toHaveProperty('id');
    }
    const plain = { 'content-encoding': 'identity' };
    const identity = await post(service.url, bodyOf([chat()], encoding), encoding, plain);
    expect([identity.status, identity.partial]).toEqual([200, null]);
  });

  it('an empty request succeeds, and so does an empty body', async () => {
    const none = { 'content-encoding': 'gzip' };
    for (const answer of [
      await send(service.url, [], encoding),
      await post(service.url, '', encoding),
      await post(service.url, '', encoding, none),
      await post(service.url, gzipSync(''), encoding, none),
    ]) {
      expect(answer).toMatchObject({ status: 200, partial: null });
    }
  });

  it.each(Object.entries(DIALECTS))('a body of %s comes back in the one form', async (_, span) => {
    const own = chat();
    const sent = { ...span, traceId: own.traceId, spanId: own.spanId };
    expect(await send(service.url, [sent], encoding)).toMatchObject({ status: 200, partial: null });
    const { items } = (await get('/api/v1/traces?unmapped=true&limit=1000')).json;
    const trace = items.find(({ id }: { id: string }) => id === idOf(sent));
    expect(trace).toMatchObject({
      input: INPUT,
      output: OUTPUT,
      origin: {
        provider: 'openai',
        requestModel: 'gpt-4o',
        responseModel: 'gpt-4o-2024-08-06',
      },
    });
  });

  it('other encodings of the body are refused, in words of this one', async () => {
    for (const how of ['br', 'deflate', 'zstd', 'gzip, gzip']) {
      const sent = { 'content-encoding': how };
      const answer = await post(service.url, bodyOf([chat()], encoding), encoding, sent);
      expect(answer).toMatchObject({ status: 415, refusal: { code: 12 } });
      expect(answer.headers.get('content-type')).toBe(TYPE[encoding]);
      expect(answer.refusal!.message).toContain(how);
    }
  });
});

describe('a request', () => {
  it.each(['text/plain', 'application/grpc', 'application/x-ndjson', 'application/x-protobuffer'])(
    'of the type %s is refused, in JSON',
    async (type) => {
      const answer = await post(service.url, 'x', 'json', { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, refusal: { code: 12 } });
      expect(answer.headers.get('content-type')).toBe(TYPE.json);
    },
  );

  it('that is none is told what can be done there, and elsewhere that there is nothing', async () => {
    const asked = await get('/v1/traces');
    expectProblem(asked, 405, 'method-not-allowed');
    expect(asked.headers.get('allow')).toBe('POST');
    for (const path of ['/v1/metrics', '/v1/logs', '/v1', '/v1/traces/']) {
      expectProblem(await service.ask('POST', path, {}), 404, 'not-found');
    }
  });

  it('has one answer for the spans that were taken and those that were not', async () => {
    const [good, nameless] = [chat(), chat({ spanId: '0000000000000000' })];
    const counted = async (outcome: string) =>
      Number(
        new RegExp(`^underlabel_otlp_spans_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(
          (await get('/metrics')).text,
        )?.[1],
      );
    const before = [await counted('accepted'), await counted('rejected')];
    const { partial } = await send(service.url, [nameless, good, nameless]);
    expect(partial).toEqual({
      rejected: 2,
      message:
        'resourceSpans[0].scopeSpans[0].spans[0]: it has no spanId, or one of zeros; ' +
        'resourceSpans[2].scopeSpans[0].spans[0]: it has no spanId, or one of zeros',
    });
    expect((await traceOf(idOf(good))).id).toBe(idOf(good));
    const after = [await counted('accepted'), await counted('rejected')];
    expect(after).toEqual([before[0]! + 1, before[1]! + 2]);
  });

  it('with what its sender should know says so, and rejects nothing', async () => {
    const spans = Array.from({ length: 3 }, () =>
      chat({ said: { 'underlabel.turn': -1, 'underlabel.label': 'no label' } }),
    );
    const { partial } = await send(service.url, spans, 'json');
    expect(partial).toEqual({
      rejected: 0,
      message:
        'underlabel.label a label is 1–200 of A-Z a-z 0-9 . _ - / @ : and begins with a letter or digit; its 3 spans were taken; ' +
        'underlabel.turn is no whole number from 0; its 3 spans were taken',
    });
    for (const span of spans) expect(await traceOf(idOf(span))).toMatchObject({ turn: null });
  });

  it('keeps spans that are no inferences as context', async () => {
    const inner = chat();
    const { traceId, spanId } = inner;
    const outer = { ...inner, spanId: 'eee19b7ec3c1b174', attributes: {}, name: 'handle' };
    const answer = await send(service.url, [outer, { ...inner, parentSpanId: outer.spanId }]);
    expect(answer).toMatchObject({ status: 200, partial: null });
    expect((await get(`/api/v1/traces/${traceId}-eee19b7ec3c1b174`)).status).toBe(404);
    const { json } = await get(`/api/v1/traces/${traceId}-${spanId}/context`);
    expect(JSON.stringify(json)).toContain('handle');
  });
});

describe('the same span', () => {
  it('is stored once: in a batch, across batches and encodings', async () => {
    const span = chat({ said: { 'gen_ai.prompt.0.content': 'once', list: [1, { a: 2n ** 60n }] } });
    for (const encoding of [...ENCODINGS, ...ENCODINGS]) {
      const answer = await send(service.url, [span, span], encoding);
      expect(answer).toMatchObject({ status: 200, partial: null });
    }
    const { items } = (await get('/api/v1/traces?limit=1000')).json;
    const ids = items.map(({ id }: { id: string }) => id);
    expect(ids.filter((id: string) => id === idOf(span))).toHaveLength(1);
  });

  it('in two requests at once is stored once, and both succeed', async () => {
    const spans = Array.from({ length: 300 }, () => chat());
    const answers = await Promise.all(
      ENCODINGS.flatMap((encoding) => [1, 2].map(() => send(service.url, spans, encoding))),
    );
    expect(answers.map(({ status, partial }) => [status, partial])).toEqual(
      Array(4).fill([200, null]),
    );
  });

  it.each(ENCODINGS)('with other content is rejected by itself, in %s', async (encoding) => {
    const [span, good] = [chat({ said: { 'gen_ai.prompt.0.content': 'first' } }), chat()];
    await send(service.url, [span], encoding);
    const other = { ...span, name: 'something else' };
    const answer = await send(service.url, [other, good, span], encoding);
    const [traceId, spanId] = [span.traceId, span.spanId];
    expect(answer.partial).toEqual({
      rejected: 1,
      message: `the span ${spanId} of the trace ${traceId} is stored already, with other content; it was left as it is`,
    });
    const { attributes } = await traceOf(idOf(span));
    expect(attributes['underlabel.span'].name).toBe('chat');
    expect((await traceOf(idOf(good))).id).toBe(idOf(good));
  });
});

describe('a sender without the right key', () => {
  it.each(ENCODINGS)('is told so in %s', async (encoding) => {
    const keys = (['read', 'ingest', 'admin'] as const).map((role) => ({ role, secret: role }));
    const { url } = await serviceUnderTest({ keys });
    const as = (secret: string) =>
      post(url, bodyOf([chat()], encoding), encoding, { authorization: `Bearer ${secret}` });
    const none = await send(url, [chat()], encoding);
    expect(none).toMatchObject({ status: 401, refusal: { code: 16 } });
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(await as('wrong')).toMatchObject({ status: 401, refusal: { code: 16 } });
    expect(await as('read')).toMatchObject({ status: 403, refusal: { code: 7 } });
    for (const role of ['ingest', 'admin']) {
      expect(await as(role)).toMatchObject({ status: 200, partial: null });
    }
  });

  it('from a foreign page is refused where there are no keys', async () => {
    const origin = { origin: 'https://elsewhere.example' };
    const answer = await post(service.url, bodyOf([chat()], 'json'), 'json', origin);
    expect(answer).toMatchObject({ status: 403, refusal: { code: 7 } });
  });
});

describe('what goes wrong inside', () => {
  it.each(ENCODINGS)(
    'a full disk is 503 in %s, and the same request succeeds later',
    async (how) => {
      const { url, store } = await appUnderTest();
      const text = () => randomBytes(500).toString('base64');
      const spans = Array.from({ length: 200 }, () => chat({ said: { text: text() } }));
      const pages = store.db.$client.pragma('page_count', { simple: true }) as number;
      store.db.$client.pragma(`max_page_count = ${pages + 5}`);
      const refused = await send(url, spans, how);
      expect(refused).toMatchObject({ status: 503, refusal: { code: 14 } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      store.db.$client.pragma('max_page_count = 1000000');
      expect(await send(url, spans, how)).toMatchObject({ status: 200, partial: null });
    },
  );

  it.each(ENCODINGS)(
    'what nobody foresaw is 500 in %s, is logged, and says no more',
    async (how) => {
      const { url, errors } = await appUnderTest({
        seen: (store) => ({ ...store, ingest: () => Promise.reject(new Error('secret')) }),
      });
      const answer = await send(url, [chat()], how);
      expect(answer).toMatchObject({ status: 500, refusal: { code: 13 } });
      expect(answer.refusal!.message).not.toContain('secret');
      expect(errors).toMatchObject([{ message: 'secret' }]);
    },
  );
});

it('a span that names a blob its label is not known to hold has the label read at once', async () => {
  const source = new ScriptedSource();
  const { url, ask, watcher } = await appUnderTest({ source });
  await watcher.start();
  const manifest = { kind: 'manifest', url: 'https://models.example/manifest.json' };
  await ask('PUT', labelPath('og/model'), { source: manifest, every: '7d', clockSkew: '0s' });
  await eventually(
    async () => (await ask('GET', labelPath('og/model'))).json.current,
    (current) => current !== null,
  );
  const { reads } = source;
  const now = BigInt(Date.now()) * 1_000_000n;
  const said = { 'underlabel.label': 'og/model', 'underlabel.blob_id': blobNamed('z') };
  const span = chat({ said, start: now, end: now });
  expect(await send(url, [span])).toMatchObject({ status: 200, partial: null });
  await eventually(
    () => source.reads,
    (count) => count > reads,
  );
  expect((await ask('GET', `/api/v1/traces/${idOf(span)}`)).json).toMatchObject({
    label: 'og/model',
    blobId: blobNamed('z'),
    attribution: { certainty: 'declared' },
  });
});
