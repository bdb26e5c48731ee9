/** Making a channel. */
import { CHANNEL_KINDS } from '../../alert/channel-kinds.ts';
import type { Assets } from '../assets.ts';
import type { ChannelKindName, Problems, Typed } from '../channel-form.ts';
import { type PageContext, withQuery } from '../page.ts';
import { ChannelForm } from '../parts/channel-form.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  kind: ChannelKindName;
  typed: Typed;
  problems: Problems;
  isAllowed: boolean;
}

export function NewChannelPage({ page, assets, kind, typed, problems, isAllowed }: Props) {
  return (
    <Shell page={page} assets={assets} title="Add a channel" room="alerts">
      <p class="crumbs">
        <a href="/alerts">Alerts</a>
      </p>
      <h1>Add a channel</h1>
      {isAllowed ? (
        <>
          <nav class="row" aria-label="Kind">
            {Object.entries(CHANNEL_KINDS).map(([name, { words }]) => (
              <a
                href={withQuery('/alerts/new', { kind: name })}
                aria-current={name === kind ? 'page' : undefined}
              >
                {words}
              </a>
            ))}
          </nav>
          <ChannelForm
            action="/alerts/channels"
            kind={kind}
            exists={false}
            typed={typed}
            problems={problems}
            submit="Add the channel"
          />
        </>
      ) : (
        <p>Channels are added with a key of the role admin; yours may read what there is.</p>
      )}
    </Shell>
  );
}
