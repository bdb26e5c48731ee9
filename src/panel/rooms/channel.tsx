/** `/alerts/channels/:name`: a channel as it is; making, changing, trying out and removing one. */
import type { Context } from 'hono';
import { secretToMake, settingsOf } from '../../alert/channel-settings.ts';
import { type ChannelInput, channelName } from '../../contract/channel.ts';
import type { StoredChannel } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { nearest } from '../../words/nearest.ts';
import {
  type ChannelKindName,
  kindNamed,
  type Problems,
  readForm,
  type Typed,
  typedFrom,
  typedOf,
} from '../channel-form.ts';
import { may, type PageContext, pathTo, withQuery } from '../page.ts';
import { ChannelPage } from '../pages/channel.tsx';
import { NewChannelPage } from '../pages/channel-new.tsx';
import { ChannelSecretPage } from '../pages/channel-secret.tsx';
import { PageError, type Panel, text } from '../panel.tsx';
import type { AlertMeans } from './alerts.tsx';

/** How long the answer to a test waits for the first attempt. */
const ATTEMPT_MS = 10_000;

export function channelRoutes(
  { page, form, assets }: Panel,
  { store, sender, now }: AlertMeans,
): void {
  const pathOf = (name: string) => pathTo('alerts', 'channels', name);
  /** A secret that was made is in this one answer, and nowhere else. */
  const put = async (c: Context, context: PageContext, name: string, input: ChannelInput) => {
    const made = secretToMake(input, await store.channel(name));
    const { created } = await store.putChannel(name, settingsOf(input, made), now());
    // What waited for a disabled one, or asked it to be left alone, is due.
    sender.wake(name);
    if (made === undefined) return c.redirect(pathOf(name), 303);
    const props = { page: context, assets, name, secret: made };
    return c.html(<ChannelSecretPage {...props} />, created ? 201 : 200);
  };

  page('/alerts/new', (c, context) => {
    const kind = kindNamed(c.req.query('kind')) ?? 'webhook';
    const isAllowed = may(context, 'admin');
    const props = { page: context, assets, kind, typed: {}, problems: {}, isAllowed };
    return c.html(<NewChannelPage {...props} />);
  });

  form('/alerts/channels', 'admin', async (c, context) => {
    const body = await c.req.parseBody();
    const kind = kindOf(text(body.kind));
    const name = (text(body.name) ?? '').trim();
    const read = readForm(body, kind);
    const named = await nameProblem(store, name);
    if (read.input && !named) return put(c, context, name, read.input);
    const problems = { ...read.problems, ...(named ? { name: named } : {}) };
    // To come back to: the answer to a form has no address of its own.
    const here = withQuery('/alerts/new', { kind });
    const props = { page: { ...context, here }, assets, kind, typed: typedOf(body, kind) };
    return c.html(<NewChannelPage {...props} problems={problems} isAllowed />, 400);
  });

  const shown = (
    c: Context,
    context: PageContext,
    channel: StoredChannel,
    given: { kind: ChannelKindName; typed: Typed; problems: Problems },
  ) => {
    const status = Object.keys(given.problems).length > 0 ? 400 : 200;
    const props = { page: context, assets, channel, path: pathOf(channel.name), ...given };
    return c.html(<ChannelPage {...props} />, status);
  };

  page('/alerts/channels/:name', async (c, context) => {
    const channel = await knownChannel(store, c.req.param('name') ?? '');
    const kind = kindNamed(c.req.query('kind')) ?? channel.target.kind;
    return shown(c, context, channel, { kind, typed: typedFrom(channel), problems: {} });
  });

  form('/alerts/channels/:name', 'admin', async (c, context) => {
    const channel = await knownChannel(store, c.req.param('name') ?? '');
    const body = await c.req.parseBody();
    const kind = kindOf(text(body.kind));
    const { input, problems } = readForm(body, kind);
    if (input) return put(c, context, channel.name, input);
    return shown(c, context, channel, { kind, typed: typedOf(body, kind), problems });
  });

  form('/alerts/channels/:name/test', 'admin', async (c) => {
    const channel = await knownChannel(store, c.req.param('name') ?? '');
    refuseDisabled(channel);
    const { id } = await store.testChannel(channel.name, now());
    await sender.attempted(id, ATTEMPT_MS);
    return c.redirect(pathTo('alerts', 'deliveries', String(id)), 303);
  });

  form('/alerts/channels/:name/remove', 'admin', async (c) => {
    const { name } = await knownChannel(store, c.req.param('name') ?? '');
    await store.removeChannel(name, now());
    return c.redirect('/alerts', 303);
  });
}

/** @throws PageError 404, with "did you mean" */
export async function knownChannel(
  store: Pick<Store, 'channel' | 'channels'>,
  given: string,
): Promise<StoredChannel> {
  const found = await store.channel(given);
  if (found) return found;
  const names = (await store.channels()).map(({ name }) => name);
  const name = given.slice(0, 100);
  const near = nearest(name, names);
  const hint = near ? `Did you mean '${near}'?` : 'It may have been removed.';
  const detail = `There is no channel '${name}'. ${hint}`;
  const link = { path: '/alerts', words: 'All channels' };
  throw new PageError(404, 'There is no such channel', detail, link);
}

/** @throws PageError 409: nothing is sent there */
export function refuseDisabled({ name, disabledAt, disabledReason }: StoredChannel): void {
  if (disabledAt === null) return;
  const detail = `The channel '${name}' is disabled, so nothing is sent there (${disabledReason}). Save its settings on its page to enable it.`;
  throw new PageError(409, 'The channel is disabled', detail);
}

async function nameProblem(store: Pick<Store, 'channel'>, name: string): Promise<string | null> {
  const parsed = channelName.safeParse(name);
  if (!parsed.success) return parsed.error.issues[0]!.message;
  return (await store.channel(name))
    ? 'there is a channel of that name; change it on its own page, or take another name'
    : null;
}

/** @throws PageError 400 */
function kindOf(given: string | undefined): ChannelKindName {
  const kind = kindNamed(given);
  if (kind) return kind;
  throw new PageError(400, 'That could not be read', 'The form names no kind of channel there is.');
}
