/** Channels: where events are told. Made, changed, tried out, removed. */
import type { Context } from 'hono';
import { z } from 'zod';
import { secretToMake, settingsOf } from '../../alert/channel-settings.ts';
import type { Sender } from '../../alert/sender.ts';
import { channel, channelInput, channelName, delivery } from '../../contract/channel.ts';
import type { StoredChannel } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { mayDoAll } from '../access.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { refuseUnfit } from '../event-filter.ts';
import { knownChannel } from '../known-channel.ts';
import { channelJson, deliveryJson } from '../present.ts';
import { ProblemError } from '../problem.ts';

interface Means {
  store: Store;
  sender: Pick<Sender, 'attempted' | 'wake'>;
  now: () => number;
}

/** How long an answer waits for the first attempt: a little longer than an attempt may take. */
const ATTEMPT_MS = 25_000;

const params = { name: channelName };
const channelList = z.strictObject({ items: z.array(channel), nextCursor: z.null() });

export function channelRoutes(mount: Mount, { store, sender, now }: Means): void {
  const shown = (c: Context, one: StoredChannel) => channelJson(one, mayDoAll(mount.gate, c));

  endpoint(
    mount,
    {
      method: 'put',
      path: '/api/v1/channels/{name}',
      role: 'admin',
      summary: 'Make a channel, change its settings, or enable one that was disabled',
      params,
      body: channelInput,
      answers: {
        200: { description: 'The channel, changed', schema: channel },
        201: {
          description: 'The channel, made; with its secret where it made one',
          schema: channel,
        },
      },
    },
    async ({ params: { name }, body, c }) => {
      refuseUnfit(body.events ?? [], (index) => `events[${index}]`);
      const made = secretToMake(body, await store.channel(name));
      const put = await store.putChannel(name, settingsOf(body, made), now());
      // What waited for a disabled one, or asked it to be left alone, is due.
      sender.wake(name);
      const answer = { ...shown(c, put.channel), ...(made === undefined ? {} : { secret: made }) };
      return c.json(answer, put.created ? 201 : 200);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/channels',
      role: 'read',
      summary: 'All channels, in order of name',
      answers: { 200: { description: 'The channels', schema: channelList } },
    },
    async ({ c }) => {
      const items = (await store.channels()).map((one) => shown(c, one));
      return c.json({ items, nextCursor: null });
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/channels/{name}',
      role: 'read',
      summary: 'A channel',
      params,
      answers: { 200: { description: 'The channel', schema: channel } },
    },
    async ({ params: { name }, c }) => c.json(shown(c, await knownChannel(store, name))),
  );

  endpoint(
    mount,
    {
      method: 'delete',
      path: '/api/v1/channels/{name}',
      role: 'admin',
      summary: 'Remove a channel; what was still to be delivered there is cancelled',
      params,
      answers: { 200: { description: 'The channel as it was', schema: channel } },
    },
    async ({ params: { name }, c }) => {
      const removed = await knownChannel(store, name);
      await store.removeChannel(name, now());
      return c.json(shown(c, removed));
    },
  );

  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/channels/{name}/test',
      role: 'admin',
      summary: 'Send a test event, and say what came of the first attempt (within 25 s)',
      params,
      answers: { 200: { description: 'The delivery: its status tells', schema: delivery } },
    },
    async ({ params: { name }, c }) => {
      refuseDisabled(await knownChannel(store, name));
      const { id } = await store.testChannel(name, now());
      await sender.attempted(id, ATTEMPT_MS);
      return c.json(deliveryJson((await store.delivery(id))!));
    },
  );
}

/** @throws ProblemError channel-disabled: nothing is sent there */
export function refuseDisabled({ name, disabledAt, disabledReason }: StoredChannel): void {
  if (disabledAt === null) return;
  const detail = `the channel '${name}' is disabled, so nothing is sent there (${disabledReason}); PUT it again to enable it`;
  throw new ProblemError('channel-disabled', detail);
}
