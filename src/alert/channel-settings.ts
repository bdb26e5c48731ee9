/** From what somebody asks of a channel to what is stored of it. */
import type { ChannelInput } from '../contract/channel.ts';
import type { ChannelSettings, StoredChannel } from '../store/outbox.ts';
import { newSecret } from './secret.ts';

/** @param made the secret that `secretToMake` made */
export function settingsOf(input: ChannelInput, made: string | undefined): ChannelSettings {
  const { labels = null, events = null } = input;
  if (input.kind === 'log') return { target: { kind: 'log' }, labels, events };
  const { url, secret = made } = input;
  return { target: { kind: 'webhook', url }, secret, labels, events };
}

/**
 * A webhook is always signed: where no secret is given and none is there, one is made.
 * @param there the channel as it is; null where it is new
 */
export function secretToMake(input: ChannelInput, there: StoredChannel | null): string | undefined {
  if (input.kind !== 'webhook' || input.secret !== undefined) return undefined;
  return there && there.secrets.length > 0 ? undefined : newSecret();
}
