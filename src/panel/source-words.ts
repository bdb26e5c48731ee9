/** Where a label is read, in words. */
import type { SourceKind, SourceSpec } from '../contract/label.ts';
import { shownSource } from '../words/shown-source.ts';
import { cutLine } from './cut-line.ts';

export const SOURCE_WORDS: Record<SourceKind, string> = {
  'model-hub': 'OpenGradient Model Hub',
  manifest: 'a manifest',
  'sui-object': 'an object on Sui',
  push: 'pushes from outside',
};

/**
 * What else the source says, as name and text.
 * @param whole whether who looks may see all of its addresses
 */
export function sourceFields(source: SourceSpec, whole: boolean): [string, string][] {
  const { kind: _, ...fields } = shownSource(source, whole);
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [
      name,
      cutLine(typeof value === 'string' ? value : JSON.stringify(value)),
    ]);
}
