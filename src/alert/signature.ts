/** Standard Webhooks 1.0: what a receiver needs to know who sent it, when, and whether it came before. */
import { Webhook } from 'standardwebhooks';
import type { Message } from './channel.ts';

/** One signature for each secret, the newest first, so that secrets can be changed without a gap. */
export function signedHeaders(message: Message): Record<string, string> {
  const { id, sentAt, body, secrets } = message;
  const time = new Date(sentAt);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, time, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(sentAt / 1000)}`,
    ...(signatures.length > 0 ? { 'webhook-signature': signatures.join(' ') } : {}),
  };
}
