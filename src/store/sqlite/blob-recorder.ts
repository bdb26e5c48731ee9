/** What was found out of blobs becomes facts and events: each in one transaction. */
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainFact } from '../../walrus/chain-fact.ts';
import { standingOf } from '../../walrus/standing.ts';
import { outcomeOf } from '../../walrus/verification.ts';
import type { ChainAnswer, RecordedRun, StoredAttempt, VerificationRun } from '../blob.ts';
import { MOST_LABELS } from '../event.ts';
import type { Blobs } from './blobs.ts';
import type { Events } from './events.ts';

const DAY_MS = 86_400_000;
/** Of what the blob is gone, or was never there. */
const LOST: ReadonlySet<ChainFact['status']> = new Set([
  'expired',
  'deleted',
  'invalid',
  'nonexistent',
]);

export class BlobRecorder {
  readonly #blobs: Blobs;
  readonly #events: Events;

  constructor(blobs: Blobs, events: Events) {
    this.#blobs = blobs;
    this.#events = events;
  }

  run({ blobId, attempts, nextAt }: VerificationRun, recordedAt: number): RecordedRun {
    const blob = this.#blobs.known(blobId);
    const before = this.#blobs.attempts(blobId, null);
    const outcome = outcomeOf(attempts);
    const added = attempts.map((attempt) => this.#blobs.addAttempt({ ...attempt, recordedAt }));
    const verifyFailures = outcome === 'unavailable' ? blob.verifyFailures + 1 : 0;
    const { state } = standingOf([...before, ...added]);
    this.#blobs.update(blobId, { state, verifyAt: nextAt, verifyFailures });
    for (const attempt of added) this.#tellMismatch(attempt, before, recordedAt);
    if (outcome !== 'mismatch' && outcome !== lastOutcome(before)) {
      this.#tellOutcome(outcome, added, recordedAt);
    }
    return { outcome, attempts: added };
  }

  /** Told once for what one aggregator serves: again where it served the right bytes in between, or others now. */
  #tellMismatch(
    attempt: StoredAttempt,
    before: readonly StoredAttempt[],
    recordedAt: number,
  ): void {
    const { blobId, aggregator, computedBlobId, bytes, sha256 } = attempt;
    if (attempt.outcome !== 'mismatch') return;
    const last = before.findLast(
      (each) => each.aggregator === aggregator && each.outcome !== 'unavailable',
    );
    if (last?.outcome === 'mismatch' && last.computedBlobId === computedBlobId) return;
    this.#events.blob('underlabel.blob.mismatch', recordedAt, {
      blobId,
      labels: this.#labels(blobId),
      aggregator,
      computedBlobId,
      bytes,
      sha256,
      code: attempt.code!,
    });
  }

  #tellOutcome(
    outcome: 'verified' | 'unavailable',
    attempts: readonly StoredAttempt[],
    recordedAt: number,
  ): void {
    const { blobId, aggregator, bytes, sha256, code, message } = attempts.at(-1)!;
    const held = { blobId, labels: this.#labels(blobId), aggregator };
    if (outcome === 'verified') {
      this.#events.blob('underlabel.blob.verified', recordedAt, { ...held, bytes, sha256 });
    } else {
      const error = { code: code!, message: message! };
      this.#events.blob('underlabel.blob.unavailable', recordedAt, { ...held, error });
    }
  }

  /** @param days before its end, at which it is told of */
  chain(
    { fact, askedAt, nextAt }: ChainAnswer,
    days: readonly number[],
    now: number,
    recordedAt: number,
  ) {
    const { blobId } = fact;
    const blob = this.#blobs.known(blobId);
    const was = this.#blobs.chainFact(blobId, null);
    if ((blob.chainAt ?? 0) <= askedAt) this.#blobs.update(blobId, { chainAt: nextAt });
    if (was && sameWords(was, fact)) {
      this.#blobs.confirmChainFact(was.id, {
        confirmedAt: Math.max(was.confirmedAt, fact.readAt),
        epoch: fact.epoch,
      });
    } else {
      const { deletable, attributes, endsAtEstimated } = fact;
      this.#blobs.addChainFact({
        ...fact,
        recordedAt,
        confirmedAt: fact.readAt,
        endsAtEstimated: endsAtEstimated ? 1 : 0,
        deletable: deletable === null ? null : Number(deletable),
        attributes: attributes && JSON.stringify(attributes),
      });
      this.#tellLost(fact, was, recordedAt);
    }
    this.#tellExpiring(fact, blob, days, now, recordedAt);
  }

  #tellLost(fact: ChainFact, was: ChainFact | null, recordedAt: number): void {
    const { blobId, status, network, epoch } = fact;
    if (!LOST.has(status) || was?.status === status) return;
    const labels = this.#labels(blobId);
    // One that no label holds any more may end as it was meant to.
    if (labels.length === 0) return;
    const told = { blobId, labels, status, was: was?.status ?? null, network, epoch };
    this.#events.blob('underlabel.blob.lost', recordedAt, told);
  }

  /** Once for each of the days, and again once its storage was extended. */
  #tellExpiring(
    fact: ChainFact,
    blob: { toldEndEpoch: number | null; toldDays: number | null },
    days: readonly number[],
    now: number,
    recordedAt: number,
  ): void {
    const { blobId, status, endsAt, endEpoch } = fact;
    if (endsAt === null || endEpoch === null || LOST.has(status)) return;
    const near = days.filter((each) => endsAt - now <= each * DAY_MS);
    if (near.length === 0) return;
    const withinDays = Math.min(...near);
    const told = blob.toldEndEpoch === endEpoch ? blob.toldDays : null;
    if (told !== null && told <= withinDays) return;
    const labels = this.#labels(blobId);
    if (labels.length === 0) return;
    this.#blobs.update(blobId, { toldEndEpoch: endEpoch, toldDays: withinDays });
    const { network, endsAtEstimated } = fact;
    this.#events.blob('underlabel.blob.expiring', recordedAt, {
      blobId,
      labels,
      withinDays,
      endEpoch,
      endsAt,
      endsAtEstimated,
      network,
    });
  }

  #labels(blobId: BlobId): string[] {
    return this.#blobs.labelsHolding(blobId, MOST_LABELS);
  }
}

function lastOutcome(attempts: readonly StoredAttempt[]) {
  const last = attempts.at(-1);
  if (!last) return null;
  return outcomeOf(attempts.filter(({ recordedAt }) => recordedAt === last.recordedAt));
}

/** Whether the chain says what it said: the epoch goes on by itself, and estimates move with it. */
function sameWords(was: ChainFact, is: ChainFact): boolean {
  return (
    was.network === is.network &&
    was.status === is.status &&
    was.certifiedEpoch === is.certifiedEpoch &&
    was.endEpoch === is.endEpoch &&
    was.endsAt === is.endsAt &&
    was.endsAtEstimated === is.endsAtEstimated &&
    was.deletable === is.deletable &&
    was.objectId === is.objectId &&
    was.size === is.size &&
    JSON.stringify(was.attributes) === JSON.stringify(is.attributes)
  );
}
