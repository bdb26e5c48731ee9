/** Traces: one inference each. */
import { z } from 'zod';
import { blobId, labelName } from './names.ts';
import { attribution } from './observation.ts';
import { origin } from './origin.ts';
import { endTime, startTime, time } from './time.ts';

const traceId = z
  .string()
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, 'an id is 1–200 printable characters');

/** SQLite keeps UTF-8, which has no lone surrogates: one would come back as something else. */
const wellFormed = z.string().refine((text) => text.isWellFormed(), 'holds a lone surrogate');

export const decision = wellFormed.max(200);

/** One trace as it comes in. `input` and `output` are any JSON; their raw text is kept beside this. */
export const traceInput = z
  .strictObject({
    id: traceId.optional(),
    label: labelName,
    startedAt: startTime,
    endedAt: endTime,
    input: z.unknown().optional(),
    output: z.unknown().optional(),
    decision: decision.optional(),
    blobId: blobId.optional(),
    context: wellFormed.optional(),
    turn: z.int().nonnegative().optional(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((trace) => trace.endedAt >= trace.startedAt, {
    path: ['endedAt'],
    message: 'endedAt is before startedAt',
  })
  .meta({ id: 'TraceInput' });

export type TraceInput = z.output<typeof traceInput>;

/** More than fit into a body; it bounds the answer to a body that holds none. */
const MAX_TRACES = 250_000;

/** The envelope; each trace is checked by itself, so that one bad trace never sinks its batch. */
export const traceBatch = z.strictObject({
  traces: z
    .array(z.unknown())
    .max(MAX_TRACES, `a request may hold ${MAX_TRACES} traces; send the rest in another`),
});

export const ingestAnswer = z
  .strictObject({
    accepted: z.int(),
    duplicates: z.int(),
    ids: z.array(z.string()).meta({ description: 'Of the accepted and the duplicates, in order' }),
    rejected: z.array(z.strictObject({ index: z.int(), path: z.string(), message: z.string() })),
  })
  .meta({ id: 'IngestAnswer' });

export type IngestAnswer = z.input<typeof ingestAnswer>;

export const trace = z
  .strictObject({
    id: z.string(),
    label: z.string().nullable().meta({ description: 'Null: unmapped, no label has it' }),
    labelBy: z.enum(['given', 'declared', 'blob', 'rule', 'model']).nullable().meta({
      description:
        'Why it has its label: it was sent with it, or its span names the label, names a blob that one label holds, is mapped by a rule, or names a model that is called like the label. Null: unmapped',
    }),
    labelledAt: time.meta({
      description:
        'Since when it has its label, or none: when it was recorded, or when rules, labels or what they hold changed after that',
    }),
    origin: origin.nullable().meta({ description: 'Null: it was sent as a trace, not as a span' }),
    startedAt: time,
    endedAt: time,
    input: z.unknown().optional(),
    output: z.unknown().optional(),
    decision: decision.nullable(),
    blobId: blobId.nullable(),
    context: z.string().nullable(),
    turn: z.int().nullable(),
    attributes: z.record(z.string(), z.unknown()).nullable(),
    inputSha256: z.string().nullable(),
    inputExact: z.boolean().meta({
      description: 'True: the hash is of the raw text, because the input lies outside I-JSON',
    }),
    outputSha256: z.string().nullable(),
    recordedAt: time,
    attribution,
  })
  .meta({ id: 'Trace' });

export type TraceJson = z.input<typeof trace>;
