/** Channels with how each stands, and deliveries with what came of them. */
import { CHANNEL_KINDS } from '../../alert/channel-kinds.ts';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type StoredChannel,
  type StoredDelivery,
} from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import { cutLine } from '../cut-line.ts';
import { may, type PageContext, pathTo, withQuery } from '../page.ts';
import { ChannelTable } from '../parts/channel-table.tsx';
import { DeliveryState, Subject } from '../parts/delivery.tsx';
import { Empty } from '../parts/empty.tsx';
import { Pager } from '../parts/pager.tsx';
import { Ago } from '../parts/time.tsx';
import { Shell } from '../shell.tsx';

export type DeliveryCounts = Awaited<ReturnType<Store['deliveryCounts']>>;

interface Filter {
  channel: string | null;
  status: DeliveryStatus | null;
}

interface Props {
  page: PageContext;
  assets: Assets;
  channels: readonly StoredChannel[];
  counts: DeliveryCounts;
  deliveries: readonly StoredDelivery[];
  filter: Filter;
  firstPath: string | null;
  nextPath: string | null;
}

export function AlertsPage(props: Props) {
  const { page, assets, channels, counts, filter, firstPath, nextPath } = props;
  return (
    <Shell page={page} assets={assets} title="Alerts" room="alerts">
      <h1>Alerts</h1>
      <h2>Channels</h2>
      {channels.length === 0 ? (
        <Empty what="There is no channel, so nobody is told when a label changes.">
          <p>Add one below, or: PUT /api/v1/channels/NAME.</p>
        </Empty>
      ) : (
        <ChannelTable channels={channels} counts={counts} page={page} />
      )}
      {may(page, 'admin') ? (
        <p class="row">
          {Object.entries(CHANNEL_KINDS).map(([kind, { words }]) => (
            <a class="button" href={withQuery('/alerts/new', { kind })}>
              Add a channel: {words}
            </a>
          ))}
        </p>
      ) : (
        <p class="soft">Channels are added and changed with a key of the role admin.</p>
      )}
      <h2 id="deliveries">Deliveries</h2>
      <FilterForm filter={filter} channels={channels} />
      <Deliveries {...props} />
      <Pager
        first={firstPath}
        firstWords="Newest deliveries"
        next={nextPath}
        older="Older deliveries"
      />
    </Shell>
  );
}

function FilterForm({ filter, channels }: { filter: Filter; channels: readonly StoredChannel[] }) {
  const names = channels.map(({ name }) => name);
  // A channel that was removed is still filtered by.
  const removed =
    filter.channel !== null && !names.includes(filter.channel) ? [filter.channel] : [];
  return (
    <form method="get" action="/alerts" class="fields">
      <label>
        <span>Channel</span>
        <select name="channel">
          <option value="">all</option>
          {[...names, ...removed].map((name) => (
            <option value={name} selected={name === filter.channel}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>State</span>
        <select name="status">
          <option value="">any</option>
          {DELIVERY_STATUSES.map((status) => (
            <option value={status} selected={status === filter.status}>
              {status}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Filter</button>
    </form>
  );
}

function Deliveries({ page, channels, deliveries, filter, firstPath }: Props) {
  if (deliveries.length === 0) {
    const isFiltered = filter.channel !== null || filter.status !== null;
    if (isFiltered || firstPath !== null) {
      return (
        <Empty
          what={isFiltered ? 'No delivery fits the filter.' : 'There are no older deliveries.'}
        >
          <p>
            <a href="/alerts">All deliveries</a>
          </p>
        </Empty>
      );
    }
    return (
      <Empty what="Nothing was told yet.">
        <p>
          Each event makes a delivery for every channel that wants it. A test of a channel makes
          one, too.
        </p>
      </Empty>
    );
  }
  return (
    <table class="cards" data-list="">
      <caption>Newest first, as of when this page was loaded</caption>
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">About</th>
          <th scope="col">Channel</th>
          <th scope="col">State</th>
          <th scope="col">Attempts</th>
          <th scope="col">Last error</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => {
          const { id, event, attempts, lastAttemptAt, lastError } = delivery;
          const channel = channels.find(({ name }) => name === delivery.channel) ?? null;
          return (
            <tr
              data-open=""
              id={`delivery-${id}`}
              class={delivery.status === 'dead' ? 'troubled' : undefined}
            >
              <th scope="row">
                <a class="nowrap" href={pathTo('alerts', 'deliveries', String(id))}>
                  {event.type.replace(/^underlabel\./, '')}
                </a>
                <div class="small soft">
                  <Ago at={event.recordedAt} page={page} />
                </div>
              </th>
              <td data-name="About">
                <Subject event={event} />
              </td>
              <td data-name="Channel">
                {channel ? (
                  <a href={pathTo('alerts', 'channels', channel.name)}>{channel.name}</a>
                ) : (
                  <>
                    {delivery.channel} <span class="soft">(removed)</span>
                  </>
                )}
              </td>
              <td data-name="State">
                <DeliveryState delivery={delivery} channel={channel} page={page} />
              </td>
              <td data-name="Attempts">
                {attempts}
                {lastAttemptAt !== null && (
                  <div class="small soft">
                    <Ago at={lastAttemptAt} page={page} />
                  </div>
                )}
              </td>
              <td data-name="Last error" class="small">
                {lastError ? (
                  <>
                    <code>{lastError.code}</code> {cutLine(lastError.message, 200)}
                  </>
                ) : (
                  <span class="soft">none</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
