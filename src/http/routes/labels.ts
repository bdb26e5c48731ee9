/** Labels: made, changed, listed, removed. */
import type { Context } from 'hono';
import { z } from 'zod';
import { label, labelInput, type SourceSpec } from '../../contract/label.ts';
import { labelName } from '../../contract/names.ts';
import type { Store, StoredLabel } from '../../store/store.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { shortenedFields } from '../../words/shown-source.ts';
import { mayDoAll } from '../access.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { labelJson } from '../present.ts';
import { badRequest } from '../problem.ts';

interface Means {
  store: Store;
  watcher: Watcher;
  now: () => number;
}

const params = { name: labelName };
const ADDRESSES =
  'The query of an address of its source may be a secret: other roles than admin see `?…` in its place';
const cursorKey = z.strictObject({ createdAt: z.int(), name: z.string() });

export function labelRoutes(mount: Mount, { store, watcher, now }: Means): void {
  /** Those who may not put it see less of where it is read. */
  const shownTo = (c: Context) => {
    const toAdmin = mayDoAll(mount.gate, c);
    return (one: StoredLabel) => labelJson(one, watcher.nextAt(one.name), toAdmin);
  };
  const show = async (c: Context, name: string) => shownTo(c)(await knownLabel(store, name));

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
      refuseShortened(body.source);
      const { created } = await store.putLabel(name, body, now());
      watcher.put((await store.label(name))!);
      return c.json(await show(c, name), created ? 201 : 200);
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
      answers: { 200: { description: `A page of labels. ${ADDRESSES}`, schema: listOf(label) } },
    },
    async ({ query: { limit, cursor }, c }) => {
      const before = decodeCursor(cursor, cursorKey);
      const found = await store.labels({ limit, before });
      const keyOf = ({ createdAt, name }: (typeof found)[number]) => ({ createdAt, name });
      return c.json(pageOf(found, limit, keyOf, shownTo(c)));
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
      answers: { 200: { description: `The label. ${ADDRESSES}`, schema: label } },
    },
    async ({ params: { name }, c }) => c.json(await show(c, name)),
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
      return c.json(await show(c, name));
    },
  );
}

/** What was answered to somebody who isn't admin would put the label where its token is lost. */
function refuseShortened(source: SourceSpec): void {
  const errors = shortenedFields(source).map((name) => ({
    path: `source.${name}`,
    message:
      'is shortened, as it is shown to those without the role admin; give the whole address (GET with an admin key answers it)',
  }));
  if (errors.length > 0) throw badRequest(errors);
}
