/** A label's readings, and what follows from them. */
import { z } from 'zod';
import { labelName } from '../../contract/names.ts';
import {
  attribution,
  change,
  observation,
  pushedReading,
  timeline,
} from '../../contract/observation.ts';
import { endTime, startTime, TIME_HINT } from '../../contract/time.ts';
import type { Recorded, Store, StoredObservation } from '../../store/store.ts';
import { ReadDropped, type Watcher } from '../../watch/watcher.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { attributionJson, changeJson, observationJson, tenureJson } from '../present.ts';
import { badRequest, ProblemError } from '../problem.ts';
import { unknownLabel } from '../unknown-label.ts';

interface Means {
  store: Store;
  watcher: Watcher;
  now: () => number;
}

const params = { name: labelName };
const range = { from: startTime.optional(), to: endTime.optional() };
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .default(false)
  .meta({ type: 'boolean' });
const cursorKey = z.strictObject({ requestedAt: z.int(), receivedAt: z.int(), seq: z.int() });
const changeKey = z.strictObject({
  detectedAt: z.int(),
  id: z.string().regex(/^[1-9]\d{0,14}-[1-9]\d{0,14}$/),
});

export function observationRoutes(mount: Mount, means: Means): void {
  const { store, now } = means;
  const known = async (name: string) => {
    const label = await store.label(name);
    if (!label) throw await unknownLabel(store, name);
    return label;
  };

  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/labels/{name}/observations',
      // Reading on demand is refused to less than admin below: pushes need only ingest.
      role: 'ingest',
      summary: 'Read the label now (no body; admin), or push a reading',
      params,
      query: { backfill: flag },
      body: pushedReading,
      bodyOptional: true,
      answers: {
        200: { description: 'The very same reading was there already', schema: observation },
        201: { description: 'The observation, failed or not', schema: observation },
      },
    },
    async ({ params: { name }, query: { backfill }, body, c }) => {
      const label = await known(name);
      let recorded: Recorded;
      if (body === null) {
        if (backfill) {
          const message = 'a backfill is a reading of the past: send it as the body';
          throw badRequest([{ path: 'backfill', message }]);
        }
        mount.gate(c, 'admin');
        recorded = await readNow(means, name, label.source.kind, label.removedAt !== null);
      } else {
        const { requestedAt, receivedAt } = body;
        const files = 'files' in body ? body.files : null;
        recorded = await store.recordPush(
          name,
          { requestedAt, receivedAt, files, backfill },
          now(),
        );
      }
      return c.json(observationJson(recorded.observation), recorded.duplicate ? 200 : 201);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/labels/{name}/observations',
      role: 'read',
      summary: 'Every reading of a label, failed ones too, newest first',
      params,
      query: pageQuery,
      answers: { 200: { description: 'A page of observations', schema: listOf(observation) } },
    },
    async ({ params: { name }, query: { limit, cursor }, c }) => {
      await known(name);
      const before = decodeCursor(cursor, cursorKey);
      const found = await store.observations(name, { limit, before });
      return c.json(pageOf(found, limit, observationKey, observationJson));
    },
  );

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
      await known(name);
      const { tenures, changes } = await store.timeline(name, rangeOf(query));
      const blobIds = await store.blobIdsOf(tenures.map((tenure) => tenure.artifactId));
      return c.json({
        tenures: tenures.map((tenure) => tenureJson(tenure, blobIds.get(tenure.artifactId)!)),
        changes: changes.map(changeJson),
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
      await known(name);
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

async function readNow(
  { watcher }: Means,
  name: string,
  kind: string,
  removed: boolean,
): Promise<Recorded> {
  const reading = watcher.readNow(name);
  if (!reading) {
    const why = removed
      ? `'${name}' was removed and isn't read any more; resume it with PUT`
      : `'${name}' has no source to read (${kind}): send the reading as the body`;
    throw new ProblemError('nothing-to-read', why);
  }
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ReadDropped) throw new ProblemError(error.code, error.message);
    throw error;
  }
}

function rangeOf({ from, to }: { from?: number | undefined; to?: number | undefined }) {
  return { from: from ?? null, to: to ?? null };
}

function timeOf(schema: typeof startTime, text: string): number {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badRequest([{ path: 'time', message: TIME_HINT }]);
}

function observationKey({ requestedAt, receivedAt, id }: StoredObservation) {
  return { requestedAt, receivedAt, seq: Number(id.split('-')[1]) };
}
