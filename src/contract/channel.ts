/** Channels and deliveries: where events are told, and what came of it. */
import { z } from 'zod';
import { canonicalSecret, secretProblem } from '../alert/secret.ts';
import { failure } from './failure.ts';
import { time } from './time.ts';

export const channelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'a channel is 1–100 of A-Z a-z 0-9 . _ - and begins with a letter or digit',
  );

const MOST_GLOBS = 100;

/** None at all would be a channel that looks well and is never told anything. */
const globs = (description: string) =>
  z
    .array(z.string().min(1).max(200), 'expected a list of globs; leave it out for all')
    .min(1, 'expected at least one glob; leave it out for all')
    .max(MOST_GLOBS)
    .optional()
    .meta({ description: `${description}: \`*\` any text, \`?\` one character. Left out: all` });

const filters = {
  labels: globs('Globs over label names; events about no label pass'),
  events: globs('Globs over event types'),
};

const webhookUrl = z.string().max(2000).refine(mayBeSentTo, {
  message:
    'expected an https: URL without a user or password (http: only for hosts that UNDERLABEL_ALLOW_HOSTS lists)',
});

function mayBeSentTo(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}

/** No message of it holds the text. */
const secret = z
  .string()
  .superRefine((text, context) => {
    const message = secretProblem(text);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .overwrite((text) => (secretProblem(text) ? text : canonicalSecret(text)))
  .meta({ description: '`whsec_` and the base64 of 24 to 64 random bytes (Standard Webhooks)' });

export const channelInput = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('webhook'),
      url: webhookUrl,
      secret: secret.optional(),
      ...filters,
    }),
    z.strictObject({ kind: z.literal('log'), ...filters }),
  ])
  .meta({ id: 'ChannelInput' });

export type ChannelInput = z.output<typeof channelInput>;

const globsAnswered = z.array(z.string()).nullable().meta({ description: 'null: all' });

export const channel = z
  .strictObject({
    name: channelName,
    kind: z.enum(['webhook', 'log']),
    url: z.string().nullable().meta({
      description: 'Of a webhook. It may be a secret: below `admin` only its host is shown',
    }),
    labels: globsAnswered,
    events: globsAnswered,
    createdAt: time,
    disabledAt: time.nullable().meta({
      description: 'When its receiver said that it takes no more; a PUT enables it again',
    }),
    disabledReason: z.string().nullable(),
    secret: z.string().optional().meta({
      description: 'What a webhook is signed with: only in the one answer to the PUT that made it',
    }),
  })
  .meta({ id: 'Channel' });

export type ChannelJson = z.input<typeof channel>;

export const delivery = z
  .strictObject({
    id: z.string(),
    channel: channelName,
    event: z.strictObject({ id: z.string(), type: z.string(), subject: z.string(), time }),
    status: z.enum(['waiting', 'pending', 'delivered', 'dead', 'cancelled']).meta({
      description:
        'waiting: behind another one of its subject; pending: tried at `nextAt`; dead: given up; cancelled: its channel was removed',
    }),
    createdAt: time,
    attempts: z.int(),
    nextAt: time.nullable().meta({ description: 'When it is tried next; null: it is not' }),
    lastAttemptAt: time.nullable(),
    lastError: failure.nullable(),
    settledAt: time.nullable().meta({
      description: 'When it was delivered, given up or cancelled',
    }),
  })
  .meta({ id: 'Delivery' });

export type DeliveryJson = z.input<typeof delivery>;
