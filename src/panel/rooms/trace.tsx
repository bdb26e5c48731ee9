/** `/traces/:id`: one trace, now or as it was known at a time; and its texts as they were received. */
import type { Context } from 'hono';
import { spanOfKey } from '../../ingest/spans/trace-key.ts';
import type { Store, StoredTrace } from '../../store/store.ts';
import { givenTime } from '../given-time.ts';
import { TracePage } from '../pages/trace.tsx';
import { PageError, type Panel } from '../panel.tsx';

type Traces = Pick<Store, 'trace' | 'tracesAfter'>;
type Means = { store: Traces & Pick<Store, 'label' | 'blobFacts' | 'contextSpans'> };

const PARTS = ['input', 'output', 'attributes'] as const;

export function traceRoutes({ page, assets }: Panel, { store }: Means): void {
  // The second is for ids that can't be a part of a path: '.' and '..'.
  for (const path of ['/traces/:id', '/trace']) {
    page(path, async (c, context) => {
      const asOf = givenTime(c.req.query('asOf'), context.zone, 'floor');
      const [now, then] = await nowAndThen(store, idOf(c), asOf.at);
      const shown = then ?? now;
      const { blobId } = shown;
      const facts = blobId === null ? null : await store.blobFacts([blobId], asOf.at);
      const span = now.origin && spanOfKey(now.id);
      return c.html(
        <TracePage
          page={context}
          assets={assets}
          now={now}
          then={then}
          asOf={asOf}
          label={shown.label === null ? null : await store.label(shown.label)}
          blob={facts?.get(blobId!) ?? null}
          spans={span ? await store.contextSpans(span.traceId) : []}
        />,
        asOf.problem === null ? 200 : 400,
      );
    });
  }
  for (const part of PARTS) {
    for (const path of [`/traces/:id/${part}`, `/trace/${part}`]) {
      page(path, async (c) => {
        const trace = await knownTrace(store, idOf(c));
        return textOf(c, trace, part);
      });
    }
  }
}

function idOf(c: Context): string {
  return c.req.param('id') ?? c.req.query('id') ?? '';
}

/** Its texts, which may have megabytes, are read once: they are the same at any time. */
async function nowAndThen(
  store: Traces,
  id: string,
  at: number | null,
): Promise<[now: StoredTrace, then: StoredTrace | null]> {
  if (at === null) return [await knownTrace(store, id), null];
  const then = await knownTrace(store, id, at);
  const [now] = await store.tracesAfter(then.seq - 1, 1, false);
  // It may have been let go of in between.
  if (now?.id !== then.id) throw noTrace(id);
  const { input, output, attributes } = then;
  return [{ ...now, input, output, attributes }, then];
}

/** @throws PageError 404 */
async function knownTrace(
  store: Pick<Store, 'trace'>,
  id: string,
  asOf: number | null = null,
): Promise<StoredTrace> {
  const found = await store.trace(id, asOf);
  if (found) return found;
  throw noTrace(id);
}

function noTrace(id: string): PageError {
  const detail = `No trace with the id '${id.slice(0, 200)}' is stored. It never came, or it was let go of: traces are kept as long as keepTraces and the rules of retention say.`;
  return new PageError(404, 'There is no such trace', detail);
}

/** Text that no browser takes for a page, whatever it holds. */
function textOf(c: Context, trace: StoredTrace, part: (typeof PARTS)[number]): Response {
  const text = trace[part];
  if (text === null) {
    throw new PageError(404, `It has no ${part}`, `The trace came without ${part}.`);
  }
  const isDecoded = c.req.query('as') === 'text';
  const name = trace.id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return c.body(isDecoded ? decoded(text) : text, 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `inline; filename="${part}-${name}.txt"`,
    'x-content-type-options': 'nosniff',
  });
}

/** A JSON string as the text that it says; other JSON as it is. */
function decoded(text: string): string {
  if (!text.trimStart().startsWith('"')) return text;
  const value: unknown = JSON.parse(text);
  return typeof value === 'string' ? value : text;
}
