/** What stands around a trace: the spans of its OTLP trace that are no inferences. */
import { z } from 'zod';
import { contextSpan } from '../../contract/context-span.ts';
import { spanOfKey } from '../../ingest/spans/trace-key.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { contextSpanJson } from '../present-trace.ts';
import { ProblemError } from '../problem.ts';

export function traceContextRoutes(mount: Mount, store: Store): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/traces/{id}/context',
      role: 'read',
      summary:
        'The spans beside a trace that are no inferences, by start; none where it was no span',
      params: { id: z.string() },
      answers: {
        200: {
          description: 'The spans, all of those kept',
          schema: z.strictObject({ items: z.array(contextSpan), nextCursor: z.null() }),
        },
      },
    },
    async ({ params: { id }, c }) => {
      const found = await store.trace(id, null);
      if (!found) throw new ProblemError('not-found', `no trace '${id}'`);
      const span = found.origin && spanOfKey(id);
      const spans = span ? await store.contextSpans(span.traceId) : [];
      return c.json({ items: spans.map(contextSpanJson), nextCursor: null });
    },
  );
}
