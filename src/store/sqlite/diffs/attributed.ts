/** Attributions of a label's traces, by its readings as they were known at one moment. */
import type { LeftOutReason } from '../../../contract/diff.ts';
import {
  type Attribution,
  attribute,
  groundsOf,
  runsReaching,
  spanOf,
} from '../../../lineage/attribution.ts';
import type { ArtifactId, BlobId } from '../../../lineage/manifest.ts';
import type { Run, Stretch } from '../../../lineage/timeline.ts';
import type { CohortQuery, LostStretch } from '../../store.ts';
import type { LabelRow } from '../labels.ts';

/** A label's readings, as far as attributions without their grounds need them. */
export interface Known {
  label: LabelRow;
  runs: readonly Run[];
  borders: readonly Stretch[];
  lost: readonly LostStretch[];
  /** The artifacts under this label that hold a blob; it is asked once for each blob. */
  holding(blobId: BlobId): ArtifactId[];
}

/** Of which side a trace is, and why it can't be compared. */
export interface Belonging {
  artifactId: ArtifactId | null;
  leftOut: LeftOutReason | null;
}

/** As many blobs' holders are remembered; a trace may name any. */
const MOST_REMEMBERED = 10_000;

export class Attributed {
  readonly #known: Known;
  readonly #held: ReadonlySet<string | null>;
  readonly #holders = new Map<BlobId, ArtifactId[]>();

  constructor(known: Known) {
    this.#known = known;
    this.#held = new Set(known.runs.map(({ artifactId }) => artifactId));
  }

  /** Null where it is none of this side. @param wanted artifacts of the side; null: all */
  belonging(
    startedAt: number,
    endedAt: number,
    blobId: BlobId | null,
    wanted: ReadonlySet<string | null> | null,
  ): Belonging | null {
    const attribution = this.#attribution(startedAt, endedAt, blobId);
    const { artifactId } = attribution;
    const leftOut = reasonToLeaveOut(attribution);
    if (wanted === null || wanted.has(artifactId)) return { artifactId, leftOut };
    // Surely another artifact's, whatever the readings allow: not of this side, nor left out of it.
    if (leftOut === null) return null;
    const isCandidate = attribution.candidates.some((one) => wanted.has(one));
    return isCandidate ? { artifactId, leftOut } : null;
  }

  #attribution(startedAt: number, endedAt: number, blobId: BlobId | null): Attribution {
    const { label, runs, borders, lost } = this.#known;
    const span = spanOf(startedAt, endedAt, label);
    const view = { runs: runsReaching(runs, span), grounds: groundsOf(borders, span, lost) };
    if (blobId === null) return attribute(view);
    return attribute(view, { blobId, proven: false, holders: this.#holdersOf(blobId) });
  }

  #holdersOf(blobId: BlobId): ArtifactId[] {
    const known = this.#holders.get(blobId);
    if (known) return known;
    // What a later reading has put under the label wasn't known then.
    const holders = this.#known.holding(blobId).filter((one) => this.#held.has(one));
    if (this.#holders.size >= MOST_REMEMBERED) this.#holders.clear();
    this.#holders.set(blobId, holders);
    return holders;
  }
}

export function wantedOf(side: CohortQuery): ReadonlySet<string | null> | null {
  return 'artifacts' in side ? new Set(side.artifacts) : null;
}

function reasonToLeaveOut(attribution: Attribution): LeftOutReason | null {
  const { certainty, conflict, artifactId } = attribution;
  if (conflict) return 'conflict';
  if (certainty === 'ambiguous' || certainty === 'unobserved') return certainty;
  if (artifactId === null) return attribution.declaredBlobId ? 'unknown-artifact' : 'absent';
  return certainty === 'provisional' ? certainty : null;
}
