/** A channel: how it stands, trying it out, its settings, and removing it. */
import { CHANNEL_KINDS } from '../../alert/channel-kinds.ts';
import type { StoredChannel } from '../../store/outbox.ts';
import type { Assets } from '../assets.ts';
import type { ChannelKindName, Problems, Typed } from '../channel-form.ts';
import { may, type PageContext, withQuery } from '../page.ts';
import { ChannelForm } from '../parts/channel-form.tsx';
import { ChannelState, Wants, Where } from '../parts/channel-table.tsx';
import { At } from '../parts/time.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  channel: StoredChannel;
  path: string;
  /** What the form makes of it; may be another than it is. */
  kind: ChannelKindName;
  typed: Typed;
  problems: Problems;
}

export function ChannelPage({ page, assets, channel, path, ...form }: Props) {
  const { name, target, createdAt, disabledAt } = channel;
  return (
    <Shell page={page} assets={assets} title={`Channel ${name}`} room="alerts">
      <p class="crumbs">
        <a href="/alerts">Alerts</a>
      </p>
      <h1>Channel {name}</h1>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <ChannelState channel={channel} page={page} />
        </dd>
        <dt>Where</dt>
        <dd>
          {CHANNEL_KINDS[target.kind].words} <Where target={target} page={page} />
        </dd>
        <dt>Told of</dt>
        <dd>
          <Wants channel={channel} />
        </dd>
        <dt>Made</dt>
        <dd>
          <At at={createdAt} page={page} />
        </dd>
      </dl>
      <p>
        <a href={`${withQuery('/alerts', { channel: name })}#deliveries`}>Its deliveries</a>
      </p>
      {may(page, 'admin') && (
        <>
          {disabledAt === null && (
            <form method="post" action={`${path}/test`}>
              <button type="submit">Send a test event</button>{' '}
              <span class="soft small">and wait up to 10 s for what comes of it</span>
            </form>
          )}
          <h2>Settings</h2>
          <Kinds kind={form.kind} path={path} />
          <ChannelForm
            action={path}
            exists
            {...form}
            submit={disabledAt === null ? 'Save' : 'Save and enable'}
          />
          <h2>Remove</h2>
          <details>
            <summary>Remove this channel…</summary>
            <form method="post" action={`${path}/remove`} class="notice alarm">
              <p>
                What is still to be delivered there is cancelled; what was delivered stays in the
                list. A channel of that name that is made later has a secret of its own.
              </p>
              <button type="submit">Remove {name}</button>
            </form>
          </details>
        </>
      )}
    </Shell>
  );
}

function Kinds({ kind, path }: { kind: ChannelKindName; path: string }) {
  return (
    <nav class="row" aria-label="Kind">
      {Object.entries(CHANNEL_KINDS).map(([name, { words }]) => (
        <a href={withQuery(path, { kind: name })} aria-current={name === kind ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  );
}
