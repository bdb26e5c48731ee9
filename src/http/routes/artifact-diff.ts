/** Two artifacts compared: which files differ, and what differs inside them. */
import { artifactDiff } from '../../contract/artifact-diff.ts';
import { artifactId } from '../../contract/names.ts';
import { changedBlobs, compareArtifacts, type Look } from '../../inspect/compare.ts';
import type { ArtifactId, BlobId, ManifestFile } from '../../lineage/manifest.ts';
import type { BlobFacts, StoredInspection } from '../../store/blob.ts';
import type { Store } from '../../store/store.ts';
import { type RecordedAttempt, standingOf } from '../../walrus/standing.ts';
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
  const unsure = ids.filter((id) => inspected.get(id)?.basis !== 'verified');
  const facts = await store.blobFacts(unsure, null);
  return new Map(
    ids.map((id): [BlobId, Look] => [id, lookAt(inspected.get(id) ?? null, facts.get(id))]),
  );
}

/** @param facts where its inside was not seen in verified bytes */
function lookAt(seen: StoredInspection | null, facts: BlobFacts | undefined): Look {
  if (!facts) return seen ?? { notInspected: NEVER_FETCHED };
  const { state, because } = standingOf(facts.attempts);
  // What an aggregator served before it was caught is not shown as the blob's.
  if (state === 'mismatch') return { notInspected: mismatchAt(because!) };
  if (seen) return seen;
  if (state === 'unchecked') return { notInspected: NEVER_FETCHED };
  if (state === 'verified')
    return { notInspected: 'it was verified, but was not looked into then' };
  return { notInspected: `its bytes could not be had (${because?.code})` };
}

const NEVER_FETCHED = 'its bytes were never fetched';

function mismatchAt({ aggregator, code }: RecordedAttempt): string {
  return `MISMATCH: ${aggregator} serves other bytes under its Blob ID (${code})`;
}
