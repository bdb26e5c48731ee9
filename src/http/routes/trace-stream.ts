/** Traces as they are recorded: a stream that can be filtered and resumed. */
import { z } from 'zod';
import { startTime } from '../../contract/time.ts';
import { trace } from '../../contract/trace.ts';
import { tracePart } from '../../contract/trace-part.ts';
import type { Store, StoredTrace } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { eventStream, type Pages } from '../event-stream.ts';
import type { OpenStreams } from '../open-streams.ts';
import { traceLine } from '../present-trace.ts';
import { badRequest } from '../problem.ts';
import { type FieldTree, fieldsQuery, needsTexts } from '../trace-fields.ts';
import { tracePages } from '../trace-pages.ts';
import { placeOf } from '../trace-place.ts';
import { traceFilters } from '../trace-query.ts';
import { traceWanted } from '../trace-wanted.ts';

interface Means {
  store: Store;
  clock: Pick<Clock, 'after' | 'elapsed'>;
  streams: OpenStreams;
}

const MOST_BACK = 100_000;

const glob = z.string().min(1).max(200).optional();
const lastEventId = z.string().max(100).optional().meta({
  description:
    'The number of the last trace that came; the stream begins after it. `0`: from the first trace. Left out: what is recorded from now on',
});
const begin = {
  lastEventId: lastEventId.meta({ description: 'As the header, which counts where both are' }),
  since: startTime.optional().meta({
    type: 'string',
    format: 'date-time',
    description: 'From those recorded then or later',
  }),
  last: z
    .string()
    .regex(/^\d{1,6}$/, `expected a whole number from 0 to ${MOST_BACK}`)
    .transform(Number)
    .refine((count) => count <= MOST_BACK, `expected a whole number from 0 to ${MOST_BACK}`)
    .optional()
    .meta({
      type: 'integer',
      minimum: 0,
      maximum: MOST_BACK,
      description: 'From the last so many recorded; of those, the ones that the filters let pass',
    }),
};

interface Numbered {
  number: number;
  id: string;
  trace: StoredTrace;
}

export function traceStreamRoutes(mount: Mount, { store, clock, streams }: Means): void {
  const whole = tracePages(store, clock, true);
  const narrow = tracePages(store, clock, false);
  const onNews = (listener: () => void) => store.onTraces(listener);

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/traces/stream',
      role: 'read',
      summary: 'Traces as they are recorded (server-sent events), or from one on',
      headers: { 'Last-Event-ID': lastEventId },
      query: {
        ...begin,
        ...traceFilters,
        label: glob.meta({ description: 'A glob; no unmapped trace passes' }),
        model: glob.meta({
          description: 'A glob over the model that was asked for, and the one that answered',
        }),
        fields: fieldsQuery,
      },
      answers: {
        200: {
          description:
            "Of each trace, `id` is the number it was recorded under, and `data` the trace, or the asked fields of it, as JSON. Its attribution is that of the moment: it isn't sent again when a later reading says more",
          schema: z.union([trace, tracePart]),
          type: 'text/event-stream',
        },
      },
    },
    async ({ query: { lastEventId: inQuery, since, last, fields, ...filter }, headers, c }) => {
      refuseNone(filter);
      const asked = { lastEventId: headers['Last-Event-ID'] || inQuery, since, last };
      const wants = traceWanted(filter);
      const look = needsTexts(fields) ? whole : narrow;
      return streams(c, async () => {
        const after = await placeOf(store, asked);
        return eventStream<Numbered>(
          { pages: pagesOf(look, fields), onNews, clock },
          { after, id: String(after), wants: ({ trace: one }) => wants(one) },
        );
      });
    },
  );
}

/** @throws ProblemError where nothing could ever pass: whoever waits would take silence for calm */
function refuseNone({
  label,
  unmapped,
}: {
  label?: string | undefined;
  unmapped?: boolean | undefined;
}) {
  if (label === undefined || unmapped !== true) return;
  const message = 'an unmapped trace has no label; leave out label, or unmapped=true';
  throw badRequest([{ path: 'unmapped', message }]);
}

function pagesOf(
  look: ReturnType<typeof tracePages>,
  fields: FieldTree | undefined,
): Pages<Numbered> {
  return async (after) => {
    const { traces, isFull } = await look(after);
    const events = traces.map((one) => ({
      event: { number: one.seq, id: String(one.seq), trace: one },
      text: () => `id: ${one.seq}\ndata: ${traceLine(one, fields)}\n\n`,
    }));
    return { events, isFull };
  };
}
