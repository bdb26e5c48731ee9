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

/** The FetchError that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<FetchError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FetchError);
  return error as FetchError;
}
