/** Blobs: whether their bytes are what their ID says, whether they can be had, and what the chain says. */
import { z } from 'zod';
import { failure } from './failure.ts';
import { blobId } from './names.ts';
import { time } from './time.ts';

const ms = z.int().min(0);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const verificationState = z.enum(['unchecked', 'unavailable', 'verified', 'mismatch']).meta({
  description:
    'verified: the bytes were fetched, and their Blob ID, computed here, is this one. mismatch: an aggregator serves other bytes under this ID, whatever others serve. unavailable: tried, and the bytes were never had. unchecked: nobody tried',
});

export const attempt = z
  .strictObject({
    id: z.string(),
    blobId,
    outcome: z.enum(['verified', 'mismatch', 'unavailable']),
    error: failure.nullable().meta({ description: 'Why it is not verified' }),
    aggregator: z.string().nullable().meta({ description: 'null: none was asked' }),
    startedAt: time,
    tookMs: ms,
    recordedAt: time,
    bytes: z.int().nullable(),
    sha256: sha256.nullable().meta({ description: 'Of the bytes, where all of them came' }),
    computedBlobId: blobId.nullable().meta({ description: 'The ID of the bytes that came' }),
  })
  .meta({ id: 'VerificationAttempt' });

export const chainFact = z
  .strictObject({
    id: z.string(),
    network: z.string(),
    status: z.enum(['certified', 'registered', 'expired', 'deleted', 'invalid', 'nonexistent']),
    epoch: z.int().meta({ description: 'The Walrus epoch it was said in first' }),
    certifiedEpoch: z.int().nullable(),
    endEpoch: z.int().nullable().meta({ description: 'In this epoch it is stored no more' }),
    endsAt: time.nullable().meta({ description: 'When that epoch begins' }),
    endsAtEstimated: z.boolean().meta({ description: 'Reckoned from the length of epochs' }),
    deletable: z.boolean().nullable(),
    objectId: z.string().nullable().meta({ description: 'Its object on Sui, where known' }),
    size: z.int().nullable(),
    attributes: z.record(z.string(), z.string()).nullable().meta({
      description:
        'null: not read, or more than 100 of them or 16,384 characters. Its owner can change them at any time',
    }),
    readAt: time.meta({ description: 'When this was said first' }),
    confirmedAt: time.meta({ description: 'When it was said last' }),
    recordedAt: time,
  })
  .meta({ id: 'ChainFact' });

/** Three facts, kept apart: one never stands for another. */
export const blobFacts = {
  blobId,
  verification: z.strictObject({
    state: verificationState,
    at: time.nullable().meta({ description: 'When the attempt that says so was recorded' }),
    error: failure.nullable(),
    aggregator: z.string().nullable(),
    verifiedAt: time
      .nullable()
      .meta({ description: 'When the bytes were last verified, from wherever' }),
    sha256: sha256.nullable().meta({ description: 'Of the verified bytes' }),
  }),
  retrievable: z.strictObject({
    state: z.enum(['yes', 'no', 'unknown']).meta({ description: 'As the newest run found it' }),
    at: time.nullable(),
  }),
  chain: z.strictObject({
    fact: chainFact.nullable().meta({ description: 'null: nothing is known' }),
    problem: failure
      .nullable()
      .meta({ description: 'Why nothing newer is known; null where nothing stands in the way' }),
  }),
};

export const verificationRun = z
  .strictObject({
    blobId,
    state: z.enum(['done', 'running']),
    outcome: z.enum(['verified', 'mismatch', 'unavailable']).nullable(),
    attempts: z.array(attempt),
    verification: blobFacts.verification.meta({
      description:
        'How the blob stands now, by this run and those before: a mismatch at an aggregator that this run got nothing from stays one',
    }),
    chain: blobFacts.chain,
  })
  .meta({ id: 'VerificationRun' });

export type AttemptJson = z.input<typeof attempt>;
export type ChainFactJson = z.input<typeof chainFact>;
export type BlobFactsJson = z.input<z.ZodObject<typeof blobFacts>>;
export type VerificationRunJson = z.input<typeof verificationRun>;
export type VerificationState = z.input<typeof verificationState>;
