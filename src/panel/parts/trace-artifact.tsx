/** What produced a trace, as far as it is known: never more than that. */
import type { Attribution } from '../../lineage/attribution.ts';
import { Artifact } from './artifact.tsx';

export function TraceArtifact({
  attribution,
}: {
  attribution: Pick<Attribution, 'artifactId' | 'candidates' | 'declaredBlobId'>;
}) {
  const { artifactId, candidates, declaredBlobId } = attribution;
  if (artifactId !== null) return <Artifact artifactId={artifactId} />;
  if (declaredBlobId !== null || candidates.length === 0) {
    return <span class="soft">not known</span>;
  }
  if (candidates.length === 1) return <Artifact artifactId={null} />;
  return <span class="soft">one of {candidates.length}</span>;
}
