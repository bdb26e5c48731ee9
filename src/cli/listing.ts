/** A list of the service, page after page. */
import type { Query, Service } from './client.ts';
import { parseExact } from './exact-json.ts';

const MAX_PAGE = 1000;

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Listing<T> {
  items: T[];
  /** `{items, nextCursor}` with every item as the service wrote it. */
  json(): string;
  at: number;
  more: boolean;
}

/** Follows the cursor until there are `limit` items or no more. */
export async function listed<T>(
  service: Service,
  path: string,
  query: Query,
  limit: number,
): Promise<Listing<T>> {
  const items: T[] = [];
  const texts: string[] = [];
  let cursor: string | null = null;
  let at = Date.now();
  do {
    const page: Query = { ...query, limit: Math.min(MAX_PAGE, limit - items.length) };
    if (cursor !== null) page.cursor = cursor;
    const answer = await service.get<Page<T>>(path, page);
    items.push(...answer.body.items);
    texts.push(answer.text);
    cursor = answer.body.nextCursor;
    at = answer.at;
  } while (cursor !== null && items.length < limit);
  const json = () => {
    const pages = texts.map((text) => parseExact(text) as Page<unknown>);
    return JSON.stringify({ items: pages.flatMap((page) => page.items), nextCursor: cursor });
  };
  return { items, json, at, more: cursor !== null };
}
