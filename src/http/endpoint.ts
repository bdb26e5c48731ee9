/**
 * An endpoint: its schemas validate what comes in, and the same schemas are its OpenAPI entry, so
 * that the two can't differ.
 */
import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { problem as problemSchema } from '../contract/problem.ts';
import { parseJsonBody } from '../ingest/json-body.ts';
import type { Gate, Role } from './access.ts';
import { asProblems, readBody } from './body.ts';
import { ProblemError } from './problem.ts';
import { paramsOf, queryOf } from './url.ts';

type Shape = Record<string, z.ZodType>;
type Parsed<S extends Shape> = z.output<z.ZodObject<S>>;

interface Spec<P extends Shape, Q extends Shape, B extends z.ZodType, T, H extends Shape> {
  method: 'get' | 'put' | 'post' | 'delete';
  /** With `{name}` for parameters. */
  path: string;
  /** Null: open to everybody. */
  role: Role | null;
  summary: string;
  params?: P;
  query?: Q;
  /** Those that matter to it; others come along. */
  headers?: H;
  body?: B;
  /** True where the request may come without its body; the handler then gets null. */
  bodyOptional?: boolean;
  /** Takes the body in the schema's place, which then only documents it, and hands it on as it should be. */
  take?: (c: Context, handle: (body: T) => Promise<Response>) => Promise<Response>;
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>;
}

export interface Request<P extends Shape, Q extends Shape, B, H extends Shape> {
  params: Parsed<P>;
  query: Parsed<Q>;
  headers: Parsed<H>;
  body: B;
  c: Context;
}

export interface Mount {
  app: Hono;
  registry: OpenAPIRegistry;
  gate: Gate;
  maxBodyBytes: number;
}

export function endpoint<
  P extends Shape,
  Q extends Shape,
  B extends z.ZodType,
  T = z.output<B>,
  H extends Shape = Record<never, never>,
>(
  { app, registry, gate, maxBodyBytes }: Mount,
  spec: Spec<P, Q, B, T, H>,
  handle: (request: Request<P, Q, T, H>) => Promise<Response>,
): void {
  const params = z.strictObject((spec.params ?? {}) as P);
  const query = z.strictObject((spec.query ?? {}) as Q);
  const headers = z.strictObject((spec.headers ?? {}) as H);
  register(registry, spec, params, query, headers);
  app.on(spec.method.toUpperCase(), spec.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
    if (spec.role !== null) gate(c, spec.role);
    const request = {
      params: params.parse(paramsOf(c.req.url, spec.path)) as Parsed<P>,
      query: query.parse(queryOf(c.req.url)) as Parsed<Q>,
      headers: headers.parse(headersOf(c, Object.keys(headers.shape))) as Parsed<H>,
      c,
    };
    if (spec.take) return spec.take(c, (body) => handle({ ...request, body }));
    const bytes = spec.method === 'get' ? null : await readBody(c, maxBodyBytes);
    if (bytes === null && spec.body && !spec.bodyOptional) {
      throw new ProblemError('bad-request', 'this needs a JSON body');
    }
    if (bytes !== null && !spec.body) {
      throw new ProblemError('bad-request', 'this takes no body');
    }
    const body = bytes === null ? null : await asProblems(() => parseBody(spec, bytes));
    return handle({ ...request, body: body as T });
  });
}

function headersOf(c: Context, names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, c.req.header(name)]));
}

function parseBody({ body }: { body?: z.ZodType }, bytes: Uint8Array): unknown {
  return body?.parse(parseJsonBody(bytes).value);
}

function register<P extends Shape, Q extends Shape, B extends z.ZodType, H extends Shape>(
  registry: OpenAPIRegistry,
  spec: Spec<P, Q, B, unknown, H>,
  params: z.ZodObject<P>,
  query: z.ZodObject<Q>,
  headers: z.ZodObject<H>,
): void {
  const json = (schema: z.ZodType, type = 'application/json') => ({ [type]: { schema } });
  const body = spec.body && {
    content: json(spec.body),
    required: !spec.bodyOptional,
  };
  const answers = Object.entries(spec.answers).map(([status, { description, schema, type }]) => [
    status,
    { description, ...(schema ? { content: json(schema, type) } : {}) },
  ]);
  registry.registerPath({
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    description:
      spec.role === null
        ? 'Open to everybody.'
        : `Needs a key with the role \`${spec.role}\`, where keys are set.`,
    security: spec.role === null ? [] : [{ key: [] }],
    request: {
      ...(spec.params ? { params } : {}),
      ...(spec.query ? { query } : {}),
      ...(spec.headers ? { headers } : {}),
      ...(body ? { body } : {}),
    },
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'A problem (RFC 9457)',
        content: json(problemSchema, 'application/problem+json'),
      },
    },
  });
}
