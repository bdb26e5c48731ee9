/** What follows from a label's readings: its timeline, what was under it when, and the changes. */
import { z } from 'zod';
import { labelName } from '../../contract/names.ts';
import { attribution, change, timeline } from '../../contract/observation.ts';
import { endTime, startTime, TIME_HINT } from '../../contract/time.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { attributionJson, changeJson, lostJson, tenureJson } from '../present.ts';
import { badRequest, ProblemError } from '../problem.ts';

const params = { name: labelName };
const range = { from: startTime.optional(), to: endTime.optional() };
const changeKey = z.strictObject({
  detectedAt: z.int(),
  id: z.string().regex(/^[1-9]\d{0,14}-[1-9]\d{0,14}$/),
});

export function timelineRoutes(mount: Mount, store: Store, now: () => number): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/labels/{name}/timeline',
      role: 'read',
      summary: 'Tenures and changes, oldest first',
      params,
      query: range,
      answers: { 200: { description: 'The timeline', schema: timeline } },
    },
    async ({ params: { name }, query, c }) => {
      await knownLabel(store, name);
      const { tenures, changes, lost } = await store.timeline(name, rangeOf(query));
      const blobIds = await store.blobIdsOf(tenures.map((tenure) => tenure.artifactId));
      return c.json({
        tenures: tenures.map((tenure) => tenureJson(tenure, blobIds.get(tenure.artifactId)!)),
        changes: changes.map(changeJson),
        lost: lost.map(lostJson),
      });
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/labels/{name}/at',
      role: 'read',
      summary: 'What was under the label then, and how certain that is',
      params,
      query: { time: z.string(), until: endTime.optional(), asOf: startTime.optional() },
      answers: { 200: { description: 'The attribution', schema: attribution } },
    },
    async ({ params: { name }, query, c }) => {
      await knownLabel(store, name);
      const from = timeOf(startTime, query.time);
      const until = query.until ?? timeOf(endTime, query.time);
      if (until < from) throw badRequest([{ path: 'until', message: 'until is before time' }]);
      if (from > now()) {
        const message = 'time is ahead of now; nobody knows what will be under the label';
        throw badRequest([{ path: 'time', message }]);
      }
      return c.json(
        attributionJson(await store.attributionAt(name, from, until, query.asOf ?? null)),
      );
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/changes',
      role: 'read',
      summary: 'Changes of all labels, newest first by when they were detected',
      query: {
        ...pageQuery,
        ...range,
        label: z.string().optional().meta({ description: 'A glob' }),
      },
      answers: { 200: { description: 'A page of changes', schema: listOf(change) } },
    },
    async ({ query, c }) => {
      const before = decodeCursor(query.cursor, changeKey);
      const filter = { ...rangeOf(query), label: query.label ?? null, limit: query.limit, before };
      const found = await store.changes(filter);
      const keyOf = ({ detectedAt, id }: (typeof found)[number]) => ({ detectedAt, id });
      return c.json(pageOf(found, query.limit, keyOf, changeJson));
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/changes/{id}',
      role: 'read',
      summary: 'A change by its id, also one that a backfill has retired',
      params: { id: z.string() },
      answers: { 200: { description: 'The change', schema: change } },
    },
    async ({ params: { id }, c }) => {
      const found = await store.change(id);
      if (!found) throw new ProblemError('not-found', `no change '${id}'`);
      return c.json(changeJson(found));
    },
  );
}

function rangeOf({ from, to }: { from?: number | undefined; to?: number | undefined }) {
  return { from: from ?? null, to: to ?? null };
}

function timeOf(schema: typeof startTime, text: string): number {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badRequest([{ path: 'time', message: TIME_HINT }]);
}
