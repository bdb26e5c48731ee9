/** Saved reports of diffs, as they are listed and asked for; and the refusal of a mixed side. */
import { z } from 'zod';
import { report } from './diff.ts';
import { artifactId, labelName } from './names.ts';
import { problem } from './problem.ts';
import { time } from './time.ts';

export const diffId = z
  .string()
  .regex(/^d_[0-9a-f]{24}$/, 'expected the id of a diff: d_ and 24 hex digits');

export const diffLabels = z
  .string()
  .optional()
  .meta({ description: 'Of labels called so: a glob, `*` any text, `?` one character' });

export const REPORT_FORMATS = ['json', 'markdown', 'html', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const { asked } = report.shape.before.shape;

export const savedDiff = z
  .strictObject({
    id: diffId,
    label: labelName,
    summary: z.string(),
    verdict: report.shape.verdict,
    createdAt: time.meta({ description: 'When it was made first' }),
    before: asked,
    after: asked,
  })
  .meta({ id: 'SavedDiff', description: 'What a list says of a report' });

export type SavedDiffJson = z.input<typeof savedDiff>;

export const severalArtifacts = problem
  .extend({
    side: z.enum(['before', 'after']),
    artifacts: z
      .array(z.strictObject({ artifactId, traces: z.int(), share: z.number() }))
      .meta({ description: 'What produced the traces of the side, the largest share first' }),
  })
  .meta({
    id: 'SeveralArtifacts',
    description: 'Several artifacts produced a side, and `across` does not allow it',
  });
