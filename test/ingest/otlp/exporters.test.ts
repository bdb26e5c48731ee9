/** What the real exporters send is decoded whole, and they understand what they are answered. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  type AttributeValue,
  DiagLogLevel,
  diag,
  SpanKind,
  SpanStatusCode,
} from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  acceptance,
  type OtlpAnswer,
  partialSuccessOf,
  refusal,
} from '../../../src/ingest/otlp/answer.ts';
import { answerEncodingOf, type OtlpEncoding } from '../../../src/ingest/otlp/encoding.ts';
import type { Decoded } from '../../../src/ingest/otlp/intake.ts';
import { readOtlp } from '../../../src/ingest/otlp/read-otlp.ts';

const EXPORTERS = [
  ['protobuf', ProtobufExporter],
  ['json', JsonExporter],
] as const;
type Exporter = (typeof EXPORTERS)[number][1];
type Config = NonNullable<ConstructorParameters<Exporter>[0]>;

interface Received {
  headers: IncomingMessage['headers'];
  decoded: Decoded;
}

type Answer = (decoded: Decoded, encoding: OtlpEncoding) => OtlpAnswer;
const accepted: Answer = (decoded, encoding) => acceptance(partialSuccessOf(decoded), encoding);

/** A receiver that decodes what comes, and answers the first requests with `answers`, the rest with 200. */
async function receiver(...answers: Answer[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const decoded = readOtlp({
      contentType: request.headers['content-type'],
      contentEncoding: request.headers['content-encoding'],
      body: await buffer(request),
      maxBytes: 2 ** 20,
    });
    received.push({ headers: request.headers, decoded });
    const encoding = answerEncodingOf(request.headers['content-type']);
    const { status, headers, body } = (answers.shift() ?? accepted)(decoded, encoding);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, received };
}

async function send(Exporter: Exporter, config: Config, spans: ReadableSpan[]) {
  const exporter = new Exporter(config);
  const { promise, resolve } = Promise.withResolvers<{ code: number; error?: Error }>();
  exporter.export(spans, resolve);
  const result = await promise;
  await exporter.shutdown();
  return result;
}

/** What the SDK warned of meanwhile. */
let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  const add = (...words: unknown[]) => void warnings.push(words.map(String).join(' '));
  const ignore = () => {};
  const logger = { error: add, warn: add, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
});

const MESSAGES = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'é🦊\0 "' }] }]);
const ATTRIBUTES: Record<string, AttributeValue> = {
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 412,
  'gen_ai.usage.output_tokens': 70_000,
  'gen_ai.request.temperature': 0.7,
  'gen_ai.input.messages': MESSAGES,
  'gen_ai.response.finish_reasons': ['stop', 'length'],
  negative: -5,
  // Past this JavaScript itself writes other digits into JSON than into protobuf.
  large: 2 ** 53,
  larger: 1e300,
  stream: false,
  empty: '',
  none: [],
};

function recorded(): ReadableSpan[] {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  const tracer = provider.getTracer('tests', '1.2.3');
  const options = { kind: SpanKind.CLIENT, attributes: ATTRIBUTES };
  const span = tracer.startSpan('chat gpt-4o', {
    ...options,
    startTime: [1_794_909_600, 123_456_789],
  });
  span.addEvent('gen_ai.choice', { index: 0 }, [1_794_909_601, 1]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'cut' });
  span.end([1_794_909_602, 5]);
  tracer.startSpan('inner').end();
  return memory.getFinishedSpans();
}

describe.each(EXPORTERS)('the %s exporter', (encoding, Exporter) => {
  it.each(['none', 'gzip'])('sends spans that are decoded whole, compression %s', async (how) => {
    const { url, received } = await receiver();
    const spans = recorded();
    const compression = how as NonNullable<Config['compression']>;
    expect(await send(Exporter, { url, compression }, spans)).toEqual({ code: 0 });
    expect(warnings).toEqual([]);
    const [{ headers, decoded }] = received as [Received];
    expect(headers['content-encoding']).toBe(how === 'gzip' ? 'gzip' : undefined);
    expect(headers['content-type']).toContain(encoding);
    expect(decoded.rejected.count).toBe(0);
    const { traceId, spanId } = spans[0]!.spanContext();
    expect(decoded.spans).toHaveLength(2);
    expect(decoded.spans[0]).toEqual({
      traceId,
      spanId,
      parentSpanId: null,
      name: 'chat gpt-4o',
      kind: 3,
      start: 1_794_909_600_123_456_789n,
      end: 1_794_909_602_000_000_005n,
      attributes: { ...ATTRIBUTES, large: 2n ** 53n },
      events: [
        { name: 'gen_ai.choice', time: 1_794_909_601_000_000_001n, attributes: { index: 0 } },
      ],
      status: { code: 2, message: 'cut' },
      resource: spans[0]!.resource.attributes,
      scope: { name: 'tests', version: '1.2.3', attributes: {} },
    });
  });

  it('sends an empty request, and is content with the answer', async () => {
    const { url, received } = await receiver();
    expect(await send(Exporter, { url }, [])).toEqual({ code: 0 });
    expect(received[0]?.decoded.spans).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('learns of rejected spans, and does not send them again', async () => {
    const rejected = { count: 7, messages: ['the first', 'the second'] };
    const { url, received } = await receiver((_, encoding) =>
      acceptance(partialSuccessOf({ rejected, notes: ['a note'] }), encoding),
    );
    expect(await send(Exporter, { url }, recorded())).toEqual({ code: 0 });
    const text = 'the first; the second; and 5 more spans were rejected; a note';
    expect(warnings).toEqual([expect.stringContaining(text)]);
    expect(warnings[0]).toMatch(/"rejectedSpans":"?7"?/);
    expect(received).toHaveLength(1);
  });

  it('tries again after 429, when it was told to', async () => {
    const { url, received } = await receiver((_, encoding) =>
      refusal(429, 'too much waits to be stored', encoding, 0.2),
    );
    const begun = performance.now();
    expect(await send(Exporter, { url }, recorded())).toEqual({ code: 0 });
    expect(performance.now() - begun).toBeGreaterThan(950);
    expect(received.map(({ decoded }) => decoded.spans.length)).toEqual([2, 2]);
  });

  it('gives up after 400', async () => {
    const { url, received } = await receiver((_, encoding) => refusal(400, 'not this', encoding));
    const { code, error } = await send(Exporter, { url }, recorded());
    expect([code, error]).toMatchObject([
      1,
      { code: 400, data: expect.stringContaining('not this') },
    ]);
    expect(received).toHaveLength(1);
  });
});

it('gives the same spans through both exporters', async () => {
  const { url, received } = await receiver();
  const spans = recorded();
  for (const [, Exporter] of EXPORTERS) await send(Exporter, { url }, spans);
  const [fromProtobuf, fromJson] = received;
  expect(fromProtobuf!.decoded).toEqual(fromJson!.decoded);
});
