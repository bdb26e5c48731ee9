// An application as people write it: the OpenAI client, instrumented by OpenTelemetry. CommonJS, for the
// instrumentation hooks into `require`. Arguments: where the API is, and where traces go.
const { metrics } = require('@opentelemetry/api');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');

const [baseURL, url] = process.argv.slice(2);
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
});
const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
instrumentation.setTracerProvider(provider);
instrumentation.setMeterProvider(metrics.getMeterProvider());
const { OpenAI } = require('openai');

async function main() {
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  await client.chat.completions.create({
    model: 'gpt-4o',
    temperature: 0.5,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  await client.embeddings.create({ model: 'text-embedding-3-small', input: 'Hello' });
  await client.responses.create({ model: 'gpt-4o', instructions: 'Be brief.', input: 'Hello' });
  const refused = { model: 'gone', messages: [{ role: 'user', content: 'Hello' }] };
  await client.chat.completions.create(refused).catch(() => {});
  await provider.shutdown();
}

main().catch((error) => {
  process.stderr.write(String(error.stack));
  process.exitCode = 1;
});
