/** What happens, as it happens: a stream of events that can be resumed. */
import { z } from 'zod';
import { cloudEvent } from '../../contract/event.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { eventFilter, refuseUnfit } from '../event-filter.ts';
import { eventPages } from '../event-pages.ts';
import { BEFORE_FIRST, eventStream } from '../event-stream.ts';
import type { OpenStreams } from '../open-streams.ts';
import { badRequest } from '../problem.ts';

interface Means {
  store: Store;
  clock: Pick<Clock, 'after' | 'elapsed'>;
  streams: OpenStreams;
}

const PATH = '/api/v1/events';

const glob = z.string().min(1).max(200).optional();
const lastEventId = z
  .string()
  .max(100)
  .optional()
  .meta({
    description: `The id of the last event that came; the stream begins after it. \`${BEFORE_FIRST}\`: from the first event. Left out: what happens from now on`,
  });

export function eventRoutes(mount: Mount, means: Means): void {
  const { store, clock, streams } = means;
  const pages = eventPages(store);
  const onNews = (listener: () => void) => store.onEvents(listener);

  endpoint(
    mount,
    {
      method: 'get',
      path: PATH,
      role: 'read',
      summary: 'Events as they happen (server-sent events), or from one on',
      headers: { 'Last-Event-ID': lastEventId },
      query: {
        lastEventId: lastEventId.meta({
          description: 'As the header, which counts where both are',
        }),
        label: glob.meta({ description: 'A glob; events about no label pass' }),
        type: glob.meta({ description: 'A glob over event types' }),
      },
      answers: {
        200: {
          description: "Of each event, `id` is the event's id and `data` the event as JSON",
          schema: cloudEvent,
          type: 'text/event-stream',
        },
      },
    },
    async ({ query: { lastEventId: inQuery, label, type }, headers, c }) => {
      if (type !== undefined) refuseUnfit([type], () => 'type');
      const begin = await placeOf(store, headers['Last-Event-ID'] || inQuery);
      const wants = eventFilter(type, label);
      return streams(c, () => eventStream({ pages, onNews, clock }, { ...begin, wants }));
    },
  );
}

/** Where the stream begins: after which event. */
async function placeOf(
  store: Pick<Store, 'eventNumber' | 'newestEvent' | 'events'>,
  lastId: string | undefined,
): Promise<{ after: number; id: string }> {
  if (lastId !== undefined && lastId !== '') {
    const after = await store.eventNumber(lastId);
    if (after !== null) return { after, id: lastId };
    const message = 'is no id of an event; send one as it came, or none to hear from now on';
    throw badRequest([{ path: 'Last-Event-ID', message }]);
  }
  const after = await store.newestEvent();
  const [newest] = after === 0 ? [] : await store.events(after - 1, 1);
  return { after, id: newest?.id ?? BEFORE_FIRST };
}
