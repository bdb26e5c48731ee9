/** Two artifacts compared: which files differ, and what differs inside them. */
import { artifactDiff } from '../../contract/artifact-diff.ts';
import { artifactId } from '../../contract/names.ts';
import { changedBlobs, compareArtifacts, type Look } from '../../inspect/compare.ts';
import type { ArtifactId, BlobId, ManifestFile } from '../../lineage/manifest.ts';
import type { BlobFacts } from '../../store/blob.ts';
import type { Store } from '../../store/store.ts';
import { standingOf } from '../../walrus/standing.ts';
import type { BlobDesk } from '../blob-desk.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';

/** Looking into files that were never seen takes questions to an aggregator; others must not wait for ever. */
const PEEK_MS = 10_000;
const MOST_PEEKS = 8;
/** Of both sides: what a report lists of changed files, and no more of it is held than that. */
const MOST_LOOKS = 400;

export function artifactDiffRoutes(mount: Mount, store: Store, desk: BlobDesk): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/artifacts/{before}/compare/{after}',
      role: 'read',
      summary: 'What differs between two artifacts: files, and what is inside them',
      params: { before: artifactId, after: artifactId },
      answers: { 200: { description: 'The comparison', schema: artifactDiff } },
    },
    async ({ params, c }) => {
      const before = await known(store, params.before);
      const after = await known(store, params.after);
      const changed = changedBlobs(before.files, after.files).slice(0, MOST_LOOKS);
      await desk.peek(changed.slice(0, MOST_PEEKS), AbortSignal.timeout(PEEK_MS));
      return c.json(compareArtifacts(before, after, await looksAt(store, changed)));
    },
  );
}

async function known(store: Store, id: ArtifactId) {
  const found = await store.artifact(id);
  if (found) return found;
  throw new ProblemError('not-found', `no artifact '${id}' was seen`);
}

async function looksAt(store: Store, changed: readonly ManifestFile[]): Promise<Map<BlobId, Look>> {
  const ids = [...new Set(changed.map(({ blobId }) => blobId))];
  const inspected = await store.inspections(ids);
  const facts = await store.blobFacts(
    ids.filter((id) => !inspected.has(id)),
    null,
  );
  return new Map(
    ids.map((id): [BlobId, Look] => {
      return [id, inspected.get(id) ?? { notInspected: whyNot(facts.get(id)!) }];
    }),
  );
}

function whyNot({ attempts }: BlobFacts): string {
  const { state, because } = standingOf(attempts);
  if (state === 'unchecked') return 'its bytes were never fetched';
  if (state === 'verified') return 'it was verified before insides were looked at';
  return `its bytes could not be had (${because?.code})`;
}
