/** Holds: set, listed, lifted. */
import { z } from 'zod';
import { type HoldJson, hold, holdInput, holdName } from '../../contract/hold.ts';
import { formatTime } from '../../contract/time.ts';
import { AFTER_ALL, BEFORE_ALL } from '../../lineage/timeline.ts';
import type { Store, StoredHold } from '../../store/store.ts';
import { nearest } from '../../words/nearest.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';

interface Means {
  store: Pick<Store, 'putHold' | 'removeHold' | 'holds'>;
  now: () => number;
}

const PATH = '/api/v1/holds';
const params = { name: holdName };

export function holdRoutes(mount: Mount, { store, now }: Means): void {
  const held = async (name: string) => (await store.holds()).find((one) => one.name === name);

  endpoint(
    mount,
    {
      method: 'put',
      path: `${PATH}/{name}`,
      role: 'admin',
      summary: 'Keep the traces of a label from a period, whatever retention says',
      params,
      body: holdInput,
      answers: {
        200: { description: 'The hold, in the place of the one it had', schema: hold },
        201: { description: 'The hold, set', schema: hold },
      },
    },
    async ({ params: { name }, body: { label, from, to, reason }, c }) => {
      const before = await held(name);
      const period = { from: from ?? BEFORE_ALL, to: to ?? AFTER_ALL };
      await store.putHold({ name, label, ...period, reason }, now());
      const set = await held(name);
      if (!set) throw new ProblemError('not-found', `the hold '${name}' was lifted meanwhile`);
      return c.json(holdJson(set), before ? 200 : 201);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: PATH,
      role: 'read',
      summary: 'All holds',
      answers: {
        200: {
          description: 'The holds',
          schema: z.strictObject({ items: z.array(hold), nextCursor: z.null() }),
        },
      },
    },
    async ({ c }) => c.json({ items: (await store.holds()).map(holdJson), nextCursor: null }),
  );

  endpoint(
    mount,
    {
      method: 'delete',
      path: `${PATH}/{name}`,
      role: 'admin',
      summary: 'Lift a hold: retention counts for its traces again',
      params,
      answers: { 200: { description: 'The hold as it was', schema: hold } },
    },
    async ({ params: { name }, c }) => {
      const lifted = await held(name);
      if (!lifted || !(await store.removeHold(name))) throw await unknown(store, name);
      return c.json(holdJson(lifted));
    },
  );
}

async function unknown(store: Pick<Store, 'holds'>, name: string): Promise<ProblemError> {
  const near = nearest(
    name,
    (await store.holds()).map((one) => one.name),
  );
  const hint = near ? `; did you mean '${near}'?` : '';
  return new ProblemError('not-found', `no hold '${name}'${hint}`);
}

function holdJson({ name, label, from, to, reason, createdAt }: StoredHold): HoldJson {
  return {
    name,
    label,
    from: from === BEFORE_ALL ? null : formatTime(from),
    to: to === AFTER_ALL ? null : formatTime(to),
    reason,
    createdAt: formatTime(createdAt),
  };
}
