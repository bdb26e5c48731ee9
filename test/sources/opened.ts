/** Sources whose fetchers close when the test ends. */
import { expect } from 'vitest';
import type { SourceSpec } from '../../src/contract/label.ts';
import type { FetcherOptions } from '../../src/fetch/fetcher.ts';
import { openSource } from '../../src/sources/index.ts';
import { type Source, SourceError } from '../../src/sources/source.ts';
import { fetcher } from '../fetch/opened.ts';

export function source(
  spec: SourceSpec,
  options: Partial<FetcherOptions> = {},
  allowFiles: string | null = null,
): Source {
  return openSource(spec, { fetcher: fetcher(options), allowFiles })!;
}

/** The SourceError that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}
