/** `/alerts`: where events are told, and what came of it. */
import type { Sender } from '../../alert/sender.ts';
import { DELIVERY_STATUSES, type DeliveryStatus, type StoredDelivery } from '../../store/outbox.ts';
import type { Store } from '../../store/store.ts';
import { pathTo, withQuery } from '../page.ts';
import { AlertsPage } from '../pages/alerts.tsx';
import { DeliveryPage } from '../pages/alerts-delivery.tsx';
import { PageError, type Panel } from '../panel.tsx';
import { knownChannel, refuseDisabled } from './channel.tsx';

export interface AlertMeans {
  store: Store;
  sender: Pick<Sender, 'attempted' | 'wake'>;
  now: () => number;
}

const A_PAGE = 50;

export function alertRoutes(
  { page, form, assets }: Panel,
  { store, sender, now }: AlertMeans,
): void {
  page('/alerts', async (c, context) => {
    const channel = c.req.query('channel') || undefined;
    const status = statusNamed(c.req.query('status'));
    const before = numberIn(c.req.query('before'));
    const channels = await store.channels();
    const deliveries = await store.deliveries({ channel, status, limit: A_PAGE, before });
    // None of a channel that isn't there would read as if all were well with it.
    if (channel !== undefined && deliveries.length === 0) await knownChannel(store, channel);
    const given = { channel, status };
    const last = deliveries.length === A_PAGE ? deliveries.at(-1) : undefined;
    return c.html(
      <AlertsPage
        page={context}
        assets={assets}
        channels={channels}
        counts={await store.deliveryCounts()}
        deliveries={deliveries}
        filter={{ channel: channel ?? null, status: status ?? null }}
        firstPath={before === null ? null : withQuery('/alerts', given)}
        nextPath={last ? withQuery('/alerts', { ...given, before: last.id }) : null}
      />,
    );
  });

  page('/alerts/deliveries/:id', async (c, context) => {
    const delivery = await knownDelivery(store, c.req.param('id') ?? '');
    const channel = await store.channel(delivery.channel);
    const props = { page: context, assets, delivery, channel };
    return c.html(<DeliveryPage {...props} />);
  });

  form('/alerts/deliveries/:id/redeliver', 'admin', async (c) => {
    const { id, channel } = await knownDelivery(store, c.req.param('id') ?? '');
    refuseDisabled(await knownChannel(store, channel));
    await store.redeliver(id, now());
    sender.wake(channel);
    return c.redirect(pathTo('alerts', 'deliveries', String(id)), 303);
  });
}

/** @throws PageError 404 */
async function knownDelivery(
  store: Pick<Store, 'delivery'>,
  given: string,
): Promise<StoredDelivery> {
  const id = numberIn(given);
  const found = id === null ? null : await store.delivery(id);
  if (found) return found;
  const detail = `There is no delivery '${given.slice(0, 100)}'.`;
  const link = { path: '/alerts#deliveries', words: 'All deliveries' };
  throw new PageError(404, 'There is no such delivery', detail, link);
}

/** Of another name there is none: the list says so rather than show all. @throws PageError 400 */
function statusNamed(given: string | undefined): DeliveryStatus | undefined {
  if (!given) return undefined;
  const found = DELIVERY_STATUSES.find((status) => status === given);
  if (found) return found;
  const detail = `'${given.slice(0, 100)}' is no state of a delivery; there are ${DELIVERY_STATUSES.join(', ')}.`;
  throw new PageError(400, 'That could not be read', detail);
}

function numberIn(given: string | undefined): number | null {
  return /^[1-9]\d{0,14}$/.test(given ?? '') ? Number(given) : null;
}
