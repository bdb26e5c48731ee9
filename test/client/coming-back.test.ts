/** A stamp rests on readings. Back at the service that made them, it must not confirm them. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { expect, it, onTestFinished } from 'vitest';
import { createClient, UnderlabelSpanProcessor } from '../../src/client/index.ts';
import { blobNamed, filesNamed, labelPath, serviceUnderTest } from '../http/service-under-test.ts';

const LABEL = 'og/eth-volatility';

async function traced(attributes: Record<string, string>) {
  const service = await serviceUnderTest();
  const settings = { source: { kind: 'push' }, clockSkew: '0s' };
  await service.ask('PUT', labelPath(LABEL), settings);
  await service.ask('POST', labelPath(LABEL, '/observations'), { files: filesNamed('one') });
  const client = createClient({ url: service.url });
  onTestFinished(() => client.close());
  await client.tagWhenLoaded({ label: LABEL }, { withinMs: 60_000 });
  const exporter = new OTLPTraceExporter({ url: `${service.url}/v1/traces` });
  const sdk = new NodeTracerProvider({
    spanProcessors: [new UnderlabelSpanProcessor(client), new BatchSpanProcessor(exporter)],
  });
  const span = sdk.getTracer('test').startSpan('chat', { attributes });
  span.end();
  await sdk.shutdown();
  const { traceId, spanId } = span.spanContext();
  const { json } = await service.ask('GET', `/api/v1/traces/${traceId}-${spanId}`);
  return json;
}

it('is kept, and is no evidence: the certainty rests on the readings as before', async () => {
  const trace = await traced({ 'gen_ai.request.model': LABEL });
  expect(trace.attributes).toMatchObject({
    'underlabel.blob_id': blobNamed('one'),
    'underlabel.certainty': 'provisional',
    'underlabel.label': LABEL,
  });
  expect(trace).toMatchObject({
    label: LABEL,
    blobId: null,
    attribution: { certainty: 'provisional', declaredBlobId: null },
  });
});

it('leaves what the application declares itself the evidence that it is', async () => {
  const trace = await traced({
    'gen_ai.request.model': LABEL,
    'underlabel.blob_id': blobNamed('two'),
  });
  expect(trace).toMatchObject({
    blobId: blobNamed('two'),
    attribution: { certainty: 'declared', conflict: true },
  });
});
