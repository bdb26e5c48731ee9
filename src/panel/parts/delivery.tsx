/** A delivery: what a channel was told, and what came of it. */
import type { DeliveryStatus, StoredChannel, StoredDelivery } from '../../store/outbox.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, pathTo } from '../page.ts';
import { Ago } from './time.tsx';
import { type Shape, type Tone, Word } from './word.tsx';

const STATUSES: Record<DeliveryStatus, { tone: Tone; shape: Shape; title: string }> = {
  waiting: { tone: 'open', shape: 'half', title: 'Behind another one about the same subject' },
  pending: { tone: 'open', shape: 'ring', title: 'It is tried until it is taken, or given up' },
  delivered: { tone: 'calm', shape: 'check', title: 'The receiver took it' },
  dead: { tone: 'alarm', shape: 'cross', title: 'Given up after the last attempt' },
  cancelled: { tone: 'open', shape: 'cross', title: 'Its channel was removed' },
};

export function DeliveryWord({ status }: { status: DeliveryStatus }) {
  return <Word word={status} {...STATUSES[status]} />;
}

/** Where it stands: its state, and when it is tried next. @param channel null: it was removed */
export function DeliveryState({
  delivery: { status, nextAt },
  channel,
  page,
}: {
  delivery: StoredDelivery;
  channel: StoredChannel | null;
  page: PageContext;
}) {
  const isOpen = status === 'waiting' || status === 'pending';
  const isHeld = isOpen && channel !== null && channel.disabledAt !== null;
  return (
    <>
      <DeliveryWord status={status} />
      {isHeld && (
        <div class="small">
          <Word
            word="held"
            tone="care"
            shape="triangle"
            title="Its channel is disabled: nothing is tried until it is enabled"
          />
        </div>
      )}
      {!isHeld && nextAt !== null && (
        <div class="small">
          due <Ago at={nextAt} page={page} />
        </div>
      )}
    </>
  );
}

/** What an event is about, with a link where it has a page. */
export function Subject({ event }: { event: StoredDelivery['event'] }) {
  const { type, subject } = event;
  const shown = cutLine(subject, 200);
  if (/^underlabel\.(change|label|trace)\./.test(type)) {
    return <a href={pathTo('labels', subject)}>{shown}</a>;
  }
  if (type.startsWith('underlabel.blob.')) {
    return (
      <a class="id" href={pathTo('blobs', subject)}>
        {shown}
      </a>
    );
  }
  return <>{shown}</>;
}
