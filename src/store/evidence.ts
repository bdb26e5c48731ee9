/** What pairs of the same input say since a label moved: looked at again and again, told once. */
import type { ChangeEvidence } from '../diff/evidence/change-evidence.ts';
import type { ArtifactId } from '../lineage/manifest.ts';

/** The change that brought what is under a label now, from one artifact to another, and not told of yet. */
export interface OpenChange {
  id: string;
  label: string;
  from: ArtifactId;
  to: ArtifactId;
  /** When the last reading before it was asked, ms. */
  after: number;
  /** Another one as soon as there may be something new: traces, or a reading that confirms some. */
  state: string;
}

/** As it was looked at last. Times: ms. */
export interface StoredEvidence extends ChangeEvidence {
  changeId: string;
  /** In one sentence. */
  summary: string;
  lookedAt: number;
  toldAt: number | null;
}
