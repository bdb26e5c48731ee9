/** What differs between two outputs of one input: lists and objects by path, texts by word. */
import type { Report } from '../../contract/diff.ts';
import { changedPaths, isObject } from './changed-paths.ts';
import { parsed } from './json-value.ts';
import { wordDiff } from './word-diff.ts';

export type OutputDifference = Pick<Report['cases'][number], 'paths' | 'words'>;

/** Only of two of one kind. @param before JSON text; null: none */
export function outputDifference(before: string | null, after: string | null): OutputDifference {
  const [from, to] = [parsed(before), parsed(after)];
  const areJson = (isObject(from) && isObject(to)) || (Array.isArray(from) && Array.isArray(to));
  return {
    paths: areJson ? changedPaths(from, to) : null,
    words: typeof from === 'string' && typeof to === 'string' ? wordDiff(from, to) : null,
  };
}
