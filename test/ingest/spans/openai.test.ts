import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeJson } from '../../../src/ingest/otlp/decode-json.ts';
import type { OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import { openAi } from './openai-api.ts';
import { inferenceIn, traceIn } from './span.ts';

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const closing: (() => void)[] = [];

/** Of the application, as its exporter sent them. */
async function spansOfApp(): Promise<OtlpSpan[]> {
  const api = await listening(openAi);
  const spans: OtlpSpan[] = [];
  const collector = await listening(async (request, response) => {
    spans.push(...decodeJson(await buffer(request)).spans);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const app = join(import.meta.dirname, 'openai-app.cjs');
  await promisify(execFile)(process.execPath, [app, `${api}/v1`, `${collector}/v1/traces`]);
  for (const close of closing) close();
  return spans;
}

describe('the OpenAI client under OpenTelemetry’s own instrumentation', () => {
  let spans: OtlpSpan[];
  beforeAll(async () => {
    spans = await spansOfApp();
  });
  const named = (name: string) => spans.find((span) => span.name === name)!;

  it('sends every call as an inference', () => {
    const seen = spans.map((span) => {
      const { operation, provider, requestModel, responseModel } = inferenceIn(span);
      return [operation, provider, requestModel, responseModel];
    });
    expect(seen).toEqual([
      ['chat', 'openai', 'gpt-4o', 'gpt-4o-2024-08-06'],
      ['embeddings', 'openai', 'text-embedding-3-small', 'text-embedding-3-small'],
      ['chat', 'openai', 'gpt-4o', 'gpt-4o-2024-08-06'],
      ['chat', 'openai', 'gone', null],
    ]);
  });

  it('says tokens, parameters, finish reasons and its answer’s id', () => {
    expect(inferenceIn(named('chat gpt-4o'))).toMatchObject({
      responseId: 'chatcmpl-1',
      tokens: { input: 8, output: 1, total: null },
      parameters: { temperature: 0.5 },
      finishReasons: ['stop'],
      error: null,
    });
  });

  it('says what went wrong', () => {
    expect(inferenceIn(named('chat gone')).error).toEqual({
      type: 'NotFoundError',
      message: expect.stringContaining('404'),
    });
  });

  it('sends content as logs, so its spans have none, not even where they have instructions', () => {
    const traces = spans.map(traceIn);
    expect(traces.map(({ input, output }) => [input, output])).toEqual(Array(4).fill([null, null]));
    const kept = traces.map(({ attributes }) => attributes['gen_ai.system_instructions']);
    expect(kept).toEqual([undefined, undefined, 'Be brief.', undefined]);
  });
});
