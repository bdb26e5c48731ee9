/**
 * An endpoint: its schemas validate what comes in, and the same schemas are its OpenAPI entry, so
 * that the two can't differ.
 */
import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { problem as problemSchema } from '../contract/problem.ts';
import type { Gate, Role } from './access.ts';
import { readJson } from './body.ts';
import { ProblemError } from './problem.ts';
import { paramsOf, queryOf } from './url.ts';

type Shape = Record<string, z.ZodType>;
type Parsed<S extends Shape> = z.output<z.ZodObject<S>>;

interface Spec<P extends Shape, Q extends Shape, B extends z.ZodType> {
  method: 'get' | 'put' | 'post' | 'delete';
  /** With `{name}` for parameters. */
  path: string;
  /** Null: open to everybody. */
  role: Role | null;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** True where the request may come without its body; the handler then gets null. */
  bodyOptional?: boolean;
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>;
}

export interface Request<P extends Shape, Q extends Shape, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: B;
  /** The body as it came. */
  text: string;
  c: Context;
}

export interface Mount {
  app: Hono;
  registry: OpenAPIRegistry;
  gate: Gate;
  maxBodyBytes: number;
}

export function endpoint<P extends Shape, Q extends Shape, B extends z.ZodType>(
  { app, registry, gate, maxBodyBytes }: Mount,
  spec: Spec<P, Q, B>,
  handle: (request: Request<P, Q, z.output<B>>) => Promise<Response>,
): void {
  const params = z.strictObject((spec.params ?? {}) as P);
  const query = z.strictObject((spec.query ?? {}) as Q);
  register(registry, spec, params, query);
  app.on(spec.method.toUpperCase(), spec.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
    if (spec.role !== null) gate(c, spec.role);
    const request = {
      params: params.parse(paramsOf(c.req.url, spec.path)) as Parsed<P>,
      query: query.parse(queryOf(c.req.url)) as Parsed<Q>,
      c,
    };
    const json = spec.method === 'get' ? null : await readJson(c, maxBodyBytes);
    if (json === null && spec.body && !spec.bodyOptional) {
      throw new ProblemError('bad-request', 'this needs a JSON body');
    }
    if (json !== null && !spec.body) {
      throw new ProblemError('bad-request', 'this takes no body');
    }
    const body = (json && spec.body ? spec.body.parse(json.value) : null) as z.output<B>;
    return handle({ ...request, body, text: json?.text ?? '' });
  });
}

function register<P extends Shape, Q extends Shape, B extends z.ZodType>(
  registry: OpenAPIRegistry,
  spec: Spec<P, Q, B>,
  params: z.ZodObject<P>,
  query: z.ZodObject<Q>,
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
