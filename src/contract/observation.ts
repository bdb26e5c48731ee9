/** Observations, tenures, changes and attributions, as they are answered. */
import { z } from 'zod';
import { failure } from './failure.ts';
import { manifestFiles } from './manifest.ts';
import { artifactId, blobId, labelName } from './names.ts';
import { endTime, startTime, time } from './time.ts';

const times = { requestedAt: startTime.optional(), receivedAt: endTime.optional() };

/** A reading pushed from outside. Times left out are taken at commit. */
export const pushedReading = z
  .union([
    z.strictObject({ ...times, files: manifestFiles }),
    z.strictObject({ ...times, absent: z.literal(true) }),
  ])
  .meta({ id: 'PushedReading' });

export type PushedReading = z.output<typeof pushedReading>;

export const observation = z
  .strictObject({
    id: z.string(),
    label: labelName,
    requestedAt: time,
    receivedAt: time,
    recordedAt: time,
    outcome: z.enum(['artifact', 'absent', 'failed']),
    artifactId: artifactId.nullable(),
    blobIds: z.array(blobId),
    error: failure.nullable(),
    answerSha256: z
      .string()
      .nullable()
      .meta({ description: "Hex SHA-256 of the source's raw answer, where there was one" }),
  })
  .meta({ id: 'Observation' });

export type ObservationJson = z.input<typeof observation>;

const window = z.strictObject({ after: time.nullable(), before: time });
const instants = z.strictObject({ requestedAt: time, receivedAt: time });

export const tenure = z
  .strictObject({
    artifactId,
    blobIds: z.array(blobId),
    firstSeenAt: time,
    lastConfirmedAt: time,
    observations: z.int(),
    maxGapMs: z.int(),
    began: window,
    ended: window.nullable(),
  })
  .meta({ id: 'Tenure' });

export type TenureJson = z.input<typeof tenure>;

export const change = z
  .strictObject({
    id: z.string(),
    label: labelName,
    kind: z.enum(['first_seen', 'moved', 'returned', 'vanished', 'reappeared']),
    from: artifactId.nullable(),
    to: artifactId.nullable(),
    after: time.nullable(),
    before: time,
    detectedAt: time,
    retiredAt: time
      .nullable()
      .meta({ description: 'When a backfill showed it was no such change' }),
  })
  .meta({ id: 'Change' });

export type ChangeJson = z.input<typeof change>;

export const lostStretch = z
  .strictObject({
    from: time,
    to: time,
    recordedAt: time.meta({ description: 'When it was noticed. UTC, milliseconds' }),
  })
  .meta({
    id: 'LostStretch',
    description: 'An older copy of the data was restored: nothing is known of what was between',
  });

export type LostStretchJson = z.input<typeof lostStretch>;

export const timeline = z
  .strictObject({
    tenures: z.array(tenure),
    changes: z.array(change),
    lost: z.array(lostStretch).meta({
      description:
        'Nothing is confirmed across any of these: a tenure that spans one has a gap there',
    }),
  })
  .meta({ id: 'Timeline' });

export const attribution = z
  .strictObject({
    certainty: z.enum([
      'proven',
      'declared',
      'bracketed',
      'provisional',
      'ambiguous',
      'unobserved',
    ]),
    observed: z.enum(['bracketed', 'provisional', 'ambiguous', 'unobserved']),
    artifactId: artifactId.nullable(),
    candidates: z.array(artifactId.nullable()),
    window: window.nullable(),
    conflict: z.boolean(),
    declaredBlobId: blobId.nullable(),
    grounds: z.strictObject({
      before: instants.nullable(),
      after: instants.nullable(),
      maxGapMs: z.int().nullable(),
    }),
  })
  .meta({ id: 'Attribution' });

export type AttributionJson = z.input<typeof attribution>;
