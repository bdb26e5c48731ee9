/** Where traces are: pages of lists and of one, and what programs are given of the same. */
import { formatTime } from '../contract/time.ts';
import type { TraceFilter } from '../store/store.ts';
import { pathTo, withQuery } from './page.ts';

/** A path can't hold these as a part: browsers take them for the folder itself, and the one above. */
const NO_PARTS: readonly string[] = ['.', '..'];

/** @param part one of its texts, as it was received */
export function tracePath(
  id: string,
  { part, ...query }: { part?: 'input' | 'output' | 'attributes'; asOf?: string; as?: 'text' } = {},
): string {
  if (NO_PARTS.includes(id))
    return withQuery(pathTo('trace', ...(part ? [part] : [])), { id, ...query });
  return withQuery(pathTo('traces', id, ...(part ? [part] : [])), query);
}

/** @param line the filter, as it is typed */
export function tracesPath(
  line: string,
  query: { live?: true | undefined; cursor?: string | undefined } = {},
): string {
  const live = query.live && '1';
  return withQuery('/traces', { q: line === '' ? undefined : line, ...query, live });
}

/** All that match, as JSON lines. */
export function exportPath({ from, to, ...filter }: TraceFilter): string {
  return withQuery('/api/v1/traces/export', {
    ...filter,
    from: from === null ? null : formatTime(from),
    to: to === null ? null : formatTime(to),
  });
}

/** Tells of each that matches, as it is recorded; when it began doesn't count. */
export function streamPath({ from: _from, to: _to, ...filter }: TraceFilter): string {
  return withQuery('/api/v1/traces/stream', { ...filter, fields: 'id' });
}
