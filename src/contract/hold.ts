/** Holds: traces of a label that retention leaves alone. */
import { z } from 'zod';
import { labelName } from './names.ts';
import { endTime, startTime, time } from './time.ts';

export const holdName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'a hold is 1–100 of A-Z a-z 0-9 . _ - and begins with a letter or digit',
  );

const reason = z
  .string()
  .min(1, 'say why, for whoever finds the hold later')
  .max(500)
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate');

export const holdInput = z
  .strictObject({
    label: labelName,
    from: startTime.optional(),
    to: endTime.optional(),
    reason,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'to is not after from',
  })
  .meta({ id: 'HoldInput' });

export const hold = z
  .strictObject({
    name: holdName,
    label: labelName,
    from: time
      .nullable()
      .meta({ description: 'Traces that began then or later; null: all before `to`' }),
    to: time
      .nullable()
      .meta({ description: 'Traces that began before then; null: all since `from`' }),
    reason: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Hold' });

export type HoldJson = z.input<typeof hold>;
