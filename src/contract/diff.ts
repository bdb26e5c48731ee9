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

export const columnKind = z.enum(['label', 'number', 'text', 'json', 'vector']);

/** `$`, `$.score`, `$.legs[0].price`, `$['a key']`: one place of an output, no wildcards. */
export const fieldPath = z
  .string()
  .max(500)
  .regex(
    /^\$(\.[A-Za-z_][A-Za-z0-9_-]*|\[\d{1,9}\]|\['(?:[^'\\\p{C}]|\\['\\])*'\])*$/u,
    "a field is a path like $.score, $.legs[0].price or $['a key']",
  );

export const diffRequest = z
  .strictObject({
    label: labelName,
    before: cohortSpec,
    after: cohortSpec,
    includeProvisional: z
      .boolean()
      .default(false)
      .meta({ description: 'Count traces that no later reading confirms yet' }),
    across: z.boolean().default(false).meta({
      description: 'Allow a side that several artifacts produced; otherwise it is refused',
    }),
    fields: z
      .array(z.strictObject({ path: fieldPath, kind: columnKind.optional() }))
      .max(20)
      .default([])
      .refine((fields) => new Set(fields.map(({ path }) => path)).size === fields.length, {
        message: 'a field is named twice',
      })
      .meta({ description: 'Fields of the output that decide beside the decision' }),
    discover: z
      .boolean()
      .default(true)
      .meta({ description: 'Compare fields of the output that nobody named, too' }),
    minEffect: z
      .number()
      .gt(0)
      .lt(100)
      .default(5)
      .meta({ description: 'Points (hundredths): a smaller change is changed-but-small' }),
    seed: z.int().min(0).max(4_294_967_295).default(1),
    hold: z.boolean().default(false).meta({
      description:
        'Keep all traces of both sides from retention (review). Those that the report names are kept anyway',
    }),
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
  errors: z.int().meta({ description: 'Traces among them that ended in an error' }),
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

const count = z.int().nonnegative();
const share = z.number().meta({ description: 'From 0 to 1' });
const bounds = z.strictObject({ lo: z.number(), hi: z.number() });

export const verdict = z.enum([
  'changed',
  'changed-but-small',
  'insufficient',
  'no-data',
  'no-evidence',
  'identical',
]);

export type Verdict = z.output<typeof verdict>;

/** Of one input: the latest run of each side. */
const casePair = z.strictObject({ before: z.string(), after: z.string() });

const cell = z.strictObject({
  before: z.string().nullable(),
  after: z.string().nullable(),
  inputs: count,
});

const test = z.strictObject({
  name: z.string().meta({ description: 'mcnemar-exact, wilcoxon-signed-rank …' }),
  question: z.enum(['cases', 'direction', 'distribution', 'slice']),
  statistic: z
    .record(z.string(), z.number().nullable())
    .meta({ description: 'By name; null where it is not finite' }),
  n: count.meta({ description: 'Inputs it counts' }),
  p: z.number().gt(0).lte(1),
  q: z.number().gt(0).lte(1).nullable().meta({
    description: 'Benjamini-Hochberg within the family; null: it describes and decides nothing',
  }),
  method: z.enum(['exact', 'asymptotic', 'monte-carlo']),
  resamples: count.nullable(),
  decides: z.boolean(),
  rule: z.string().meta({ description: 'Why this test' }),
});

const effect = z.strictObject({
  of: z.string().meta({ description: 'A label, `median`, `mean`, `flips over noise` …' }),
  unit: z.enum(['points', 'value']).meta({ description: 'points: hundredths of the inputs' }),
  value: z.number(),
  lo: z.number().nullable().meta({ description: '95 % interval; null: too few inputs to say' }),
  hi: z.number().nullable(),
});

/** Did cases change? The share of inputs that differ, against how often an artifact differs from itself. */
const casesAnswer = z.strictObject({
  answer: z.enum(['yes', 'no', 'unclear']),
  differing: count.meta({ description: 'Inputs whose sides differ' }),
  rate: share.nullable(),
  interval: bounds.nullable(),
  noise: share.nullable().meta({
    description: 'How often two runs of one side disagree; null: unknown, nothing repeats',
  }),
  noiseInputs: count.meta({ description: 'Inputs that ran twice or more on a side' }),
  excess: effect.nullable().meta({ description: 'Beyond the noise; null where that is unknown' }),
});

/** Did they change one way? */
const directionAnswer = z.strictObject({
  answer: z.enum(['yes', 'no', 'unclear']),
  effects: z
    .array(effect)
    .meta({ description: 'The largest first. Labels: points of the inputs, after − before' }),
});

const distribution = z.union([
  z.strictObject({
    kind: z.literal('labels'),
    rows: z.array(z.strictObject({ name: z.string(), before: count, after: count })),
  }),
  z.strictObject({
    kind: z.literal('numbers'),
    edges: z.array(z.number()).meta({ description: 'Borders of the bins, one more than bins' }),
    before: z.array(count),
    after: z.array(count),
    quantiles: z.array(
      z.strictObject({ at: share, before: z.number().nullable(), after: z.number().nullable() }),
    ),
  }),
]);

const column = z.strictObject({
  name: z.string(),
  source: z.enum(['decision', 'output', 'latency', 'inputTokens', 'outputTokens']),
  path: z.string().nullable(),
  family: z.enum(['first', 'found']),
  kind: columnKind,
  typed: z.enum(['asked', 'seen']),
  typeNote: z.string().nullable(),
  verdict,
  basis: z.enum(['pairs', 'unpaired', 'none']).meta({
    description:
      'pairs: inputs run on both sides. unpaired: too few of them, so all inputs of each side, which cannot tell model from traffic',
  }),
  sentence: z.string(),
  compared: count.meta({ description: 'Paired inputs with a value on either side' }),
  mixed: count.meta({ description: 'Those whose runs of one side disagree' }),
  leftOut: z
    .array(z.strictObject({ reason: z.string(), inputs: count }))
    .meta({ description: 'Paired inputs that a test of this kind cannot use' }),
  cases: casesAnswer,
  direction: directionAnswer,
  tests: z.array(test),
  matrix: z
    .array(
      z.strictObject({
        before: z.string(),
        after: z.string(),
        inputs: count,
        differs: z.boolean(),
        cases: z.array(casePair).meta({ description: 'Trace ids; a few of them' }),
      }),
    )
    .nullable()
    .meta({
      description: 'Labels only. `(missing)`, `(error)`, `(mixed)`, `(other)` are no labels',
    }),
  distribution: distribution.nullable(),
  paths: z
    .array(
      z.strictObject({
        path: z.string(),
        pairs: count,
        changed: count,
        added: count,
        removed: count,
        rate: share,
      }),
    )
    .nullable()
    .meta({ description: 'JSON only: the paths that changed most often' }),
  change: z
    .strictObject({
      measure: z.enum(['words', 'relative-l2']),
      median: z.number().nullable(),
      p90: z.number().nullable(),
      pairs: count,
      of: count.meta({
        description: 'Pairs that differ; fewer are looked at where there are many',
      }),
    })
    .nullable()
    .meta({
      description: 'Texts: share of words changed. Vectors: relative L2. Of pairs that differ',
    }),
  traffic: z
    .strictObject({
      of: z.string(),
      total: z.number(),
      behaviour: z.number(),
      mix: z.number(),
      shared: share,
    })
    .nullable()
    .meta({
      description:
        'Points of all traffic, after − before, split into behaviour (same inputs) and mix (Kitagawa)',
    }),
  needed: z.strictObject({ inputs: count, effect: z.number(), power: share }).nullable().meta({
    description:
      'Where too little is known: inputs that would show an effect of minEffect (points; of numbers, hundredths of the spread)',
  }),
});

export type ReportColumn = z.output<typeof column>;
export type ReportTest = z.output<typeof test>;
export type ReportEffect = z.output<typeof effect>;

const slice = z.strictObject({
  column: z.string(),
  field: z.string(),
  value: z.string(),
  inputs: count,
  differing: count,
  rate: share,
  restRate: share.nullable().meta({ description: 'Of the inputs outside the slice' }),
  p: z.number().gt(0).lte(1),
  q: z.number().gt(0).lte(1),
  stands: z.boolean().meta({ description: 'q ≤ 0.05' }),
});

export type ReportSlice = z.output<typeof slice>;

const side = z.strictObject({
  decision: z.string().nullable().meta({ description: '`(mixed)`: its runs disagree; null: none' }),
  output: z
    .string()
    .nullable()
    .meta({ description: 'JSON text of the latest run, cut at 2,000 characters' }),
  traceIds: z.array(z.string()).meta({ description: 'At most 5, latest first' }),
  runs: z.int(),
});

const changedPath = z.strictObject({
  path: z.string(),
  before: z.string().nullable().meta({ description: 'JSON text, cut; null: not there' }),
  after: z.string().nullable(),
});

const words = z.strictObject({
  op: z.enum(['same', 'removed', 'added']),
  text: z.string(),
});

export const report = z
  .strictObject({
    id: z.string().meta({ description: 'Of the content: the same report has the same id' }),
    label: labelName,
    summary: z
      .string()
      .meta({ description: 'One sentence: between these artifacts, never because of them' }),
    verdict: verdict.meta({ description: 'The worst of the first family' }),
    query: z.strictObject({
      before: z.unknown(),
      after: z.unknown(),
      includeProvisional: z.boolean(),
      across: z.boolean(),
      fields: z.array(z.strictObject({ path: z.string(), kind: columnKind.nullable() })),
      discover: z.boolean(),
      minEffect: z.number(),
      seed: z.int(),
    }),
    watermark: z
      .strictObject({
        trace: count.meta({ description: 'Number of the newest trace looked at; 0: none' }),
        reading: time.nullable().meta({ description: 'recordedAt of the newest reading known' }),
      })
      .meta({ description: 'What was recorded by then is in the report, and nothing later' }),
    before: cohort,
    after: cohort,
    pairs: z.strictObject({
      inputs: z.int(),
      onlyBefore: z.int(),
      onlyAfter: z.int(),
      conversations: count.nullable().meta({
        description: 'Independent groups the shared inputs fall into; null: each stands alone',
      }),
    }),
    columns: z.array(column),
    skipped: z.array(
      z.strictObject({
        path: z.string(),
        reason: z.enum(['near-unique', 'too-many', 'rare']),
        distinct: count,
        runs: count,
        atLeast: z.boolean(),
      }),
    ),
    slices: z.array(slice).meta({ description: 'Where the change concentrates, lowest q first' }),
    decisions: z.strictObject({
      compared: z.int().meta({ description: 'Paired inputs with a decision on either side' }),
      flipped: z.int().meta({ description: 'Those whose decision differs and is not mixed' }),
      mixed: z.int().meta({ description: 'Those whose runs of one side disagree' }),
      matrix: z.array(cell),
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
          flipped: z
            .boolean()
            .meta({ description: 'Its outcome differs, and neither side is mixed' }),
          outcome: z
            .strictObject({ column: z.string(), before: z.string(), after: z.string() })
            .nullable()
            .meta({ description: 'In the first label column that decides; null: there is none' }),
          largestStep: z.number().nullable().meta({
            description: 'Largest |after − before| of a number at one path of both outputs',
          }),
          before: side,
          after: side,
          paths: z
            .array(changedPath)
            .nullable()
            .meta({ description: 'Of two JSON outputs: what differs, at most 20' }),
          words: z.array(words).nullable().meta({
            description: 'Of two texts: what differs; null: none, or too long to compare',
          }),
        }),
      )
      .meta({ description: 'The most changed, at most 20: flips first, then by largestStep' }),
    artifactDiff: z.string().nullable().meta({
      description: 'Where what changed inside the artifact is told: a path of this service',
    }),
    notes: z
      .array(z.string())
      .meta({ description: 'What a reader must know: mixed sides, what was left out' }),
  })
  .meta({ id: 'DiffReport' });

export type Report = z.output<typeof report>;
export type Cohort = Report['before'];
