/** Whom a change was told, and when: a line for each channel that wanted it. */
import type { StoredChannel, StoredDelivery } from '../../store/outbox.ts';
import { type PageContext, pathTo } from '../page.ts';
import { DeliveryState, DeliveryWord } from './delivery.tsx';
import { At } from './time.tsx';

export interface Told {
  /** Null: no event tells of it. */
  told: readonly StoredDelivery[] | null;
  /** There are more than are shown. */
  toldMore: boolean;
  /** Those there are now. */
  channels: readonly StoredChannel[];
}

export function ChangeTold({ page, told, toldMore, channels }: Told & { page: PageContext }) {
  if (told === null)
    return <>nobody: it follows from readings that were imported, and no event tells of those</>;
  if (told.length === 0) return <>nobody: there was no channel for it</>;
  return (
    <>
      {told.map((delivery) => (
        <div class="row">
          <a href={pathTo('alerts', 'deliveries', String(delivery.id))}>{delivery.channel}</a>
          <Line
            page={page}
            delivery={delivery}
            channel={channels.find(({ name }) => name === delivery.channel) ?? null}
          />
        </div>
      ))}
      {toldMore && (
        <div class="soft">
          and other channels: <a href="/alerts#deliveries">all deliveries</a>
        </div>
      )}
    </>
  );
}

interface LineProps {
  page: PageContext;
  delivery: StoredDelivery;
  channel: StoredChannel | null;
}

function Line({ page, delivery, channel }: LineProps) {
  const { status, settledAt } = delivery;
  if (settledAt === null) {
    return <DeliveryState delivery={delivery} channel={channel} page={page} />;
  }
  return (
    <>
      <DeliveryWord status={status} /> <At at={settledAt} page={page} />
    </>
  );
}
