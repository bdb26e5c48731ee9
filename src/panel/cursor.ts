/** Where a page of a list goes on: the key of its last item, in the URL. */
import type { z } from 'zod';
import { badRequest } from './panel.tsx';

export function cursorOf(key: object): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Null without one. @throws PageError where it is none of this list's */
export function keyOfCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badRequest('This address names no place in the list. Begin again at its first page.');
  }
}
