/** What is published of the API is valid, whole, and what the service does. */
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifactDiff } from '../../src/contract/artifact-diff.ts';
import { blobFacts, verificationState } from '../../src/contract/blob.ts';
import { channel, delivery } from '../../src/contract/channel.ts';
import { report } from '../../src/contract/diff.ts';
import { label } from '../../src/contract/label.ts';
import { attribution, change, observation, timeline } from '../../src/contract/observation.ts';
import { problem } from '../../src/contract/problem.ts';
import { ingestAnswer, trace } from '../../src/contract/trace.ts';
import { serve } from '../fetch/loopback-server.ts';
import { blobNamed, filesNamed, labelPath, sharedService } from './service-under-test.ts';

interface Operation {
  summary: string;
  security: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

const service = sharedService({ allowHosts: ['127.0.0.1'] });
let document: Document;

beforeAll(async () => {
  const asked = await service.ask('GET', '/openapi.json');
  expect(asked.headers.get('content-type')).toMatch(/^application\/json/);
  document = asked.json;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

/** Every object inside a value. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

describe('the OpenAPI document', () => {
  it('is of version 3.1, with a title and a version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({
      title: 'Underlabel',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('has every route of the contract', () => {
    const routes = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(routes.sort()).toEqual(
      [
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'PUT /api/v1/labels/{name}',
        'GET /api/v1/labels/{name}',
        'DELETE /api/v1/labels/{name}',
        'GET /api/v1/labels',
        'POST /api/v1/labels/{name}/observations',
        'GET /api/v1/labels/{name}/observations',
        'GET /api/v1/labels/{name}/timeline',
        'GET /api/v1/labels/{name}/at',
        'GET /api/v1/artifacts/{artifactId}',
        'GET /api/v1/artifacts/{before}/compare/{after}',
        'GET /api/v1/blobs/{blobId}',
        'GET /api/v1/blobs/{blobId}/chain-facts',
        'GET /api/v1/blobs/{blobId}/verifications',
        'POST /api/v1/blobs/{blobId}/verifications',
        'GET /api/v1/answers/{sha256}',
        'POST /api/v1/traces',
        'POST /v1/traces',
        'GET /api/v1/traces',
        'GET /api/v1/traces/{id}',
        'GET /api/v1/traces/{id}/context',
        'GET /api/v1/traces/export',
        'GET /api/v1/traces/stream',
        'GET /api/v1/trace-ids',
        'GET /api/v1/unmapped',
        'GET /api/v1/holds',
        'PUT /api/v1/holds/{name}',
        'DELETE /api/v1/holds/{name}',
        'GET /api/v1/changes',
        'GET /api/v1/changes/{id}',
        'POST /api/v1/diffs',
        'GET /api/v1/diffs',
        'GET /api/v1/diffs/{id}',
        'DELETE /api/v1/diffs/{id}',
        'PUT /api/v1/channels/{name}',
        'GET /api/v1/channels/{name}',
        'DELETE /api/v1/channels/{name}',
        'POST /api/v1/channels/{name}/test',
        'GET /api/v1/channels',
        'GET /api/v1/deliveries',
        'GET /api/v1/deliveries/{id}',
        'POST /api/v1/deliveries/{id}/redeliver',
        'GET /api/v1/events',
        'POST /api/v1/backup',
      ].sort(),
    );
  });

  it('every route of it is there', async () => {
    for (const { path, method } of operations()) {
      // With a parameter that none has: a stream would never end.
      const asked = await service.ask(
        method.toUpperCase(),
        `${path.replace(/\{\w+\}/g, 'x')}?none=1`,
      );
      const where = `${method} ${path}`;
      expect(asked.status, where).not.toBe(405);
      expect(asked.text, where).not.toContain('nothing is at');
    }
  });

  it('describes each operation: what it is for, what it takes, what it answers', () => {
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).toBeTruthy();
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      const declared = (operation.parameters ?? []).filter((one) => one.in === 'path');
      expect(declared.map(({ name }) => name).sort(), where).toEqual(inPath.sort());
      for (const parameter of operation.parameters ?? []) {
        expect(['path', 'query', 'header'], where).toContain(parameter.in);
        expect(parameter.schema, `${where} ${parameter.name}`).toBeTypeOf('object');
        if (parameter.in === 'path') expect(parameter.required, where).toBe(true);
      }
      const names = (operation.parameters ?? []).map((one) => `${one.in} ${one.name}`);
      expect(new Set(names).size, where).toBe(names.length);
      const statuses = Object.keys(operation.responses);
      expect(statuses, where).toContain('default');
      expect(
        statuses.some((status) => /^20\d$/.test(status)),
        where,
      ).toBe(true);
      for (const [status, answer] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^([1-5]\d\d|default)$/);
        expect(answer.description, where).toBeTruthy();
        expect(Object.values(answer.content ?? {})[0]?.schema, where).toBeTypeOf('object');
      }
    }
  });

  it('needs a key wherever a key is asked for', () => {
    expect(document.components.securitySchemes).toEqual({
      key: { type: 'http', scheme: 'bearer' },
    });
    for (const { path, operation } of operations()) {
      const open = ['/healthz', '/readyz'].includes(path);
      expect(operation.security, path).toEqual(open ? [] : [{ key: [] }]);
    }
  });

  it('names no schema that it does not have', () => {
    const refs = [...objectsIn(document)].flatMap(({ $ref }) =>
      typeof $ref === 'string' ? [$ref] : [],
    );
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(ref)?.[1];
      expect(Object.keys(document.components.schemas), ref).toContain(name);
    }
  });

  it('speaks JSON Schema 2020-12, not the dialect of OpenAPI 3.0', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    for (const one of objectsIn([document.components.schemas, document.paths])) {
      expect(one).not.toHaveProperty('nullable');
      expect(one.exclusiveMinimum).not.toBeTypeOf('boolean');
      if (typeof one.type === 'string' && !('in' in one)) expect(types).toContain(one.type);
      if (typeof one.pattern === 'string')
        expect(() => new RegExp(one.pattern as string, 'u')).not.toThrow();
      if (Array.isArray(one.required) && one.properties) {
        expect(Object.keys(one.properties)).toEqual(expect.arrayContaining(one.required));
      }
    }
  });

  it('publishes the schema of the report of a diff', () => {
    const schema = document.components.schemas.DiffReport as {
      type: string;
      additionalProperties: boolean;
      required: string[];
    };
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(schema.required.sort()).toEqual(Object.keys(report.shape).sort());
    const answer = document.paths['/api/v1/diffs']!.post!.responses['200']!;
    expect(answer.content!['application/json']!.schema).toEqual({
      $ref: '#/components/schemas/DiffReport',
    });
  });

  it('publishes events as what the stream of them holds', () => {
    const { responses, parameters } = document.paths['/api/v1/events']!.get!;
    const content = responses['200']!.content!;
    expect(content).toEqual({
      'text/event-stream': { schema: { $ref: '#/components/schemas/Event' } },
    });
    const { Event } = document.components.schemas as { Event: { oneOf: { $ref: string }[] } };
    expect(Event.oneOf.map(({ $ref }) => $ref)).toContain('#/components/schemas/ChangeEvent');
    expect(parameters!.find((one) => one.in === 'header')).toMatchObject({ name: 'Last-Event-ID' });
  });

  it('says of requests what is checked of them', () => {
    const list = document.paths['/api/v1/traces']!.get!.parameters!;
    expect(list.find(({ name }) => name === 'limit')!.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 100,
    });
    expect(list.find(({ name }) => name === 'from')!.schema).toMatchObject({
      type: 'string',
      format: 'date-time',
    });
    const push = document.paths['/api/v1/labels/{name}/observations']!.post!;
    expect(push.requestBody!.required).not.toBe(true);
    expect(document.paths['/api/v1/traces']!.post!.requestBody!.required).toBe(true);
  });
});

describe('what the service answers', () => {
  const LABEL = 'og/volatility';
  const listOf = (item: z.ZodType) =>
    z.strictObject({ items: z.array(item).min(1), nextCursor: z.string().nullable() });
  const file = z.strictObject({ path: z.string(), blobId: z.string(), size: z.int().nullable() });

  it('is what is published', async () => {
    const manifest = await serve(() => ({ status: 500 }));
    const source = { kind: 'manifest', url: manifest.origin };
    const start = '2026-11-17T10:00:00Z';
    const end = '2026-11-17T10:00:10Z';
    const instants = { requestedAt: start, receivedAt: start };
    const observations = labelPath(LABEL, '/observations');
    const made = [
      await service.ask('PUT', labelPath(LABEL), { source, every: '7d' }),
      await service.ask('POST', observations),
      await service.ask('POST', `${observations}?backfill=true`, {
        ...instants,
        files: filesNamed('a'),
      }),
      await service.ask('POST', `${observations}?backfill=true`, { absent: true }),
      await service.ask('POST', '/api/v1/traces', {
        traces: [
          {
            id: 'whole',
            label: LABEL,
            startedAt: end,
            endedAt: end,
            input: 1,
            output: [2],
            decision: 'HOLD',
            blobId: blobNamed('a'),
            context: 'c',
            turn: 1,
            attributes: { a: 1 },
          },
          { id: 'bare', label: LABEL, startedAt: end, endedAt: end },
          {},
        ],
      }),
    ];
    const [put, failed, pushed, , ingested] = made.map(({ json }) => json);
    label.parse(put);
    observation.parse(failed);
    observation.parse(pushed);
    ingestAnswer.parse(ingested);
    const desk = await service.ask('PUT', '/api/v1/channels/desk', { kind: 'log' });
    channel.parse(desk.json);
    const { json: tested } = await service.ask('POST', '/api/v1/channels/desk/test');
    delivery.parse(tested);
    const answers: [string, z.ZodType][] = [
      [labelPath(LABEL), label],
      ['/api/v1/labels', listOf(label)],
      [observations, listOf(observation)],
      [labelPath(LABEL, '/timeline'), timeline],
      [labelPath(LABEL, `/at?time=${end}`), attribution],
      ['/api/v1/changes', listOf(change)],
      [`/api/v1/changes/${pushed.id}`, change],
      ['/api/v1/traces', listOf(trace)],
      ['/api/v1/traces/whole', trace],
      ['/api/v1/traces/bare', trace],
      [
        `/api/v1/artifacts/${pushed.artifactId}`,
        z.strictObject({
          artifactId: z.string(),
          files: z.array(file),
          labels: z.array(z.string()),
          verification: verificationState,
          blobs: z.array(z.strictObject(blobFacts)),
        }),
      ],
      [`/api/v1/artifacts/${pushed.artifactId}/compare/${pushed.artifactId}`, artifactDiff],
      ['/api/v1/channels', listOf(channel)],
      ['/api/v1/channels/desk', channel],
      ['/api/v1/deliveries', listOf(delivery)],
      [`/api/v1/deliveries/${tested.id}`, delivery],
      ['/api/v1/traces/none', problem],
      ['/api/v1/labels?limit=0', problem],
    ];
    for (const [path, schema] of answers) {
      const { json } = await service.ask('GET', path);
      const parsed = schema.safeParse(json);
      expect(parsed.error?.issues, path).toBeUndefined();
    }
    const side = { from: start, to: '2026-11-18T00:00:00Z' };
    const diff = await service.ask('POST', '/api/v1/diffs', {
      label: LABEL,
      before: side,
      after: side,
      across: true,
    });
    expect(report.safeParse(diff.json).error?.issues).toBeUndefined();
  });

  it('to Prometheus is its text format', async () => {
    const { text, headers } = await service.ask('GET', '/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4');
    for (const line of text.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+.\deNaInf]+|)$/);
    }
    expect(text).toContain('underlabel_traces_total{outcome="accepted"}');
    expect(text).toContain('underlabel_readings_total{outcome="failed",code="http-status"}');
  });
});

describe('the docs', () => {
  it('show every operation and every schema', async () => {
    const { text } = await service.ask('GET', '/docs');
    for (const { path } of operations()) expect(text).toContain(path);
    for (const name of Object.keys(document.components.schemas)) {
      expect(text).toContain(`<summary>${name}</summary>`);
    }
  });

  it('load nothing, from outside or from here, and run nothing', async () => {
    const { text, headers } = await service.ask('GET', '/docs');
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|https?:|\*/);
    expect(text).not.toMatch(/<(script|link|img|iframe|object|embed|form|base|svg)\b/i);
    expect(text).not.toMatch(/\b(src|srcset|action|on\w+)=/i);
    expect(text).not.toMatch(/url\(|@import/i);
    const links = [...text.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    const within = links.filter((link) => link!.startsWith('#'));
    expect(links.filter((link) => !within.includes(link))).toEqual(['/openapi.json']);
    for (const link of within) expect(text).toContain(`id="${link!.slice(1)}"`);
  });

  it('are one link away from where one arrives', async () => {
    const response = await fetch(service.url, { redirect: 'manual' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('href="/docs"');
  });
});
