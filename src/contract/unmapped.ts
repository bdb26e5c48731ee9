/** Where the traces come from that no label has, and which labels have traces but were never registered. */
import { z } from 'zod';
import { labelRule } from './label-rule.ts';
import { origin } from './origin.ts';
import { time } from './time.ts';
import { trace } from './trace.ts';

export const unmappedOrigin = z
  .strictObject({
    origin,
    traces: z.int().meta({ description: 'How many of its traces are unmapped' }),
    lastStartedAt: time,
    rule: labelRule.nullable().meta({
      description:
        'A rule for underlabel.config.json that would map them; its label is only a proposal. Null: nothing is said that a rule could go by',
    }),
  })
  .meta({ id: 'UnmappedOrigin' });

export type UnmappedOriginJson = z.input<typeof unmappedOrigin>;

export const unregisteredLabel = z
  .strictObject({
    label: z.string(),
    traces: z.int().meta({ description: 'How many stand under it, counted up to 10,000' }),
    moreTraces: z.boolean().meta({ description: 'There are more than were counted' }),
    firstStartedAt: time,
    lastStartedAt: time,
    labelBy: trace.shape.labelBy.unwrap().meta({
      description:
        'Why the last of them has this label: `rule`, `declared` (its span names it), `given` (it was sent with it)',
    }),
    origin: origin.nullable().meta({
      description: 'Where the last of them came from; null: it was sent as a trace',
    }),
    advice: z.string().meta({ description: 'What follows from it, and what to do' }),
  })
  .meta({ id: 'UnregisteredLabel' });

export type UnregisteredLabelJson = z.input<typeof unregisteredLabel>;

export const unmappedList = z.strictObject({
  items: z.array(unmappedOrigin),
  more: z.boolean().meta({ description: 'There are others, with fewer traces' }),
  nextCursor: z.null(),
  unregistered: z.array(unregisteredLabel).meta({
    description:
      'Labels that rules, spans or traces name and nobody registered: nothing is read for them. Their traces are not unmapped, and not in `items`',
  }),
  moreUnregistered: z.boolean().meta({ description: 'There are other such labels' }),
});

export type UnmappedListJson = z.input<typeof unmappedList>;
