/** Every page of the panel that links lead to, a few of each kind. */
import { unescaped } from './traced.ts';

const ROOMS = ['/', '/traces', '/diffs', '/changes', '/alerts', '/unmapped'];
/** Ends of paths that make another page than what stands before them. */
const TAILS = /^(input|output|new)$/;

export interface FoundPage {
  path: string;
  status: number;
  html: string;
}

/** `/traces/x?q=1` is of the kind `/traces/*?q`. */
export function kindOf(path: string): string {
  const { pathname, searchParams } = new URL(path, 'http://x');
  const [, room = '', ...rest] = pathname.split('/');
  const last = rest.at(-1) ?? '';
  const tail = TAILS.test(last) ? last : '';
  return `/${room}${rest.map(() => '/*').join('')}${tail}?${[...searchParams.keys()].sort()}`;
}

/** @param most pages of each kind */
export async function pagesOf(url: string, most: number): Promise<FoundPage[]> {
  const pages: FoundPage[] = [];
  const counts = new Map<string, number>();
  const queue = [...ROOMS];
  const known = new Set(queue);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const answer = await fetch(url + path, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
    pages.push({ path, status: answer.status, html });
    for (const next of linksIn(html)) {
      const kind = kindOf(next);
      const count = counts.get(kind) ?? 0;
      if (count >= most || known.has(next)) continue;
      counts.set(kind, count + 1);
      known.add(next);
      queue.push(next);
    }
  }
  return pages;
}

/** To pages of the panel. */
function linksIn(html: string): string[] {
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)]
    .map(([, href]) => unescaped(href!).replace(/#.*$/, ''))
    .filter((path) => /^\/(?!\/)/.test(path) && !/^\/(api\/|docs$|openapi)/.test(path));
}
