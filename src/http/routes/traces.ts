/** Traces: taken in, listed, and one by one with their attribution. */
import { z } from 'zod';
import { startTime } from '../../contract/time.ts';
import { type IngestAnswer, ingestAnswer, trace, traceBatch } from '../../contract/trace.ts';
import { tracePart } from '../../contract/trace-part.ts';
import type { ParsedBatch } from '../../ingest/native.ts';
import type { Ingested, Store } from '../../store/store.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { joinedBytes } from '../joined-bytes.ts';
import type { Metrics } from '../metrics.ts';
import { decodeCursor, encodeCursor, listOf, pageQuery } from '../page.ts';
import { traceText } from '../present-trace.ts';
import { ProblemError } from '../problem.ts';
import { fieldsQuery, needsTexts } from '../trace-fields.ts';
import type { TraceIntake } from '../trace-intake.ts';
import { traceFilters, tracePeriod } from '../trace-query.ts';

interface Means {
  store: Store;
  watcher: Watcher;
  metrics: Metrics;
  intake: Pick<TraceIntake, 'native'>;
  now: () => number;
}

const cursorKey = z.strictObject({ startedAt: z.int(), id: z.string() });

export function traceRoutes(mount: Mount, { store, watcher, metrics, intake, now }: Means): void {
  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/traces',
      role: 'ingest',
      summary: 'Store traces; each is accepted, a duplicate, or rejected by itself',
      body: traceBatch,
      take: intake.native,
      answers: {
        200: { description: 'What was accepted is on disk', schema: ingestAnswer },
      },
    },
    async ({ body: batch, c }) => {
      const ingested = await store.ingest(
        batch.traces.map(({ trace: one }) => one),
        now(),
      );
      const answer = answerOf(batch, ingested);
      metrics.ingested(answer, ingested.unknownLabels);
      // A trace that names a blob we haven't seen: the label may have moved. Read it at once.
      for (const { label } of ingested.conflicts) watcher.readNow(label)?.catch(() => {});
      return c.json(answer);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/traces',
      role: 'read',
      summary: 'Traces with their attributions, newest first by startedAt',
      query: { ...pageQuery, ...traceFilters, ...tracePeriod, fields: fieldsQuery },
      answers: {
        200: {
          description: 'A page of traces, or of the asked fields of each',
          schema: listOf(z.union([trace, tracePart])),
        },
      },
    },
    async ({ query: { limit, cursor, from, to, fields, ...filter }, c }) => {
      const before = decodeCursor(cursor, cursorKey);
      const range = { from: from ?? null, to: to ?? null };
      const page = { limit, before, texts: needsTexts(fields) };
      const { items, next } = await store.traces({ ...filter, ...range }, page);
      const nextCursor = JSON.stringify(next && encodeCursor(next));
      const texts = items.map((one, i) => (i === 0 ? '' : ',') + traceText(one, fields));
      const body = joinedBytes(['{"items":[', ...texts, `],"nextCursor":${nextCursor}}`]);
      return c.body(body, 200, { 'content-type': 'application/json' });
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/traces/{id}',
      role: 'read',
      summary: 'A trace with its attribution, now or as of a time',
      params: { id: z.string() },
      query: { asOf: startTime.optional() },
      answers: { 200: { description: 'The trace', schema: trace } },
    },
    async ({ params: { id }, query: { asOf }, c }) => {
      const found = await store.trace(id, asOf ?? null);
      if (!found) throw new ProblemError('not-found', `no trace '${id}'`);
      return c.body(traceText(found), 200, { 'content-type': 'application/json' });
    },
  );
}

function answerOf({ traces, rejected }: ParsedBatch, { outcomes }: Ingested): IngestAnswer {
  const answer: IngestAnswer = { accepted: 0, duplicates: 0, ids: [], rejected: [...rejected] };
  traces.forEach(({ index, trace: { id } }, i) => {
    const outcome = outcomes[i]!;
    if (outcome === 'other-content') {
      const message = `a trace with the id '${id}' and other content is stored already; it was left as it is`;
      answer.rejected.push({ index, path: 'id', message });
      return;
    }
    if (outcome === 'accepted') answer.accepted++;
    else answer.duplicates++;
    answer.ids.push(id);
  });
  answer.rejected.sort((a, b) => a.index - b.index);
  return answer;
}
