/** Ids of traces by a part of them. */
import { z } from 'zod';
import { time } from './time.ts';

/** Code points of an id that must be known before others are looked for. */
export const LEAST_ID_PART = 6;

export const foundTraceIds = z
  .strictObject({
    items: z
      .array(z.strictObject({ id: z.string(), label: z.string().nullable(), startedAt: time }))
      .meta({ description: 'The latest start first' }),
    more: z.boolean().meta({ description: 'Others of those looked at fit, too' }),
    looked: z.int().meta({ description: 'How many traces were looked at; 10,000 at most' }),
    complete: z.boolean().meta({
      description:
        'Whether these are all there are (between `from` and `to`). False: only those that began last, since `lookedFrom`',
    }),
    lookedFrom: time.nullable(),
    nextCursor: z.null(),
  })
  .meta({ id: 'FoundTraceIds' });

export type FoundTraceIdsJson = z.input<typeof foundTraceIds>;
