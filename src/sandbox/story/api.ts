/** What the story uses of the service: its public HTTP API, and patience with a deadline. */
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 15_000;
const BETWEEN_MS = 50;

/** The story can't go on: an expected fact did not come, or is another one. The message says which. */
export class MissingFact extends Error {
  override name = 'MissingFact';
}

export interface Api {
  get<T>(path: string, query?: Record<string, string>): Promise<T>;
  send<T>(method: 'PUT' | 'POST', path: string, body: unknown): Promise<T>;
  /**
   * Asks again and again until there is an answer.
   * @param fact what is waited for, as a sentence without its full stop
   * @throws MissingFact once the deadline is over
   */
  until<T>(fact: string, ask: () => Promise<T | null | undefined>): Promise<T>;
}

/**
 * @param signal ends whatever is under way, with its reason
 * @param key of the role admin; null: the service has no keys
 */
export function apiOf(serviceUrl: string, signal: AbortSignal, key: string | null = null): Api {
  const signed = key === null ? {} : { Authorization: `Bearer ${key}` };
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const url = `${serviceUrl}/api/v1${path}`;
    const json = { 'Content-Type': 'application/json' };
    const sent =
      body === undefined
        ? { headers: signed }
        : { body: JSON.stringify(body), headers: { ...json, ...signed } };
    const response = await fetch(url, { method, signal, ...sent });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw new MissingFact(`${method} ${path} was answered with ${response.status}: ${text}`);
  }
  return {
    get: (path, query) => call('GET', query ? `${path}?${new URLSearchParams(query)}` : path),
    send: call,
    async until(fact, ask) {
      const end = performance.now() + DEADLINE_MS;
      while (performance.now() < end) {
        const answer = await ask();
        if (answer !== null && answer !== undefined) return answer;
        await pause(BETWEEN_MS, undefined, { signal });
      }
      throw new MissingFact(`Within ${DEADLINE_MS / 1000} s this did not come: ${fact}.`);
    },
  };
}

/** @param fact what must be so, as a sentence without its full stop */
export function expectFact(fact: string, holds: boolean, seen: unknown): asserts holds {
  if (!holds) throw new MissingFact(`Expected: ${fact}. The API answered: ${JSON.stringify(seen)}`);
}
