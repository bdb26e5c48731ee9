/** Events as they are told: CloudEvents 1.0, structured JSON, the same to channels and in the stream. */
import { z } from 'zod';
import { chainFact } from './blob.ts';
import { failure } from './failure.ts';
import { artifactId, blobId, labelName } from './names.ts';
import { change } from './observation.ts';
import { time } from './time.ts';

/** Who tells: CloudEvents wants a URI. */
export const EVENT_SOURCE = 'urn:underlabel';

/** No event is longer than this, whatever it tells of: 20 kB. */
export const MOST_EVENT_BYTES = 20_000;

/** What every event has; `subject` is the label or blob it is about, or else the channel, or `store`. */
const envelope = {
  specversion: z.literal('1.0'),
  id: z.string().meta({ description: 'The same at each attempt: drop what came before' }),
  source: z.literal(EVENT_SOURCE),
  subject: z
    .string()
    .meta({ description: 'The label or the blob it is about; or else the channel, or `store`' }),
  time: time.meta({ description: 'When it was recorded. UTC, milliseconds' }),
  datacontenttype: z.literal('application/json'),
};

function event<Type extends z.ZodType, Data extends z.ZodRawShape>(
  id: string,
  type: Type,
  data: Data,
) {
  return z.strictObject({ ...envelope, type, data: z.strictObject(data) }).meta({ id });
}

/** What an artifact holds, as far as an event says so. */
const fewBlobIds = z
  .array(blobId)
  .max(50)
  .meta({ description: 'In order of path, the first 50; the artifact itself lists them all' });

const { retiredAt: _, ...changeTold } = change.shape;

const changeEvent = event(
  'ChangeEvent',
  z.enum([
    'underlabel.change.first_seen',
    'underlabel.change.moved',
    'underlabel.change.returned',
    'underlabel.change.vanished',
    'underlabel.change.reappeared',
  ]),
  {
    ...changeTold,
    fromBlobIds: fewBlobIds,
    toBlobIds: fewBlobIds,
    compare: z.string().nullable().meta({
      description: 'Where the service says what changed inside; null: one side is absent',
    }),
  },
);

const conflictEvent = event('ConflictEvent', z.literal('underlabel.trace.conflict'), {
  label: labelName,
  blobId: blobId.meta({ description: 'What the trace names, and no candidate holds' }),
  traceId: z.string(),
});

const unreadableEvent = event('UnreadableEvent', z.literal('underlabel.label.unreadable'), {
  label: labelName,
  since: time.meta({ description: 'When the first of the failing readings was asked' }),
  error: failure,
  lastSuccessAt: time.nullable().meta({ description: 'null: no reading ever said anything' }),
});

const readableEvent = event('ReadableEvent', z.literal('underlabel.label.readable'), {
  label: labelName,
  since: time.meta({ description: 'From here to `until` no reading said anything' }),
  until: time,
  failures: z.int(),
  artifactId: artifactId.nullable().meta({ description: 'What is there now; null: absent' }),
});

const aboutBlob = {
  blobId,
  labels: z.array(labelName).max(50).meta({
    description: 'Watched labels that hold it now, in order of name, the first 50',
  }),
};
const served = {
  aggregator: z.string().nullable(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
};

const mismatchEvent = event('BlobMismatchEvent', z.literal('underlabel.blob.mismatch'), {
  ...aboutBlob,
  ...served,
  code: z.enum(['other-bytes', 'wrong-length']),
  computedBlobId: blobId.nullable().meta({ description: 'The ID of what was served in its name' }),
});

const verifiedEvent = event('BlobVerifiedEvent', z.literal('underlabel.blob.verified'), {
  ...aboutBlob,
  ...served,
});

const unavailableEvent = event('BlobUnavailableEvent', z.literal('underlabel.blob.unavailable'), {
  ...aboutBlob,
  aggregator: z.string().nullable(),
  error: failure,
});

const expiringEvent = event('BlobExpiringEvent', z.literal('underlabel.blob.expiring'), {
  ...aboutBlob,
  network: z.string(),
  withinDays: z.number(),
  endEpoch: z.int(),
  endsAt: time,
  endsAtEstimated: z.boolean(),
});

const lostEvent = event('BlobLostEvent', z.literal('underlabel.blob.lost'), {
  ...aboutBlob,
  network: z.string(),
  status: chainFact.shape.status,
  was: chainFact.shape.status
    .nullable()
    .meta({ description: 'What the chain said before; null: nothing' }),
  epoch: z.int(),
});

const decisionCounts = z
  .array(
    z.strictObject({
      before: z.string().nullable().meta({ description: 'null: no decision was made' }),
      after: z.string().nullable(),
      pairs: z.int(),
    }),
  )
  .max(10);

const diffChangedEvent = event('DiffChangedEvent', z.literal('underlabel.diff.changed'), {
  label: labelName,
  changeId: z.string().meta({ description: 'The change since which decisions go another way' }),
  from: artifactId,
  to: artifactId,
  pairs: z
    .int()
    .meta({ description: 'Inputs run on both, of a conversation one, with a decision' }),
  flipped: z.int(),
  flips: decisionCounts.meta({ description: 'The commonest first' }),
  e: z.number().meta({
    description:
      'An e-value, which may be looked at at any time: 20 is reached by chance in 1 of 20',
  }),
  summary: z.string(),
  compare: z.string().meta({ description: 'Where the service says what changed inside' }),
});

const channelTestEvent = event('ChannelTestEvent', z.literal('underlabel.channel.test'), {
  channel: z.string(),
});

const channelDisabledEvent = event(
  'ChannelDisabledEvent',
  z.literal('underlabel.channel.disabled'),
  { channel: z.string(), reason: z.string() },
);

const storeRestoredEvent = event('StoreRestoredEvent', z.literal('underlabel.store.restored'), {
  from: time.meta({ description: 'From here to `to` nothing is known' }),
  to: time,
});

export const cloudEvent = z
  .discriminatedUnion('type', [
    changeEvent,
    conflictEvent,
    unreadableEvent,
    readableEvent,
    mismatchEvent,
    verifiedEvent,
    unavailableEvent,
    expiringEvent,
    lostEvent,
    diffChangedEvent,
    channelTestEvent,
    channelDisabledEvent,
    storeRestoredEvent,
  ])
  .meta({ id: 'Event', description: 'A CloudEvent 1.0. More types may come: pass over those' });

export type CloudEventJson = z.input<typeof cloudEvent>;
