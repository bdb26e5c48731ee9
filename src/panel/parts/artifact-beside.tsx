/** An artifact that stands beside others: where one of them is as short, each by its whole id. */
import { shortId } from '../artifact-colour.ts';
import { Artifact } from './artifact.tsx';

interface Props {
  /** Null: the source answered that nothing is there. */
  artifactId: string | null;
  /** Those it is to be told from; it may be one of them. */
  among: readonly (string | null)[];
}

export function ArtifactBeside({ artifactId, among }: Props) {
  return (
    <>
      <Artifact artifactId={artifactId} />
      <WholeAmong artifactId={artifactId} among={among} />
    </>
  );
}

/** The whole id, to stand behind a short one that another of `among` has too; else nothing. */
export function WholeAmong({ artifactId, among }: Props) {
  if (artifactId === null || !hasTwin(artifactId, among)) return null;
  return (
    <span class="small">
      {' '}
      <code>{artifactId}</code> (another one here begins alike)
    </span>
  );
}

function hasTwin(artifactId: string, among: readonly (string | null)[]): boolean {
  const short = shortId(artifactId);
  return among.some((other) => other !== null && other !== artifactId && shortId(other) === short);
}
