/**
 * A channel that posts each event to an address, signed (Standard Webhooks 1.0). That address may be
 * a secret itself, so texts name no more of it than the host.
 */
import { FetchError, type FetchErrorCode } from '../../fetch/fetch-error.ts';
import type { ChannelTarget } from '../../store/outbox.ts';
import { type Channel, DeliveryError, type DeliveryErrorCode } from '../channel.ts';
import { CLOUD_EVENT_TYPE } from '../cloud-event.ts';
import { signedHeaders } from '../signature.ts';
import type { ChannelMeans } from './means.ts';

type WebhookTarget = Extract<ChannelTarget, { kind: 'webhook' }>;

export function webhook({ url }: WebhookTarget, { fetcher }: ChannelMeans): Channel {
  const { host } = new URL(url);
  return {
    async send(message, signal) {
      const headers = { 'content-type': CLOUD_EVENT_TYPE, ...signedHeaders(message) };
      const posted = await fetcher
        .post(url, { body: message.body, headers, signal })
        .catch((error: unknown) => {
          signal.throwIfAborted();
          throw error instanceof FetchError ? notReached(host, error) : error;
        });
      const { status, retryAfterSeconds } = posted;
      if (status >= 200 && status < 300) return;
      const retryAfterMs = retryAfterSeconds === null ? null : retryAfterSeconds * 1000;
      const [code, toDo] = verdict(status);
      const text = `${host} answered with status ${status}. ${toDo}`;
      throw new DeliveryError(code, `http-${status}`, text, { retryAfterMs });
    },
  };
}

/** What a status means: Standard Webhooks 1.0, "HTTP responses". */
function verdict(status: number): [DeliveryErrorCode, toDo: string] {
  if (status === 410) {
    return ['gone', 'It takes no more, so the channel is disabled; PUT it again to resume.'];
  }
  if (status === 429 || status === 502 || status === 504) {
    return ['slow-down', 'It is sent less until it takes more.'];
  }
  if (status >= 300 && status < 400) {
    return ['failed', 'Redirects are not followed: give the final URL.'];
  }
  if (status === 401 || status === 403) {
    return ['failed', 'Check that the receiver verifies with the same secret.'];
  }
  return ['failed', status >= 500 ? 'Look at the receiver.' : 'Check the URL.'];
}

const WAYS: Partial<Record<FetchErrorCode, string>> = {
  dns: 'its name could not be resolved. Check the name and DNS.',
  connect: 'no connection could be made. Check the host, its port and certificate.',
  reset: 'the connection broke off, or the answer was not HTTP. Look at the receiver.',
  timeout: 'no answer came in time. Let the receiver answer first and work later.',
  'refused-address':
    'the address is private or has no TLS, and UNDERLABEL_ALLOW_HOSTS does not list it, so nothing was sent.',
};

/** The fetcher's own words name the address, and its cause may. */
function notReached(host: string, { code, retryAfterSeconds }: FetchError): DeliveryError {
  const text = `${host}: ${WAYS[code] ?? `the delivery failed (${code}). Look at the receiver.`}`;
  const retryAfterMs = retryAfterSeconds === null ? null : retryAfterSeconds * 1000;
  return new DeliveryError('failed', code, text, { retryAfterMs });
}
