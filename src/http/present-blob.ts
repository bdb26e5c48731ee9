/** What is known of blobs, as it is answered: the wire shapes of src/contract/blob.ts. */
import type { AttemptJson, BlobFactsJson, ChainFactJson } from '../contract/blob.ts';
import { formatTime, formatTimeOrNull } from '../contract/time.ts';
import type { BlobId } from '../lineage/manifest.ts';
import type { BlobFacts, StoredAttempt, StoredChainFact } from '../store/blob.ts';
import type { RecordedAttempt } from '../walrus/standing.ts';
import { standingOf } from '../walrus/standing.ts';
import type { ChainProblem } from '../watch/chain-watch.ts';

export function attemptJson(attempt: StoredAttempt): AttemptJson {
  const { id, startedAt, recordedAt } = attempt;
  return {
    id: String(id),
    blobId: attempt.blobId,
    outcome: attempt.outcome,
    error: errorOf(attempt),
    aggregator: attempt.aggregator,
    startedAt: formatTime(startedAt),
    tookMs: attempt.tookMs,
    recordedAt: formatTime(recordedAt),
    bytes: attempt.bytes,
    sha256: attempt.sha256,
    computedBlobId: attempt.computedBlobId,
  };
}

export function chainFactJson(fact: StoredChainFact): ChainFactJson {
  const { blobId: _, id, ...said } = fact;
  return {
    ...said,
    id: String(id),
    endsAt: formatTimeOrNull(fact.endsAt),
    readAt: formatTime(fact.readAt),
    confirmedAt: formatTime(fact.confirmedAt),
    recordedAt: formatTime(fact.recordedAt),
  };
}

/** @param problem why nothing newer is known of the chain */
export function blobFactsJson(
  blobId: BlobId,
  { attempts, chain }: BlobFacts,
  problem: ChainProblem | null,
): BlobFactsJson {
  const { state, because, verified, retrievable, last } = standingOf(attempts);
  return {
    blobId,
    verification: {
      state,
      at: formatTimeOrNull(because?.recordedAt ?? null),
      error: because && errorOf(because),
      aggregator: because?.aggregator ?? null,
      verifiedAt: formatTimeOrNull(verified?.recordedAt ?? null),
      sha256: verified?.sha256 ?? null,
    },
    retrievable: { state: retrievable, at: formatTimeOrNull(last?.recordedAt ?? null) },
    chain: { fact: chain && chainFactJson(chain), problem },
  };
}

function errorOf({ code, message }: RecordedAttempt) {
  return code === null ? null : { code, message: message ?? '' };
}
