/** A span beside a trace that is no inference: where it stands, and nothing that was said in it. */
import { z } from 'zod';
import { time } from './time.ts';

/** In the order of OTLP's numbers. */
export const SPAN_KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
] as const;
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;

export const contextSpan = z
  .strictObject({
    spanId: z.string().meta({ description: '16 hex digits' }),
    parentSpanId: z.string().nullable(),
    name: z.string(),
    service: z.string().nullable(),
    kind: z.enum(SPAN_KINDS),
    status: z.enum(SPAN_STATUSES),
    startedAt: time,
    endedAt: time,
  })
  .meta({ id: 'ContextSpan' });

export type ContextSpanJson = z.input<typeof contextSpan>;
