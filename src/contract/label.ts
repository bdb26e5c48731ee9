/** Labels: what a person asks for, and what is answered. */
import { z } from 'zod';
import { verificationState } from './blob.ts';
import { failure } from './failure.ts';
import { artifactId, blobId, labelName } from './names.ts';
import { suiObjectSource } from './sui-source.ts';
import { duration, time } from './time.ts';

const shortText = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate');
const webUrl = z
  .string()
  .max(2000)
  .refine(isUrl(['https:', 'http:']), {
    message: 'expected an https: URL (http: only for hosts that UNDERLABEL_ALLOW_HOSTS lists)',
  });
const manifestUrl = z
  .string()
  .max(2000)
  .refine(isUrl(['https:', 'http:', 'file:']), {
    message: 'expected an https: URL, or a file: URL inside UNDERLABEL_ALLOW_FILES',
  });

function isUrl(schemes: readonly string[]) {
  return (text: string) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && schemes.includes(url.protocol) && !url.username && !url.password;
  };
}

export const sourceSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('model-hub'),
      model: shortText,
      author: shortText.optional(),
      version: shortText.default('latest'),
      files: shortText.optional().meta({ description: 'A glob; only files that match it count' }),
      baseUrl: webUrl.optional(),
      filesUrl: webUrl.optional(),
    }),
    z.strictObject({ kind: z.literal('manifest'), url: manifestUrl }),
    suiObjectSource,
    z.strictObject({ kind: z.literal('push') }),
  ])
  .meta({ id: 'Source' });

export type SourceSpec = z.output<typeof sourceSpec>;
export type SourceKind = SourceSpec['kind'];

export const labelInput = z
  .strictObject({
    source: sourceSpec,
    every: duration('1s', '7d').default(30_000),
    clockSkew: duration('0s', '1h').default(2000),
    servingLag: duration('0s', '1h').default(0),
  })
  .meta({ id: 'LabelInput' });

export type LabelInput = z.output<typeof labelInput>;

/** Of one input the first run before the change and the first after it; of a conversation one. */
const evidence = z
  .strictObject({
    changeId: z.string(),
    summary: z.string().meta({ description: 'Begins with `insufficient so far` until it is told' }),
    pairs: z.int().meta({ description: 'With a decision on either side' }),
    flipped: z.int(),
    flips: z.array(
      z.strictObject({
        before: z.string().nullable(),
        after: z.string().nullable(),
        pairs: z.int(),
      }),
    ),
    e: z.number().meta({ description: 'At 20 it is told, as `underlabel.diff.changed`' }),
    unconfirmed: z.int().meta({ description: 'Traces that wait for a reading that confirms them' }),
    lookedAt: time,
    toldAt: time.nullable(),
  })
  .meta({ id: 'ChangeEvidence' });

export const label = z
  .strictObject({
    name: labelName,
    source: sourceSpec,
    every: z.string(),
    clockSkew: z.string(),
    servingLag: z.string(),
    createdAt: time,
    removedAt: time
      .nullable()
      .meta({ description: 'When its watch was stopped; null while it runs' }),
    current: z
      .strictObject({
        artifactId: artifactId.nullable().meta({ description: 'null: absent' }),
        blobIds: z.array(blobId),
        since: z.strictObject({ after: time.nullable(), before: time }),
        lastConfirmedAt: time,
      })
      .nullable()
      .meta({ description: 'null: never read' }),
    verification: z
      .strictObject({
        state: verificationState,
        blobs: z.record(verificationState, z.int()).meta({ description: 'How many stand how' }),
      })
      .nullable()
      .meta({ description: 'Of the blobs of `current`, the worst first; null: it holds none' }),
    evidence: evidence.nullable().meta({
      description:
        'Which way decisions go since the change that brought `current`; null: there was none, or nobody looked yet',
    }),
    watch: z.strictObject({
      lastAttemptAt: time.nullable(),
      lastSuccessAt: time.nullable(),
      consecutiveFailures: z.int(),
      lastError: failure.nullable(),
      nextAt: time.nullable(),
    }),
  })
  .meta({ id: 'Label' });

export type LabelJson = z.input<typeof label>;
