import type { ArtifactId } from '../lineage/manifest.ts';
import type { Side } from './source.ts';

export type DiffErrorCode = 'several-artifacts';

export interface ArtifactShare {
  artifactId: ArtifactId;
  traces: number;
  /** Of the side's compared traces, from 0 to 1. */
  share: number;
}

const NAMED = 5;

/** A diff that isn't made, because what it would say could be read wrongly. */
export class DiffError extends Error {
  override readonly name = 'DiffError';
  readonly code: DiffErrorCode;
  readonly side: Side;
  /** What produced the side's traces, largest share first. */
  readonly artifacts: readonly ArtifactShare[];

  constructor(code: DiffErrorCode, side: Side, artifacts: readonly ArtifactShare[]) {
    super(severalText(side, artifacts));
    this.code = code;
    this.side = side;
    this.artifacts = artifacts;
  }
}

function severalText(side: Side, artifacts: readonly ArtifactShare[]): string {
  const named = artifacts.slice(0, NAMED).map(({ artifactId, traces, share }) => {
    return `${artifactId} (${traces} ${traces === 1 ? 'trace' : 'traces'}, ${Math.round(1000 * share) / 10} %)`;
  });
  const rest = artifacts.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  return `The ${side} side is a period in which ${artifacts.length} artifacts answered: ${all.join(', ')}. Mixed, their differences would look like one change, so nothing was compared. Compare by artifact, choose a period of one artifact, or allow the mix with 'across'.`;
}
