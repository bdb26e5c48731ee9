/** `/traces`: traces by a filter, a page at a time. */
import { z } from 'zod';
import type { Store, StoredTrace, TraceFilter } from '../../store/store.ts';
import { nearest } from '../../words/nearest.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import { TracesPage } from '../pages/traces.tsx';
import type { Panel } from '../panel.tsx';
import { encodedLength, roomFor } from '../room-on-page.ts';
import { traceLine } from '../trace-filter.ts';
import { tracesPath } from '../trace-links.ts';

const PAGE = 50;
const NONE = { items: [], next: null };
/** Of a row, without what comes from outside. */
const ROW_BYTES = 1100;

const cursorKey = z.strictObject({ startedAt: z.int(), id: z.string() });

type Traces = Pick<Store, 'traces' | 'label' | 'labelNames'>;

export function tracesRoutes({ page, assets }: Panel, { store }: { store: Traces }): void {
  page('/traces', async (c, context) => {
    const line = (c.req.query('q') ?? '').trim();
    const before = keyOfCursor(c.req.query('cursor'), cursorKey);
    const read = traceLine(line, context.zone);
    const { items, next } = read.filter
      ? await store.traces(read.filter, { limit: PAGE, before, texts: false })
      : NONE;
    const near = read.filter && items.length === 0 ? await nearLabel(store, read.filter) : null;
    const shown = roomFor(items, (trace) => bytesOf(trace, line));
    const last = shown.length < items.length ? keyOf(shown.at(-1)!) : next;
    const cursor = last && cursorOf(last);
    return c.html(
      <TracesPage
        page={context}
        assets={assets}
        line={line}
        read={read}
        traces={shown}
        live={c.req.query('live') === '1'}
        isFirst={before === null}
        next={cursor && tracesPath(line, { cursor })}
        near={near}
      />,
      read.filter ? 200 : 400,
    );
  });
}

const keyOf = ({ startedAt, id }: StoredTrace) => ({ startedAt, id });

/** The links that narrow the list down hold its filter too. */
function bytesOf({ id, label, decision }: StoredTrace, line: string): number {
  const links = [id, label, label, decision, decision, line, line];
  return links.reduce((sum, text) => sum + encodedLength(text), ROW_BYTES);
}

/** Where the label asked for is no glob, and nobody registered one of that name. */
async function nearLabel(store: Traces, { label }: TraceFilter): Promise<string | null> {
  if (label === undefined || /[*?]/.test(label) || (await store.label(label))) return null;
  return nearest(label, await store.labelNames());
}
