/** Streams of server-sent events that are open: so many at most, each ended with its client or the service. */
import type { Context } from 'hono';
import type { Clock } from '../watch/clock.ts';
import type { LargeParts } from './large-parts.ts';
import type { Metrics } from './metrics.ts';
import { ProblemError } from './problem.ts';
import { type Parts, pulledBody } from './pulled-body.ts';

interface Means {
  metrics: Pick<Metrics, 'eventStreams'>;
  clock: Pick<Clock, 'after'>;
  /** Ends every stream: the server waits for them. */
  stopping: AbortSignal;
  room: LargeParts;
  onError: (error: unknown, request: string) => void;
}

/** Answers with a stream; `begin` is called once there is room. @throws ProblemError stopping, too-many-streams */
export type OpenStreams = (c: Context, begin: () => Parts | Promise<Parts>) => Promise<Response>;

const MOST_STREAMS = 100;
const HEADERS = {
  'content-type': 'text/event-stream',
  // Once the stream ends, so does its connection: the service would wait for the next request.
  connection: 'close',
  // Proxies would hold back what is there until there is more.
  'x-accel-buffering': 'no',
};

export function openStreams({ metrics, clock, stopping, room, onError }: Means): OpenStreams {
  let open = 0;
  const count = (by: 1 | -1) => {
    open += by;
    metrics.eventStreams(open);
  };

  return async (c, begin) => {
    if (stopping.aborted) throw new ProblemError('stopping', 'the service is stopping');
    if (open >= MOST_STREAMS) {
      const detail = `${MOST_STREAMS} streams are open, and no more are served; close one, or ask again later`;
      throw new ProblemError('too-many-streams', detail, { headers: { 'retry-after': '30' } });
    }
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    // Counted before it is waited for: many may come at once.
    count(1);
    let parts: Parts;
    try {
      parts = await begin();
    } catch (error) {
      count(-1);
      throw error;
    }
    const end = () => {
      count(-1);
      parts.end();
    };
    const body = pulledBody(
      c,
      { next: parts.next, end },
      { clock, room, signal: stopping, onError: (error) => onError(error, `GET ${c.req.path}`) },
    );
    return c.body(body, 200, HEADERS);
  };
}
