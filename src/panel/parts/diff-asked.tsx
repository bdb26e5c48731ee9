/** What a side of a diff was asked to be: an artifact, a blob, or from when to when. */
import type { Cohort } from '../../contract/diff.ts';
import { type PageContext, pathTo } from '../page.ts';
import { exact } from '../when.ts';
import { Artifact } from './artifact.tsx';

export function Asked({ asked, page }: { asked: Cohort['asked']; page: PageContext }) {
  if ('artifact' in asked) return <Artifact artifactId={asked.artifact} />;
  if ('blobId' in asked) {
    return (
      <span>
        blob{' '}
        <a class="id" href={pathTo('blobs', asked.blobId)}>
          {asked.blobId}
        </a>
      </span>
    );
  }
  const [from, to] = [Date.parse(asked.from), Date.parse(asked.to)];
  return (
    <span>
      <time datetime={asked.from}>{exact(from, page.zone)}</time> to{' '}
      <time datetime={asked.to}>{exact(to, page.zone)}</time>
    </span>
  );
}
