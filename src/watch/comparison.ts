/** Two stored artifacts compared: which files differ, and what is known of what differs inside them. */
import type { ArtifactDiff } from '../contract/artifact-diff.ts';
import { changedBlobs, compareArtifacts, type Look } from '../inspect/compare.ts';
import type { BlobId, ManifestFile } from '../lineage/manifest.ts';
import type { BlobFacts, StoredInspection } from '../store/blob.ts';
import type { Store, StoredArtifact } from '../store/store.ts';
import { type RecordedAttempt, standingOf } from '../walrus/standing.ts';
import type { BlobDesk } from './blob-desk.ts';

/** Looking into files that were never seen takes questions to an aggregator; others must not wait for ever. */
const PEEK_MS = 10_000;
const MOST_PEEKS = 8;
/** Of both sides: what a report lists of changed files, and no more of it is held than that. */
const MOST_LOOKS = 400;

/** By what is known by now: nobody is asked for anything. */
export async function compareStored(
  store: Pick<Store, 'inspections' | 'blobFacts'>,
  before: StoredArtifact,
  after: StoredArtifact,
): Promise<ArtifactDiff> {
  return compareArtifacts(before, after, await looksAt(store, changedFiles(before, after)));
}

/** Has looked into what differs between them and was never seen, as far as that goes within 10 s. */
export async function peekInto(
  desk: Pick<BlobDesk, 'peek'>,
  before: StoredArtifact,
  after: StoredArtifact,
): Promise<void> {
  const changed = changedFiles(before, after).slice(0, MOST_PEEKS);
  await desk.peek(changed, AbortSignal.timeout(PEEK_MS));
}

function changedFiles(before: StoredArtifact, after: StoredArtifact): ManifestFile[] {
  return changedBlobs(before.files, after.files).slice(0, MOST_LOOKS);
}

async function looksAt(
  store: Pick<Store, 'inspections' | 'blobFacts'>,
  changed: readonly ManifestFile[],
): Promise<Map<BlobId, Look>> {
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
