/** Real clients, unmodified, told where to send by the variables that OpenTelemetry has for it. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { context, DiagLogLevel, diag, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openAi } from '../ingest/spans/openai-api.ts';
import { sharedService, type UnderTest } from './service-under-test.ts';

const SECRET = 'for/the+exporter=';
const service = sharedService({
  keys: [{ role: 'ingest', secret: SECRET }],
  rules: [{ provider: 'openai', requestModel: '*', label: 'openai/{requestModel}' }],
});
const get = (path: string): ReturnType<UnderTest['ask']> =>
  service.ask('GET', path, undefined, { authorization: `Bearer ${SECRET}` });

/** As a person sets them who read docs/otlp.md. */
function environment(compression = 'none', secret = SECRET): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${service.url}/v1/traces`,
    OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${encodeURIComponent(secret)}`,
    OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  };
}

/** What the SDK warned of. */
let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  const add = (...words: unknown[]) => void warnings.push(words.map(String).join(' '));
  const ignore = () => {};
  const logger = { error: add, warn: add, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
});

const MESSAGES = [{ role: 'user', parts: [{ type: 'text', content: 'Grüße 🦊' }] }];

/** An application: a request that asks a model 20 times. @returns the ids of its inferences' traces */
async function application(Exporter: typeof ProtobufExporter | typeof JsonExporter) {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new Exporter())],
  });
  const tracer = provider.getTracer('app', '1');
  const request = tracer.startSpan('POST /advice', { kind: SpanKind.SERVER });
  const inside = trace.setSpan(context.active(), request);
  const ids = Array.from({ length: 20 }, (_, i) => {
    const options = {
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_tokens': i,
        'gen_ai.input.messages': JSON.stringify(MESSAGES),
      },
    };
    const span = tracer.startSpan('chat gpt-4o', options, inside);
    span.end();
    const { traceId, spanId } = span.spanContext();
    return `${traceId}-${spanId}`;
  });
  request.end();
  await provider.shutdown();
  return ids;
}

describe.each([
  ['protobuf', ProtobufExporter],
  ['http/json', JsonExporter],
] as const)('the %s exporter', (_, Exporter) => {
  it.each(['none', 'gzip'])('sends what is stored as traces, compression %s', async (how) => {
    for (const [name, value] of Object.entries(environment(how))) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const ids = await application(Exporter);
    expect(warnings).toEqual([]);
    for (const [i, id] of ids.entries()) {
      expect((await get(`/api/v1/traces/${id}`)).json).toMatchObject({
        label: 'openai/gpt-4o',
        labelBy: 'rule',
        input: MESSAGES,
        attributes: { 'gen_ai.usage.input_tokens': i },
      });
    }
    const { json } = await get(`/api/v1/traces/${ids[0]}/context`);
    expect(JSON.stringify(json)).toContain('POST /advice');
  });

  it('is refused without the right key, and gives up', async () => {
    for (const [name, value] of Object.entries(environment('none', 'wrong'))) {
      vi.stubEnv(name, value);
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(application(Exporter)).rejects.toMatchObject({ code: 401 });
  });
});

it('the instrumented OpenAI client sends models and tokens, and its content stays away', async () => {
  const api = createServer(openAi);
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    api.close();
    api.closeAllConnections();
  });
  const app = join(import.meta.dirname, '../ingest/spans/openai-app.cjs');
  const { port } = api.address() as AddressInfo;
  const where = [`http://127.0.0.1:${port}/v1`, `${service.url}/v1/traces`];
  const env = { ...process.env, ...environment() };
  await promisify(execFile)(process.execPath, [app, ...where], { env });
  const { items } = (await get('/api/v1/traces?label=openai/*&limit=1000')).json;
  type Sent = { attributes: Record<string, unknown> };
  const sent = items.find(
    ({ attributes }: Sent) => attributes['gen_ai.response.id'] === 'chatcmpl-1',
  );
  expect(sent).toMatchObject({
    label: 'openai/gpt-4o',
    origin: {
      provider: 'openai',
      requestModel: 'gpt-4o',
      responseModel: 'gpt-4o-2024-08-06',
    },
    attributes: {
      'gen_ai.usage.input_tokens': 8,
      'gen_ai.usage.output_tokens': 1,
    },
  });
  expect(sent).not.toHaveProperty('input');
  expect(sent).not.toHaveProperty('output');
});
