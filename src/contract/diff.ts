/** A diff: two cohorts of one label's traces compared. The report's published JSON Schema comes from here. */
import { z } from 'zod';
import { artifactId, blobId, labelName } from './names.ts';
import { endTime, startTime, time } from './time.ts';

const period = z.strictObject({ from: startTime, to: endTime }).refine((p) => p.to > p.from, {
  path: ['to'],
  message: 'the period ends before it begins',
});

export const cohortSpec = z
  .union([z.strictObject({ artifact: artifactId }), z.strictObject({ blobId }), period])
  .meta({
    id: 'CohortSpec',
    description: 'By artifact, by a blob it holds, or by a period (to: exclusive)',
  });

export type CohortSpec = z.output<typeof cohortSpec>;

export const diffRequest = z
  .strictObject({
    label: labelName,
    before: cohortSpec,
    after: cohortSpec,
    includeProvisional: z
      .boolean()
      .default(false)
      .meta({ description: 'Count traces that no later reading confirms yet' }),
  })
  .meta({ id: 'DiffRequest' });

export type DiffRequest = z.output<typeof diffRequest>;

/** Why a trace of the period or artifact is not in the comparison. */
export const leftOutReason = z.enum([
  'ambiguous',
  'conflict',
  'provisional',
  'unobserved',
  'absent',
  'unknown-artifact',
  'no-input',
]);

export type LeftOutReason = z.output<typeof leftOutReason>;

const cohort = z.strictObject({
  asked: z.union([
    z.strictObject({ artifact: artifactId }),
    z.strictObject({ blobId }),
    z.strictObject({ from: time, to: time }),
  ]),
  traces: z.int().meta({ description: 'Traces compared' }),
  inputs: z.int().meta({ description: 'Distinct inputs (input hash, context, turn) among them' }),
  artifacts: z
    .array(
      z.strictObject({ artifactId, blobIds: z.array(blobId), traces: z.int(), share: z.number() }),
    )
    .meta({
      description: 'What produced them, largest share first; more than one: the side is mixed',
    }),
  leftOut: z.array(z.strictObject({ reason: leftOutReason, traces: z.int() })),
  from: time.nullable().meta({ description: 'startedAt of the first trace compared' }),
  to: time.nullable().meta({ description: 'startedAt of the last trace compared' }),
});

const side = z.strictObject({
  decision: z.string().nullable().meta({ description: '`(mixed)`: its runs disagree; null: none' }),
  output: z
    .string()
    .nullable()
    .meta({ description: 'JSON text of the latest run, cut at 2,000 characters' }),
  traceIds: z.array(z.string()).meta({ description: 'At most 5, latest first' }),
  runs: z.int(),
});

export const report = z
  .strictObject({
    label: labelName,
    summary: z
      .string()
      .meta({ description: 'One sentence: between these artifacts, never because of them' }),
    verdict: z.enum(['changed', 'identical', 'no-data']),
    before: cohort,
    after: cohort,
    pairs: z.strictObject({ inputs: z.int(), onlyBefore: z.int(), onlyAfter: z.int() }),
    decisions: z.strictObject({
      compared: z.int().meta({ description: 'Paired inputs with a decision on either side' }),
      flipped: z.int().meta({ description: 'Those whose decision differs and is not mixed' }),
      mixed: z.int().meta({ description: 'Those whose runs of one side disagree' }),
      matrix: z.array(
        z.strictObject({
          before: z.string().nullable(),
          after: z.string().nullable(),
          inputs: z.int(),
        }),
      ),
    }),
    outputs: z.strictObject({
      compared: z.int().meta({ description: 'Paired inputs with an output on both sides' }),
      changed: z.int().meta({ description: 'No output of one side occurs on the other' }),
      partly: z.int().meta({ description: 'Some outputs occur on both sides, some on one' }),
      changedShare: z.number().nullable(),
    }),
    cases: z
      .array(
        z.strictObject({
          inputSha256: z.string(),
          input: z.string().meta({ description: 'JSON text, cut at 2,000 characters' }),
          context: z.string().nullable(),
          turn: z.int().nullable(),
          flipped: z.boolean(),
          largestStep: z.number().nullable().meta({
            description: 'Largest |after − before| of a number at one path of both outputs',
          }),
          before: side,
          after: side,
        }),
      )
      .meta({ description: 'The most changed, at most 20: flips first, then by largestStep' }),
    notes: z
      .array(z.string())
      .meta({ description: 'What a reader must know: mixed sides, what was left out' }),
  })
  .meta({ id: 'DiffReport' });

export type Report = z.output<typeof report>;
export type Cohort = Report['before'];
