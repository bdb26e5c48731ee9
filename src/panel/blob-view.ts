/** What is known of a blob, as pages show it: facts, each with its time and its source. */
import type { BlobId } from '../lineage/manifest.ts';
import type { BlobFacts, StoredAttempt, StoredChainFact, StoredInspection } from '../store/blob.ts';
import type { Store } from '../store/store.ts';
import { mismatchesIn, standingOf, type VerificationStanding } from '../walrus/standing.ts';
import type { BlobDesk } from '../watch/blob-desk.ts';
import type { ChainProblem } from '../watch/chain-watch.ts';

export interface BlobView {
  blobId: BlobId;
  /** ms: what was recorded later is left out; null: nothing is. */
  asOf: number | null;
  standing: VerificationStanding;
  /** The newest at each aggregator that serves other bytes. */
  mismatches: StoredAttempt[];
  chain: StoredChainFact | null;
  /** Why nothing newer is known of the chain; only as of now. */
  problem: ChainProblem | null;
  /** `later`: what is known of its inside was found out after the time asked for. */
  inspection: StoredInspection | 'later' | null;
}

interface Means {
  store: Pick<Store, 'blobFacts' | 'inspections'>;
  desk: Pick<BlobDesk, 'chainProblem'>;
}

/** @param asOf ms: what was recorded later is left out; null: nothing is */
export async function blobViews(
  { store, desk }: Means,
  blobIds: readonly BlobId[],
  asOf: number | null,
): Promise<Map<BlobId, BlobView>> {
  const facts = await store.blobFacts(blobIds, asOf);
  const inspections = await store.inspections(blobIds);
  return new Map(
    blobIds.map((blobId): [BlobId, BlobView] => {
      const { attempts, chain }: BlobFacts = facts.get(blobId) ?? { attempts: [], chain: null };
      const inspection = inspections.get(blobId) ?? null;
      const isLater = inspection !== null && asOf !== null && inspection.recordedAt > asOf;
      return [
        blobId,
        {
          blobId,
          asOf,
          standing: standingOf(attempts),
          mismatches: mismatchesIn(attempts),
          chain,
          problem: asOf === null ? desk.chainProblem(blobId) : null,
          inspection: isLater ? 'later' : inspection,
        },
      ];
    }),
  );
}

/** The time that it tells of, ms: nothing is known of times ahead. */
export function toldAt({ asOf }: Pick<BlobView, 'asOf'>, now: number): number {
  return asOf === null ? now : Math.min(asOf, now);
}
