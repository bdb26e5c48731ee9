/**
 * The kinds of channels, for those who fill in a form: which fields each has besides the globs that all
 * have. A new kind is a line here, beside its file in ./channels and its shape in src/contract/channel.ts.
 */
import type { ChannelTarget } from '../store/outbox.ts';

export interface ChannelField {
  /** As in the contract. */
  name: string;
  words: string;
  /** `secret`: given and replaced, never shown. */
  type: 'url' | 'text' | 'secret';
  required: boolean;
  hint: string;
}

export interface ChannelKindForm {
  words: string;
  /** What such a channel does, in a sentence. */
  does: string;
  fields: readonly ChannelField[];
}

export const CHANNEL_KINDS: { readonly [Kind in ChannelTarget['kind']]: ChannelKindForm } = {
  webhook: {
    words: 'Webhook',
    does: 'Each event is posted to an address, signed (Standard Webhooks), and tried again until it is taken.',
    fields: [
      {
        name: 'url',
        words: 'URL',
        type: 'url',
        required: true,
        hint: 'https:, without a user or password; http: and private addresses only where UNDERLABEL_ALLOW_HOSTS lists them',
      },
      {
        name: 'secret',
        words: 'Signing secret',
        type: 'secret',
        required: false,
        hint: 'whsec_ and base64; left empty, the one there is stays, or one is made and shown once',
      },
    ],
  },
  log: {
    words: 'Log',
    does: "Each event is a line in the service's log.",
    fields: [],
  },
};
