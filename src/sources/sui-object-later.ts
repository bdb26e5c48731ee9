/** Opens a label kept on Sui with its first reading: the chain's libraries load for those who need them. */
import type { SourceSpec } from '../contract/label.ts';
import type { Means } from './means.ts';
import type { Source } from './source.ts';

type SuiSpec = Extract<SourceSpec, { kind: 'sui-object' }>;

export function suiObjectLater(spec: SuiSpec, means: Means): Source {
  let opening: Promise<Source> | null = null;
  return {
    host: means.sui?.host ?? 'sui:',
    async read(signal) {
      signal.throwIfAborted();
      opening ??= import('./sui-object.ts').then(({ suiObject }) => suiObject(spec, means));
      return (await opening).read(signal);
    },
  };
}
