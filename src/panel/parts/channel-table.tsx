/** Channels: what each is told, where, and whether it is. */
import { CHANNEL_KINDS } from '../../alert/channel-kinds.ts';
import { shownUrl } from '../../alert/shown-url.ts';
import type { ChannelTarget, StoredChannel } from '../../store/outbox.ts';
import { cutLine } from '../cut-line.ts';
import { may, type PageContext, pathTo, withQuery } from '../page.ts';
import type { DeliveryCounts } from '../pages/alerts.tsx';
import { Ago } from './time.tsx';
import { Word } from './word.tsx';

interface Props {
  channels: readonly StoredChannel[];
  counts: DeliveryCounts;
  page: PageContext;
}

export function ChannelTable({ channels, counts, page }: Props) {
  return (
    <table class="cards">
      <caption class="hidden">Channels, by name</caption>
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">Where</th>
          <th scope="col">Told of</th>
          <th scope="col">State</th>
          <th scope="col">To be delivered</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr class={channel.disabledAt === null ? undefined : 'troubled'}>
            <th scope="row">
              <a href={pathTo('alerts', 'channels', channel.name)}>{channel.name}</a>
            </th>
            <td data-name="Where">
              {CHANNEL_KINDS[channel.target.kind].words}{' '}
              <Where target={channel.target} page={page} />
            </td>
            <td data-name="Told of">
              <Wants channel={channel} />
            </td>
            <td data-name="State">
              <ChannelState channel={channel} page={page} />
            </td>
            <td data-name="To be delivered">
              <Counts name={channel.name} counts={counts} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The address may be a secret: below admin its host is shown. */
export function Where({ target, page }: { target: ChannelTarget; page: PageContext }) {
  if (target.kind !== 'webhook') return null;
  return <span class="soft">{cutLine(shownUrl(target.url, may(page, 'admin')), 120)}</span>;
}

const MOST_GLOBS = 5;

export function Wants({ channel: { labels, events } }: { channel: StoredChannel }) {
  const few = (globs: readonly string[] | null, all: string) => {
    if (globs === null) return all;
    const rest = globs.length - MOST_GLOBS;
    const shown = globs.slice(0, MOST_GLOBS).map((glob) => cutLine(glob, 80));
    return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  };
  return (
    <>
      {few(events, 'all events')} <span class="soft">of</span> {few(labels, 'all labels')}
    </>
  );
}

export function ChannelState({ channel, page }: { channel: StoredChannel; page: PageContext }) {
  const { disabledAt, disabledReason } = channel;
  if (disabledAt === null) {
    const title = 'What it wants is sent there. Whether it is taken, its deliveries say';
    return <Word word="enabled" tone="open" shape="square" title={title} />;
  }
  return (
    <>
      <Word word="disabled" tone="alarm" shape="cross" title="Nothing is sent there" />{' '}
      <Ago at={disabledAt} page={page} />
      <div class="small">{cutLine(disabledReason ?? '', 300)}</div>
    </>
  );
}

function Counts({ name, counts }: { name: string; counts: DeliveryCounts }) {
  const own = counts.filter((one) => one.channel === name && one.count > 0);
  if (own.length === 0) return <span class="soft">nothing</span>;
  return (
    <span class="row">
      {own.map(({ status, count }) => (
        <a href={`${withQuery('/alerts', { channel: name, status })}#deliveries`}>
          {count} {status}
        </a>
      ))}
    </span>
  );
}
