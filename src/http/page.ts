/** Lists: newest first, in pages, with an opaque cursor. */
import { z } from 'zod';
import { badRequest } from './problem.ts';

export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'expected a whole number from 1 to 1,000')
    .transform(Number)
    .refine((limit) => limit <= 1000, 'expected a whole number from 1 to 1,000')
    .default(100)
    .meta({ type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  cursor: z.string().optional().meta({ description: '`nextCursor` of the page before' }),
};

export function listOf(item: z.ZodType) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

export function encodeCursor(key: object): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key a cursor holds, or null without one. @throws ProblemError where it is none of this list's */
export function decodeCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    const message = 'not a cursor of this list; use nextCursor as it was answered, or leave it out';
    throw badRequest([{ path: 'cursor', message }]);
  }
}

/** A page of answers: a full one may have a next. */
export function pageOf<T, J>(
  items: readonly T[],
  limit: number,
  keyOf: (item: T) => object,
  json: (item: T) => J,
): { items: J[]; nextCursor: string | null } {
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items: items.map(json), nextCursor: last ? encodeCursor(keyOf(last)) : null };
}
