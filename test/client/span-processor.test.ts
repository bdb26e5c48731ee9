import { context, diag, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClientError,
  createClient,
  type OpenSpan,
  type SpanProcessorOptions,
  UnderlabelSpanProcessor,
} from '../../src/client/index.ts';
import { blobOf, idOf } from './published.ts';
import { json, readEvery, type StandIn, standIn } from './stand-in.ts';

const LABEL = 'og/eth-volatility';
const INFERENCE = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'a-model' };
const READING = { readings: readEvery(30_000, Date.now() - 1000, () => 'A') };
type Provider = ConstructorParameters<typeof NodeTracerProvider>[0];

/** The real SDK with the processor and an exporter that keeps what it is given. */
async function traced(options: SpanProcessorOptions = {}, provider: Provider = {}) {
  const service = await standIn({ [LABEL]: READING });
  const client = createClient({ url: service.url });
  await client.tagWhenLoaded({ label: LABEL });
  const errors: ClientError[] = [];
  const onError = (error: ClientError) => errors.push(error);
  const stamping = new UnderlabelSpanProcessor(client, { onError, ...options });
  const exporter = new InMemorySpanExporter();
  const sdk = new NodeTracerProvider({
    ...provider,
    // That it fits is what the compiler checks here.
    spanProcessors: [stamping satisfies SpanProcessor, new SimpleSpanProcessor(exporter)],
  });
  onTestFinished(async () => {
    await sdk.shutdown();
    client.close();
  });
  const span = (
    attributes: Record<string, string | number> = {},
    times: [number?, number?] = [],
  ) => {
    const [startTime, endTime] = times;
    const begun = sdk
      .getTracer('test')
      .startSpan('chat', { attributes, ...(startTime ? { startTime } : {}) });
    begun.end(endTime);
    return stampsOf(exporter.getFinishedSpans().at(-1)!.attributes);
  };
  return { service, client, sdk, exporter, errors, span };
}

/** What of a span's attributes is ours. */
function stampsOf(attributes: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => name.startsWith('underlabel.')),
  );
}

const NAMES = ['certainty', 'label', 'artifact_id', 'blob_id'].map((name) => `underlabel.${name}`);
const STAMP = {
  'underlabel.stamped_by': expect.stringMatching(
    /^underlabel-client\/\d+\.\d+\.\d+; label=og\/eth-volatility; last-reading=\d{4}-.*Z; as-of=\d{4}-.*Z$/,
  ),
  'underlabel.certainty': 'provisional',
  'underlabel.label': LABEL,
  'underlabel.artifact_id': idOf('A'),
  'underlabel.blob_id': blobOf('A'),
};

describe('an inference', () => {
  it('is stamped as it ends, and each name that was stamped is listed', async () => {
    const { span } = await traced();
    expect(span({ ...INFERENCE, 'gen_ai.request.model': LABEL })).toEqual({
      ...STAMP,
      'underlabel.stamped': NAMES,
    });
  });

  it('is stamped for the time it took, from the attributes it has at its end', async () => {
    const { sdk, exporter } = await traced();
    const past = Date.now() - 70_000;
    const open = sdk.getTracer('test').startSpan('chat', { startTime: past });
    open.setAttribute('underlabel.label', LABEL);
    open.end(past + 1000);
    const stamps = stampsOf(exporter.getFinishedSpans()[0]!.attributes);
    expect(stamps).toMatchObject({ 'underlabel.certainty': 'bracketed' });
  });

  it('of a model that is no label stays as it is', async () => {
    const { span, client } = await traced();
    expect(span(INFERENCE)).toEqual({});
    await client.tagWhenLoaded({ label: 'a-model' });
    expect(span(INFERENCE)).toEqual({});
  });

  it('has no artifact without a certainty: none where several may have been there', async () => {
    const { span, service, client } = await traced();
    const readings = readEvery(30_000, Date.now() - 1000, (i) => (i < 4 ? 'A' : 'B'));
    service.labels.set('moved', { readings, clockSkew: '10s' });
    await client.tagWhenLoaded({ label: 'moved' });
    expect(span({ 'underlabel.label': 'moved' })).toEqual({
      'underlabel.label': 'moved',
      'underlabel.certainty': 'ambiguous',
      'underlabel.stamped': ['underlabel.certainty'],
      'underlabel.stamped_by': expect.stringContaining('label=moved'),
    });
  });

  it('says so where nothing is known yet of the label it names', async () => {
    const { span } = await traced();
    expect(span({ 'underlabel.label': 'another' })).toEqual({
      'underlabel.label': 'another',
      'underlabel.certainty': 'unobserved',
      'underlabel.stamped': ['underlabel.certainty'],
      'underlabel.stamped_by': expect.stringContaining('as-of=never; problem=loading'),
    });
  });

  it('names no blob where the artifact has several', async () => {
    const { span, service, client } = await traced();
    service.instead = (request, response) => {
      service.instead = null;
      json(severalBlobs(service, request.url!))(request, response);
    };
    await client.tagWhenLoaded({ label: 'several' });
    const stamps = span({ 'underlabel.label': 'several' });
    expect(stamps).toMatchObject({ 'underlabel.artifact_id': idOf('A') });
    expect(stamps).not.toHaveProperty('underlabel.blob_id');
  });
});

/** The label now, and once it was asked for, its timeline with two blobs. */
function severalBlobs(service: StandIn, url: string): unknown {
  const iso = new Date(Date.now() - 1000).toISOString();
  const window = { after: null, before: iso };
  service.instead = (request, response) => {
    json({
      tenures: [
        {
          artifactId: idOf('A'),
          blobIds: [blobOf('A'), blobOf('B')],
          firstSeenAt: iso,
          lastConfirmedAt: iso,
          began: window,
          ended: null,
        },
      ],
      changes: [{ from: null, to: idOf('A'), ...window }],
      lost: [],
    })(request, response);
  };
  expect(url).toBe('/api/v1/labels/several');
  const times = { every: '30s', clockSkew: '0s', servingLag: '0s' };
  return { ...times, current: null, watch: { lastSuccessAt: null } };
}

describe('evidence of its own', () => {
  it('stays as the application declared it, and is not listed as stamped', async () => {
    const { span } = await traced();
    const declared = { 'underlabel.label': LABEL, 'underlabel.blob_id': blobOf('X') };
    expect(span(declared)).toEqual({
      ...STAMP,
      ...declared,
      'underlabel.stamped': ['underlabel.certainty', 'underlabel.artifact_id'],
    });
  });

  it('on the resource counts for every span, so no blob is stamped on one', async () => {
    const resource = resourceFromAttributes({
      'underlabel.blob_id': blobOf('X'),
      'underlabel.label': LABEL,
    });
    const { span } = await traced({}, { resource });
    expect(span(INFERENCE)['underlabel.stamped']).toEqual(NAMES.slice(0, 3));
  });

  it('is a label that the application gave by the option, so it is not listed', async () => {
    const { span } = await traced({ label: LABEL });
    expect(span(INFERENCE)).toEqual({
      ...STAMP,
      'underlabel.stamped': NAMES.filter((name) => name !== 'underlabel.label'),
    });
  });

  it('cannot be lost by a span that takes few attributes: then nothing is stamped', async () => {
    for (const room of [2, 3, 4, 5, 6, 7]) {
      const { span, errors } = await traced(
        { label: LABEL },
        { spanLimits: { attributeCountLimit: room } },
      );
      const stamps = Object.keys(span(INFERENCE));
      const order = ['stamped', 'stamped_by', ...NAMES.map((name) => name.slice(11))];
      expect(stamps).toEqual(order.slice(0, room - 2).map((name) => `underlabel.${name}`));
      expect(errors.map(({ code }) => code)).toEqual(['no-room']);
    }
  });

  it('cannot be cut short: where long values are cut, only the list and what cut it stand', async () => {
    for (const most of [10, 20, 60, 90]) {
      const { span, errors } = await traced(
        { label: LABEL },
        { spanLimits: { attributeValueLengthLimit: most } },
      );
      expect(Object.keys(span(INFERENCE))).not.toContain('underlabel.artifact_id');
      expect(Object.keys(span(INFERENCE))).not.toContain('underlabel.blob_id');
      expect(errors[0]?.code).toBe('no-room');
    }
  });
});

describe('which spans', () => {
  it('a label for all is for inferences: no tool, no database, no agent', async () => {
    const { span } = await traced({ label: LABEL });
    const stamped = (attributes: Record<string, string>) =>
      Object.hasOwn(span(attributes), 'underlabel.certainty');
    expect(stamped({ 'gen_ai.operation.name': 'embeddings' })).toBe(true);
    expect(stamped({ 'openinference.span.kind': 'LLM' })).toBe(true);
    expect(stamped({ 'llm.request.type': 'chat' })).toBe(true);
    expect(stamped({ 'gen_ai.response.model': 'x' })).toBe(true);
    expect(stamped({})).toBe(false);
    expect(stamped({ 'db.system': 'postgresql' })).toBe(false);
    expect(stamped({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.request.model': 'x' })).toBe(
      false,
    );
    expect(stamped({ 'openinference.span.kind': 'CHAIN' })).toBe(false);
    expect(stamped({ 'traceloop.span.kind': 'task', 'gen_ai.request.model': 'x' })).toBe(false);
  });

  it('a function says it of each span; what the span declares comes before it', async () => {
    const { span } = await traced({
      label: ({ name, attributes }) => (name === 'chat' && attributes.mine ? LABEL : undefined),
    });
    expect(span({ mine: 1 })).toMatchObject({ 'underlabel.label': LABEL });
    expect(span(INFERENCE)).toEqual({});
    expect(span({ mine: 1, 'underlabel.label': 'other' })).toMatchObject({
      'underlabel.label': 'other',
      'underlabel.certainty': 'unobserved',
    });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
    ['gives no label', () => 'no label!'],
    ['gives no text', () => ({ length: 3 })],
  ])('are none where the function %s, and all of them are exported', async (what, label) => {
    const { span, errors, exporter } = await traced({ label: label as () => string });
    expect(span(INFERENCE)).toEqual({});
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    expect(errors.map(({ code }) => code)).toEqual(
      what === 'throws' ? ['hostile-span', 'hostile-span'] : [],
    );
  });

  it('does not matter to a resource that is not settled yet: it is not read', async () => {
    const warned: unknown[] = [];
    const log = (...words: unknown[]) => warned.push(words);
    diag.setLogger({ error: log, warn: log, info: log, debug: () => {}, verbose: () => {} });
    onTestFinished(() => diag.disable());
    const { promise, resolve } = Promise.withResolvers<string>();
    const resource = resourceFromAttributes({ 'service.name': promise });
    const { sdk, exporter } = await traced({ label: LABEL }, { resource });
    sdk.getTracer('test').startSpan('chat', { attributes: INFERENCE }).end();
    expect(warned).toEqual([]);
    resolve('a-service');
    await sdk.forceFlush();
    expect(exporter.getFinishedSpans()[0]!.attributes).toMatchObject({
      'underlabel.certainty': 'provisional',
    });
  });
});

describe('the processor', () => {
  it('throws nothing, whatever is called a span', async () => {
    const { client } = await traced();
    const errors: string[] = [];
    const stamping = new UnderlabelSpanProcessor(client, {
      label: LABEL,
      onError: ({ code }) => {
        errors.push(code);
        throw new Error('mine');
      },
    });
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('theirs');
        },
      },
    );
    const refusing = {
      name: 'x',
      attributes: INFERENCE,
      resource: { attributes: {} },
      startTime: [1, 0],
      endTime: [2, 0],
      setAttribute() {
        throw new Error('theirs');
      },
    };
    for (const span of [undefined, null, 7, {}, hostile, { attributes: hostile }, refusing]) {
      stamping.onStart(span as OpenSpan, ROOT_CONTEXT);
      stamping.onEnding(span as OpenSpan);
      stamping.onEnd(span);
    }
    expect(new Set(errors)).toEqual(new Set(['hostile-span']));
    for (const times of [[], [1], ['a', 'b'], [Number.NaN, 0], [-1, 0], [1e300, 0]]) {
      const odd = { ...refusing, startTime: times, endTime: times, setAttribute: expect.fail };
      stamping.onEnding(odd as unknown as OpenSpan);
    }
    await stamping.forceFlush();
    await stamping.shutdown();
    stamping.onEnding(hostile as OpenSpan);
    const none = undefined as unknown as ReturnType<typeof createClient>;
    expect(() => new UnderlabelSpanProcessor(none, { label: LABEL })).not.toThrow();
  });

  it('says once that an SDK without onEnding lets nothing be stamped', async () => {
    const { client } = await traced();
    const codes: string[] = [];
    const stamping = new UnderlabelSpanProcessor(client, {
      onError: ({ code }) => codes.push(code),
    });
    stamping.onEnd({});
    stamping.onEnd({});
    expect(codes).toEqual(['no-ending']);
  });

  it('stamps once, by the first of two', async () => {
    const { client } = await traced();
    const exporter = new InMemorySpanExporter();
    const sdk = new NodeTracerProvider({
      spanProcessors: [
        new UnderlabelSpanProcessor(client, { label: LABEL }),
        new UnderlabelSpanProcessor(client),
        new SimpleSpanProcessor(exporter),
      ],
    });
    const span = sdk
      .getTracer('test')
      .startSpan('chat', { kind: SpanKind.CLIENT, attributes: INFERENCE });
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => span.end());
    expect(exporter.getFinishedSpans()[0]!.attributes['underlabel.stamped']).not.toContain(
      'underlabel.label',
    );
    await sdk.shutdown();
  });

  it('asks for the label of a span as it starts, so that it is known when it ends', async () => {
    const { sdk, client, service, exporter } = await traced();
    service.labels.set('fresh', READING);
    const open = sdk
      .getTracer('test')
      .startSpan('chat', { attributes: { 'gen_ai.request.model': 'fresh' } });
    await client.tagWhenLoaded({ label: 'fresh' });
    expect(service.asked.filter((path) => path === 'labels/fresh')).toHaveLength(1);
    open.end();
    expect(exporter.getFinishedSpans()[0]!.attributes['underlabel.certainty']).toBe('provisional');
  });
});
