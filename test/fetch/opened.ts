/** Fetchers that close when the test ends. */
import { expect, onTestFinished } from 'vitest';
import { FetchError } from '../../src/fetch/fetch-error.ts';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/fetch/fetcher.ts';

export function fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  const made = createFetcher({ allowHosts: ['127.0.0.1'], credentials: {}, ...options });
  onTestFinished(() => made.close());
  return made;
}

export const never = () => new AbortController().signal;

/** What a download is asked with, where a test has no wishes of its own. */
export const wanted = () => ({
  signal: never(),
  maxBytes: 1_000_000,
  headMs: 5000,
  idleMs: 5000,
  leastBytes: 1,
  timeoutMs: 10_000,
});

/** The FetchError that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<FetchError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FetchError);
  return error as FetchError;
}
