/** Some fields of a trace, where only those are asked for: `id`, `attribution.certainty`. */
import { z } from 'zod';
import { trace } from './trace.ts';

const INSIDE = 2;

/** What `fields` may name, in the order in which a trace has them. */
export const TRACE_FIELDS: readonly string[] = Object.entries(trace.shape).flatMap(
  ([name, schema]) => pathsOf(name, schema, INSIDE),
);

function pathsOf(path: string, schema: z.ZodType, depth: number): string[] {
  const inner = depth > 0 ? objectIn(schema) : null;
  const members = Object.entries(inner?.shape ?? {}) as [string, z.ZodType][];
  return [
    path,
    ...members.flatMap(([name, member]) => pathsOf(`${path}.${name}`, member, depth - 1)),
  ];
}

/** A trace in which each field is there where it was asked for. */
export const tracePart = partOf(trace, INSIDE).meta({ id: 'TracePart' });

function partOf(schema: z.ZodObject, depth: number): z.ZodObject {
  const members = Object.entries(schema.shape) as [string, z.ZodType][];
  const parts = members.map(([name, member]) => {
    const inner = depth > 0 ? objectIn(member) : null;
    if (!inner) return [name, member.optional()];
    const part = partOf(inner, depth - 1);
    return [name, (member instanceof z.ZodNullable ? part.nullable() : part).optional()];
  });
  return z.strictObject(Object.fromEntries(parts));
}

function objectIn(schema: z.ZodType): z.ZodObject | null {
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? inner : null;
}
