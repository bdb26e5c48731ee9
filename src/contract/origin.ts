/** Where the span of a trace came from, as it says itself. */
import { z } from 'zod';

export const origin = z
  .strictObject({
    service: z.string().nullable(),
    provider: z.string().nullable(),
    requestModel: z.string().nullable().meta({ description: 'The model that was asked for' }),
    responseModel: z.string().nullable().meta({ description: 'The model that answered' }),
  })
  .meta({ id: 'Origin' });

export type OriginJson = z.input<typeof origin>;
