/** What a client was told, checked. */

import type { ClientOptions } from './client.ts';
import { ClientError } from './client-error.ts';

export interface Settings {
  url: URL;
  key: string | null;
  labels: readonly string[];
  timeoutMs: number;
  maxLabels: number;
  historyMs: number;
  around: ((work: () => Promise<void>) => unknown) | null;
}

const DAY_MS = 86_400_000;

/** @throws ClientError bad-options */
export function settingsOf(options: ClientOptions): Settings {
  const { key = null, labels = [], around = null } = options;
  // A key is never shown, not even a bad one.
  if (key !== null && (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key))) {
    throw bad('key', 'a text of printable ASCII without spaces');
  }
  if (!Array.isArray(labels)) throw bad('labels', 'a list of names');
  if (around !== null && typeof around !== 'function') throw bad('around', 'a function');
  return {
    url: urlOf(options.url),
    key,
    labels,
    timeoutMs: wholeOf('timeoutMs', options.timeoutMs ?? 5000, 1, 10 * 60_000),
    maxLabels: wholeOf('maxLabels', options.maxLabels ?? 100, 1, 10_000),
    historyMs: wholeOf('historyMs', options.historyMs ?? 3_600_000, 0, 30 * DAY_MS),
    around,
  };
}

function urlOf(given: string | URL): URL {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (!fits) throw bad('url', 'the https: or http: URL of the service, without user and password');
  return url;
}

function wholeOf(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw bad(name, `a whole number from ${least} to ${most}`);
}

function bad(name: string, expected: string): ClientError {
  const message = `the client's ${name} can't be used, so it asks nothing and every tag is unobserved; it must be ${expected}`;
  return new ClientError('bad-options', message);
}
