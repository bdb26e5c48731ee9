/** One delivery: what was told, to whom, each state of it, and delivering it once more. */
import type { StoredChannel, StoredDelivery } from '../../store/outbox.ts';
import type { Assets } from '../assets.ts';
import { cutLine } from '../cut-line.ts';
import { may, type PageContext, pathTo } from '../page.ts';
import { Copy } from '../parts/copy.tsx';
import { DeliveryState, Subject } from '../parts/delivery.tsx';
import { At } from '../parts/time.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  delivery: StoredDelivery;
  /** Null: it was removed. */
  channel: StoredChannel | null;
}

export function DeliveryPage({ page, assets, delivery, channel }: Props) {
  const { id, event, attempts, createdAt, lastAttemptAt, lastError, settledAt } = delivery;
  return (
    <Shell page={page} assets={assets} title={`Delivery ${id}`} room="alerts">
      <p class="crumbs">
        <a href="/alerts">Alerts</a> ·{' '}
        {channel ? (
          <a href={pathTo('alerts', 'channels', channel.name)}>{channel.name}</a>
        ) : (
          `${delivery.channel} (removed)`
        )}
      </p>
      <h1>Delivery {id}</h1>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <DeliveryState delivery={delivery} channel={channel} page={page} />
        </dd>
        <dt>Event</dt>
        <dd>
          <code>{event.type}</code>, recorded <At at={event.recordedAt} page={page} />
          <div class="small soft">
            <code>{event.id}</code> <Copy text={event.id} what="the event's id" />
          </div>
        </dd>
        <dt>About</dt>
        <dd>
          <Subject event={event} />
        </dd>
        <dt>Queued</dt>
        <dd>
          <At at={createdAt} page={page} />
        </dd>
        <dt>Attempts</dt>
        <dd>
          {attempts}
          {lastAttemptAt !== null && (
            <>
              , the last <At at={lastAttemptAt} page={page} />
            </>
          )}
        </dd>
        {lastError && (
          <>
            <dt>Last error</dt>
            <dd>
              <code>{lastError.code}</code> {cutLine(lastError.message, 2000)}
            </dd>
          </>
        )}
        {settledAt !== null && (
          <>
            <dt>Settled</dt>
            <dd>
              <At at={settledAt} page={page} />
            </dd>
          </>
        )}
      </dl>
      <p>
        <a href={page.here}>Load again</a>
      </p>
      {may(page, 'admin') && channel && <Again id={id} channel={channel} />}
    </Shell>
  );
}

function Again({ id, channel }: { id: number; channel: StoredChannel }) {
  if (channel.disabledAt !== null) {
    return (
      <div class="notice care">
        <p>
          Its channel is disabled, so nothing is sent there.{' '}
          <a href={pathTo('alerts', 'channels', channel.name)}>Save the channel’s settings</a> to
          enable it.
        </p>
      </div>
    );
  }
  return (
    <form method="post" action={`${pathTo('alerts', 'deliveries', String(id))}/redeliver`}>
      <button type="submit">Deliver once more</button>{' '}
      <span class="soft small">
        beginning with a first attempt; a receiver knows what came before by the event’s id
      </span>
    </form>
  );
}
