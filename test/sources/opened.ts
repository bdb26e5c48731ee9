/** Fetchers and sources that close when the test ends. */
import { expect, onTestFinished } from 'vitest';
import type { SourceSpec } from '../../src/contract/label.ts';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/sources/fetcher.ts';
import { openSource } from '../../src/sources/index.ts';
import { type Source, SourceError } from '../../src/sources/source.ts';

export function fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
  const made = createFetcher({ allowHosts: ['127.0.0.1'], credentials: {}, ...options });
  onTestFinished(() => made.close());
  return made;
}

export function source(
  spec: SourceSpec,
  options: Partial<FetcherOptions> = {},
  allowFiles: string | null = null,
): Source {
  return openSource(spec, { fetcher: fetcher(options), allowFiles })!;
}

export const never = () => new AbortController().signal;

/** The SourceError that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}
