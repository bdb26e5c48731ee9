/** Every kind of source. A new kind is a file beside this one, and a line here. */
import type { SourceKind, SourceSpec } from '../contract/label.ts';
import { LastReadings } from './last-readings.ts';
import { manifestSource } from './manifest-source.ts';
import type { Means } from './means.ts';
import { modelHub } from './model-hub.ts';
import { pushed } from './push.ts';
import type { Source } from './source.ts';
import { suiObjectLater } from './sui-object-later.ts';

type Open<Kind extends SourceKind> = (
  spec: Extract<SourceSpec, { kind: Kind }>,
  means: Means,
) => Source | null;

const KINDS: { [Kind in SourceKind]: Open<Kind> } = {
  'model-hub': modelHub,
  manifest: manifestSource,
  'sui-object': suiObjectLater,
  push: pushed,
};

/**
 * Opens a label's source. Keep it as long as the label keeps its source: it remembers the last
 * answers, so that unchanged ones need not be sent again.
 * @param means `lastReadings` is for all sources of a process, and bounds what they remember together;
 * without `sui` no chain is read
 * @returns null where there is nothing to read, because readings are pushed
 */
export function openSource(
  spec: SourceSpec,
  means: Omit<Means, 'lastReadings' | 'sui'> & Partial<Means>,
): Source | null {
  const open = KINDS[spec.kind] as Open<SourceKind>;
  return open(spec, { lastReadings: new LastReadings(), sui: null, ...means });
}
