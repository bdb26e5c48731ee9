/** What happens, as it happens: a stream of events that can be resumed. */
import { z } from 'zod';
import { cloudEvent } from '../../contract/event.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { eventFilter, refuseUnfit } from '../event-filter.ts';
import { eventPages } from '../event-pages.ts';
import { BEFORE_FIRST, eventStream } from '../event-stream.ts';
import type { Metrics } from '../metrics.ts';
import { badRequest, ProblemError } from '../problem.ts';
import { pulledBody } from '../pulled-body.ts';

interface Means {
  store: Store;
  metrics: Pick<Metrics, 'eventStreams'>;
  clock: Pick<Clock, 'after' | 'elapsed'>;
  /** Ends every stream: the server waits for them. */
  stopping: AbortSignal;
  onError: (error: unknown, request: string) => void;
}

const MOST_STREAMS = 100;
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
  const { store, metrics, clock, stopping, onError } = means;
  const pages = eventPages(store);
  let streams = 0;
  const count = (by: 1 | -1) => {
    streams += by;
    metrics.eventStreams(streams);
  };

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
      if (stopping.aborted) throw new ProblemError('stopping', 'the service is stopping');
      if (streams >= MOST_STREAMS) {
        const detail = `${MOST_STREAMS} streams of events are open, and no more are served; close one, or ask again later`;
        throw new ProblemError('too-many-streams', detail, { headers: { 'retry-after': '30' } });
      }
      const sent = {
        'content-type': 'text/event-stream',
        // Once the stream ends, so does its connection: the service would wait for the next request.
        connection: 'close',
        // Proxies would hold back what is there until there is more.
        'x-accel-buffering': 'no',
      };
      if (c.req.method === 'HEAD') return c.body(null, 200, sent);
      const parts = eventStream(
        { store, pages, clock },
        { ...begin, wants: eventFilter(type, label) },
      );
      count(1);
      const body = pulledBody(
        c,
        {
          next: parts.next,
          end() {
            count(-1);
            parts.end();
          },
        },
        { clock, signal: stopping, onError: (error) => onError(error, `GET ${PATH}`) },
      );
      return c.body(body, 200, sent);
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
