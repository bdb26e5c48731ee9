/** Labels: made, changed, listed, removed. */
import { z } from 'zod';
import { label, labelInput } from '../../contract/label.ts';
import { labelName } from '../../contract/names.ts';
import type { Store } from '../../store/store.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { labelJson } from '../present.ts';

interface Means {
  store: Store;
  watcher: Watcher;
  now: () => number;
}

const params = { name: labelName };
const cursorKey = z.strictObject({ createdAt: z.int(), name: z.string() });

export function labelRoutes(mount: Mount, { store, watcher, now }: Means): void {
  const show = async (name: string) => {
    return labelJson(await knownLabel(store, name), watcher.nextAt(name));
  };

  endpoint(
    mount,
    {
      method: 'put',
      path: '/api/v1/labels/{name}',
      role: 'admin',
      summary: 'Make a label, change its settings, or resume one that was removed',
      params,
      body: labelInput,
      answers: {
        200: { description: 'The label, changed', schema: label },
        201: { description: 'The label, made or resumed', schema: label },
      },
    },
    async ({ params: { name }, body, c }) => {
      const { created } = await store.putLabel(name, body, now());
      watcher.put((await store.label(name))!);
      return c.json(await show(name), created ? 201 : 200);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/labels',
      role: 'read',
      summary: 'Labels, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page of labels', schema: listOf(label) } },
    },
    async ({ query: { limit, cursor }, c }) => {
      const before = decodeCursor(cursor, cursorKey);
      const found = await store.labels({ limit, before });
      const keyOf = ({ createdAt, name }: (typeof found)[number]) => ({ createdAt, name });
      return c.json(pageOf(found, limit, keyOf, (one) => labelJson(one, watcher.nextAt(one.name))));
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/labels/{name}',
      role: 'read',
      summary: 'A label: what is under it, and how its watch goes',
      params,
      answers: { 200: { description: 'The label', schema: label } },
    },
    async ({ params: { name }, c }) => c.json(await show(name)),
  );

  endpoint(
    mount,
    {
      method: 'delete',
      path: '/api/v1/labels/{name}',
      role: 'admin',
      summary: 'Stop the watch of a label; its history stays readable',
      params,
      answers: { 200: { description: 'The label, removed', schema: label } },
    },
    async ({ params: { name }, c }) => {
      await knownLabel(store, name);
      await store.removeLabel(name, now());
      watcher.remove(name);
      return c.json(await show(name));
    },
  );
}
