/** Deliveries: what channels were told, and what came of it. */
import { z } from 'zod';
import type { Sender } from '../../alert/sender.ts';
import { channelName, delivery } from '../../contract/channel.ts';
import { DELIVERY_STATUSES, type StoredDelivery } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownChannel } from '../known-channel.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { deliveryJson } from '../present.ts';
import { ProblemError } from '../problem.ts';
import { refuseDisabled } from './channels.ts';

interface Means {
  store: Store;
  sender: Pick<Sender, 'wake'>;
  now: () => number;
}

const params = {
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the id of a delivery: digits')
    .transform(Number)
    .meta({ type: 'string', pattern: '^[1-9]\\d{0,14}$' }),
};
const cursorKey = z.strictObject({ id: z.int() });

export function deliveryRoutes(mount: Mount, { store, sender, now }: Means): void {
  const known = async (id: number): Promise<StoredDelivery> => {
    const found = await store.delivery(id);
    if (!found) throw new ProblemError('unknown-delivery', `no delivery '${id}'`);
    return found;
  };

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/deliveries',
      role: 'read',
      summary: 'Deliveries, newest first',
      query: {
        ...pageQuery,
        channel: channelName.optional(),
        status: z.enum(DELIVERY_STATUSES).optional(),
      },
      answers: { 200: { description: 'A page of deliveries', schema: listOf(delivery) } },
    },
    async ({ query: { limit, cursor, ...filter }, c }) => {
      const before = decodeCursor(cursor, cursorKey)?.id ?? null;
      const found = await store.deliveries({ ...filter, limit, before });
      // None of a channel that isn't there would read as if all were well with it.
      if (found.length === 0 && filter.channel !== undefined) {
        await knownChannel(store, filter.channel);
      }
      const json = await presenter(store);
      return c.json(pageOf(found, limit, ({ id }) => ({ id }), json));
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/deliveries/{id}',
      role: 'read',
      summary: 'A delivery',
      params,
      answers: { 200: { description: 'The delivery', schema: delivery } },
    },
    async ({ params: { id }, c }) => c.json((await presenter(store))(await known(id))),
  );

  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/deliveries/{id}/redeliver',
      role: 'admin',
      summary: 'Deliver it (once more), beginning with a first attempt',
      params,
      answers: { 200: { description: 'The delivery, to be made', schema: delivery } },
    },
    async ({ params: { id }, c }) => {
      const { channel } = await known(id);
      refuseDisabled(await knownChannel(store, channel));
      const again = await store.redeliver(id, now());
      sender.wake(channel);
      return c.json(deliveryJson(again));
    },
  );
}

async function presenter(store: Pick<Store, 'channels'>) {
  const channels = await store.channels();
  const disabled = new Set(
    channels.filter((one) => one.disabledAt !== null).map((one) => one.name),
  );
  return (one: StoredDelivery) => deliveryJson(one, disabled.has(one.channel));
}
