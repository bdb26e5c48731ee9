/** Whole ids of traces, by the beginning or the end of them. */
import { z } from 'zod';
import { formatTime, formatTimeOrNull } from '../../contract/time.ts';
import { foundTraceIds, LEAST_ID_PART } from '../../contract/trace-ids.ts';
import type { IdPart } from '../../store/id-search.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { pageQuery } from '../page.ts';
import { badRequest } from '../problem.ts';
import { tracePeriod } from '../trace-query.ts';

const part = z.string().max(200, 'is longer than an id').default('');

export function traceIdRoutes(mount: Mount, store: Pick<Store, 'traceIds'>): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/trace-ids',
      role: 'read',
      summary: 'Ids of traces that begin and end so, among the 10,000 that began last',
      query: {
        prefix: part.meta({ description: 'What the id begins with' }),
        suffix: part.meta({
          description: `What it ends with; ${LEAST_ID_PART} characters with \`prefix\``,
        }),
        ...tracePeriod,
        limit: pageQuery.limit,
      },
      answers: {
        200: { description: 'The ids, and what was looked at', schema: foundTraceIds },
      },
    },
    async ({ query: { prefix, suffix, from, to, limit }, c }) => {
      refuseShort({ prefix, suffix });
      const period = { from: from ?? null, to: to ?? null };
      const found = await store.traceIds({ prefix, suffix, ...period }, limit);
      return c.json({
        ...found,
        items: found.items.map((one) => ({ ...one, startedAt: formatTime(one.startedAt) })),
        lookedFrom: formatTimeOrNull(found.lookedFrom),
        nextCursor: null,
      });
    },
  );
}

/** So few characters would fit by chance. */
function refuseShort({ prefix, suffix }: IdPart): void {
  if ([...prefix, ...suffix].length >= LEAST_ID_PART) return;
  const message = `expected ${LEAST_ID_PART} characters of an id or more, together with suffix`;
  throw badRequest([{ path: 'prefix', message }]);
}
