/** Where a label is read, in words. */
import type { SourceKind, SourceSpec } from '../contract/label.ts';
import { cutLine } from './cut-line.ts';

export const SOURCE_WORDS: Record<SourceKind, string> = {
  'model-hub': 'OpenGradient Model Hub',
  manifest: 'a manifest',
  'sui-object': 'an object on Sui',
  push: 'pushes from outside',
};

/** What else the source says, as name and text. */
export function sourceFields({ kind: _, ...fields }: SourceSpec): [string, string][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [
      name,
      cutLine(typeof value === 'string' ? value : JSON.stringify(value)),
    ]);
}
