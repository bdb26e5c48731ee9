/** Two artifacts compared: which files differ, and what differs inside them. */
import { artifactDiff } from '../../contract/artifact-diff.ts';
import { artifactId } from '../../contract/names.ts';
import type { ArtifactId } from '../../lineage/manifest.ts';
import type { Store } from '../../store/store.ts';
import type { BlobDesk } from '../../watch/blob-desk.ts';
import { compareStored, peekInto } from '../../watch/comparison.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';

export function artifactDiffRoutes(mount: Mount, store: Store, desk: BlobDesk): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/artifacts/{before}/compare/{after}',
      role: 'read',
      summary: 'What differs between two artifacts: files, and what is inside them',
      params: { before: artifactId, after: artifactId },
      answers: {
        200: {
          description:
            "The comparison. Files that nobody looked into yet are looked into first, at an aggregator and for up to 10 s; but not for a request that only the panel's session lets in: that is answered with what is stored",
          schema: artifactDiff,
        },
      },
    },
    async ({ params, c }) => {
      const before = await known(store, params.before);
      const after = await known(store, params.after);
      // A link on any page makes a browser send its session: that must have no effect.
      if (mount.gate(c, 'read') !== 'session') await peekInto(desk, before, after);
      return c.json(await compareStored(store, before, after));
    },
  );
}

async function known(store: Store, id: ArtifactId) {
  const found = await store.artifact(id);
  if (found) return found;
  throw new ProblemError('not-found', `no artifact '${id}' was seen`);
}
