/** What lists, exports and streams of traces can be asked for. */
import { z } from 'zod';
import { artifactId } from '../contract/names.ts';
import { endTime, startTime } from '../contract/time.ts';
import { trace } from '../contract/trace.ts';

const { certainty, observed } = trace.shape.attribution.shape;

const yesOrNo = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** By what a trace is and what is known of it. */
export const traceFilters = {
  label: z.string().optional().meta({ description: 'A glob: `*` any text, `?` one character' }),
  artifact: artifactId.optional(),
  candidate: z.union([artifactId, z.literal('absent')]).optional(),
  certainty: certainty.optional(),
  observed: observed.optional(),
  decision: z.string().optional(),
  conflict: yesOrNo.meta({ type: 'boolean' }),
  unmapped: yesOrNo.meta({
    type: 'boolean',
    description: '`true`: those that no label has; `false`: those that one has',
  }),
};

/** And by when it began. */
export const tracePeriod = { from: startTime.optional(), to: endTime.optional() };
