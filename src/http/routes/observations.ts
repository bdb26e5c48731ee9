/** A label's readings: made on demand, pushed, listed. */
import { z } from 'zod';
import { labelName } from '../../contract/names.ts';
import { observation, pushedReading } from '../../contract/observation.ts';
import type { Recorded, Store, StoredObservation } from '../../store/store.ts';
import { ReadDropped, type Watcher } from '../../watch/watcher.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { observationJson } from '../present.ts';
import { badRequest, ProblemError } from '../problem.ts';

interface Means {
  store: Store;
  watcher: Watcher;
  now: () => number;
  /** Told of each reading that was pushed. */
  onPushed: (recorded: Recorded) => void;
}

const params = { name: labelName };
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .default(false)
  .meta({ type: 'boolean' });
const cursorKey = z.strictObject({ requestedAt: z.int(), receivedAt: z.int(), seq: z.int() });

export function observationRoutes(mount: Mount, means: Means): void {
  const { store, now, onPushed } = means;
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
      const label = await knownLabel(store, name);
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
        if (!recorded.duplicate) onPushed(recorded);
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
      await knownLabel(store, name);
      const before = decodeCursor(cursor, cursorKey);
      const found = await store.observations(name, { limit, before });
      return c.json(pageOf(found, limit, observationKey, observationJson));
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

function observationKey({ requestedAt, receivedAt, id }: StoredObservation) {
  return { requestedAt, receivedAt, seq: Number(id.split('-')[1]) };
}
