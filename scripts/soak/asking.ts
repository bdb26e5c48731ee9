/** Requests to the service, which may die at any moment. */
import type { Findings } from './findings.ts';
import type { Standing } from './standing.ts';

/** Longer than any answer takes; and yet the harness must not wait for ever. */
const LONGEST_ANSWER_MS = 30_000;

export interface Asking {
  standing: Standing;
  findings: Findings;
}

/**
 * @param path under the API; one that begins with `/` is of the service itself
 * @returns a whole answer, or null where the service died before it was given. An error, or none though it lived, is noted
 */
export async function ask<T>(
  { standing, findings }: Asking,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T | null> {
  const { url } = standing;
  if (url === null) return null;
  const { method = init.body === undefined ? 'GET' : 'POST', body } = init;
  try {
    const answer = await fetch(path.startsWith('/') ? `${url}${path}` : `${url}/api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T;
    throw new Error(`the answer is ${answer.status}: ${text.slice(0, 500)}`);
  } catch (error) {
    // Once it is about to be killed or stopped it is no longer said to be up.
    if (standing.url === url) findings.note(`${method} ${path} failed: ${reasonOf(error)}`);
  }
  return null;
}

export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause === undefined ? message : `${message} (${cause})`;
}

/** All of a list, page by page. @throws Error where the service does not answer */
export async function* all<T>(asking: Asking, path: string): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=1000${cursor ? `&cursor=${cursor}` : ''}`;
    type Page = { items: T[]; nextCursor: string | null };
    const page: Page | null = await ask<Page>(asking, `${path}${query}`);
    if (!page) throw new Error(`the list of ${path} broke off: the service did not answer`);
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
