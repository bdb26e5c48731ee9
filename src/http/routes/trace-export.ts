/**
 * All traces that match, as one stream of JSON lines. A path of its own, not another form of the list:
 * whoever forgets a header would take a page of the list for all there is.
 */
import { z } from 'zod';
import { trace } from '../../contract/trace.ts';
import { tracePart } from '../../contract/trace-part.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import type { LargeParts } from '../large-parts.ts';
import { ProblemError } from '../problem.ts';
import { pulledBody } from '../pulled-body.ts';
import { fieldsQuery } from '../trace-fields.ts';
import { traceLines } from '../trace-lines.ts';
import { traceFilters, tracePeriod } from '../trace-query.ts';

interface Means {
  store: Pick<Store, 'traces'>;
  clock: Pick<Clock, 'after'>;
  stopping: AbortSignal;
  room: LargeParts;
  onError: (error: unknown, request: string) => void;
}

const PATH = '/api/v1/traces/export';
const TYPE = 'application/x-ndjson';
const MOST_AT_ONCE = 10;

export function traceExportRoutes(
  mount: Mount,
  { store, clock, stopping, room, onError }: Means,
): void {
  let underWay = 0;

  endpoint(
    mount,
    {
      method: 'get',
      path: PATH,
      role: 'read',
      summary: 'All traces that match, newest first by startedAt, one JSON object a line',
      query: { ...traceFilters, ...tracePeriod, fields: fieldsQuery },
      answers: {
        200: {
          description:
            'A trace, or the asked fields of it, a line. It is whole where the body ends; one that breaks off is not. Traces recorded meanwhile may be missed, and none comes twice',
          schema: z.union([trace, tracePart]),
          type: TYPE,
        },
      },
    },
    async ({ query: { from, to, fields, ...filter }, c }) => {
      if (stopping.aborted) throw new ProblemError('stopping', 'the service is stopping');
      if (underWay >= MOST_AT_ONCE) {
        const detail = `${MOST_AT_ONCE} exports are under way, and no more are served; ask again later`;
        throw new ProblemError('too-many-streams', detail, { headers: { 'retry-after': '30' } });
      }
      const sent = { 'content-type': TYPE };
      if (c.req.method === 'HEAD') return c.body(null, 200, sent);
      const range = { from: from ?? null, to: to ?? null };
      const parts = traceLines(store, { ...filter, ...range }, fields);
      underWay++;
      const end = () => {
        underWay--;
        parts.end();
      };
      const body = pulledBody(
        c,
        { next: parts.next, end },
        { clock, room, cut: stopping, onError: (error) => onError(error, `GET ${PATH}`) },
      );
      return c.body(body, 200, sent);
    },
  );
}
