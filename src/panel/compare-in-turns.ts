/** Two artifacts compared for a page. Each may have 10,000 files: between the steps of it others get their turn. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { ArtifactDiff } from '../contract/artifact-diff.ts';
import type { BlobId } from '../lineage/manifest.ts';
import type { Store, StoredArtifact } from '../store/store.ts';
import { compareStored } from '../watch/comparison.ts';

type Looked = Pick<Store, 'inspections' | 'blobFacts'>;

/** Blobs that are looked up in one turn: of each, thousands of tensors may be known. */
const AT_ONCE = 50;

/** As `compareStored`, which this waits for. */
export async function compareInTurns(
  store: Looked,
  before: StoredArtifact,
  after: StoredArtifact,
): Promise<ArtifactDiff> {
  await othersTurn();
  const diff = await compareStored(inTurns(store), before, after);
  await othersTurn();
  return diff;
}

function inTurns(store: Looked): Looked {
  return {
    inspections: (ids) => joined(ids, (some) => store.inspections(some)),
    blobFacts: (ids, asOf) => joined(ids, (some) => store.blobFacts(some, asOf)),
  };
}

async function joined<T>(
  ids: Iterable<BlobId>,
  of: (some: readonly BlobId[]) => Promise<Map<BlobId, T>>,
): Promise<Map<BlobId, T>> {
  const all = [...ids];
  const found = new Map<BlobId, T>();
  for (let i = 0; i < all.length; i += AT_ONCE) {
    await othersTurn();
    for (const [id, one] of await of(all.slice(i, i + AT_ONCE))) found.set(id, one);
  }
  await othersTurn();
  return found;
}
