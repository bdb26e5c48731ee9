/** Where the traces come from that no label has. */
import { z } from 'zod';
import { labelRule } from './label-rule.ts';
import { origin } from './origin.ts';
import { time } from './time.ts';

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

export const unmappedList = z.strictObject({
  items: z.array(unmappedOrigin),
  more: z.boolean().meta({ description: 'There are others, with fewer traces' }),
  nextCursor: z.null(),
});

export type UnmappedListJson = z.input<typeof unmappedList>;
