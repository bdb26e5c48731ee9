/** A side of a diff as it is asked for: looked up, and told back. */
import type { Cohort, CohortSpec } from '../contract/diff.ts';
import { formatTime } from '../contract/time.ts';
import type { Side } from '../diff/source.ts';
import type { CohortQuery, Store } from '../store/store.ts';

type Lookup = Pick<Store, 'artifact' | 'artifactsWith'>;

/** A side names an artifact, or a blob, that the label never held: a mistake worth telling. */
export class NeverHeldError extends Error {
  override name = 'NeverHeldError';
  readonly code = 'never-held';
  readonly side: Side;
  readonly field: 'artifact' | 'blobId';

  constructor(label: string, side: Side, field: 'artifact' | 'blobId', id: string) {
    super(`'${label}' never held ${id}; see its timeline for what it held`);
    this.side = side;
    this.field = field;
  }
}

/** @throws NeverHeldError */
export async function cohortOf(
  store: Lookup,
  label: string,
  spec: CohortSpec,
  side: Side,
): Promise<CohortQuery> {
  if ('from' in spec) return spec;
  const found =
    'artifact' in spec
      ? [await store.artifact(spec.artifact)]
      : await store.artifactsWith(spec.blobId);
  const held = found.filter((artifact) => artifact?.labels.includes(label));
  if (held.length > 0) return { artifacts: held.map((artifact) => artifact!.artifactId) };
  if ('artifact' in spec) throw new NeverHeldError(label, side, 'artifact', spec.artifact);
  throw new NeverHeldError(label, side, 'blobId', spec.blobId);
}

export function askedOf(spec: CohortSpec): Cohort['asked'] {
  return 'from' in spec ? { from: formatTime(spec.from), to: formatTime(spec.to) } : spec;
}
