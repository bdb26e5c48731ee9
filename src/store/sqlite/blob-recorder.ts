/** What was found out of blobs becomes facts and events: each in one transaction. */
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import type { ChainFact } from '../../walrus/chain-fact.ts';
import { mismatchesIn, standingOf } from '../../walrus/standing.ts';
import { outcomeOf } from '../../walrus/verification.ts';
import type { ChainAnswer, RecordedRun, StoredAttempt, VerificationRun } from '../blob.ts';
import { MOST_LABELS } from '../event.ts';
import type { Attempts } from './attempts.ts';
import type { BlobRow, Blobs } from './blobs.ts';
import type { ChainFacts } from './chain-facts.ts';
import type { Events } from './events.ts';

const DAY_MS = 86_400_000;
/** Of what the blob is gone, or was never there. */
const LOST: ReadonlySet<ChainFact['status']> = new Set([
  'expired',
  'deleted',
  'invalid',
  'nonexistent',
]);

/** In the place of the days before an end: that it is gone was told. */
const LOSS_TOLD = { toldEndEpoch: null, toldDays: -1 };
const NOTHING_TOLD = { toldEndEpoch: null, toldDays: null };

export class BlobRecorder {
  readonly #blobs: Blobs;
  readonly #attempts: Attempts;
  readonly #chain: ChainFacts;
  readonly #events: Events;

  constructor(blobs: Blobs, attempts: Attempts, chain: ChainFacts, events: Events) {
    this.#blobs = blobs;
    this.#attempts = attempts;
    this.#chain = chain;
    this.#events = events;
  }

  /**
   * A label holds `to` from now on: what is wrong with blobs that it did not hold before was told of
   * other labels, or of none. A loss or an end is told once the chain has said it again.
   */
  tellOf(to: ArtifactId, from: ReadonlySet<BlobId>, recordedAt: number): void {
    for (const blobId of this.#blobs.inDoubt(to)) {
      if (from.has(blobId)) continue;
      const attempts = this.#attempts.of(blobId, null);
      const mismatches = mismatchesIn(attempts);
      for (const attempt of mismatches) this.#tellMismatch(attempt, recordedAt);
      if (mismatches.length === 0) this.#tellUnavailable(attempts, recordedAt);
    }
  }

  run({ blobId, attempts, nextAt }: VerificationRun, recordedAt: number): RecordedRun {
    const blob = this.#blobs.known(blobId);
    const before = this.#attempts.of(blobId, null);
    const outcome = outcomeOf(attempts);
    const added = attempts.map((attempt) => this.#attempts.add({ ...attempt, recordedAt }));
    const verifyFailures = outcome === 'unavailable' ? blob.verifyFailures + 1 : 0;
    const { state } = standingOf([...before, ...added]);
    // One that somebody asked about and no artifact holds: it is told to who asked, and to nobody else.
    const isHeld = this.#blobs.isHeld(blobId);
    this.#blobs.update(blobId, { state, verifyAt: isHeld ? nextAt : null, verifyFailures });
    if (!isHeld) return { outcome, attempts: added };
    const known = mismatchesIn(before);
    for (const attempt of added) {
      if (isNewMismatch(attempt, known)) this.#tellMismatch(attempt, recordedAt);
    }
    const last = lastOutcome(before);
    // Right bytes elsewhere are no all-clear while an aggregator serves others.
    const isClear = state === 'verified' && (last !== 'verified' || known.length > 0);
    if (outcome === 'verified' && isClear) this.#tellVerified(added, recordedAt);
    if (outcome === 'unavailable' && last !== outcome) this.#tellUnavailable(added, recordedAt);
    return { outcome, attempts: added };
  }

  #tellMismatch(attempt: StoredAttempt, recordedAt: number): void {
    const { blobId, aggregator, computedBlobId, bytes, sha256 } = attempt;
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

  #tellVerified(attempts: readonly StoredAttempt[], recordedAt: number): void {
    const { blobId, aggregator, bytes, sha256 } = attempts.find(
      ({ outcome }) => outcome === 'verified',
    )!;
    const told = { blobId, labels: this.#labels(blobId), aggregator, bytes, sha256 };
    this.#events.blob('underlabel.blob.verified', recordedAt, told);
  }

  #tellUnavailable(attempts: readonly StoredAttempt[], recordedAt: number): void {
    const { blobId, aggregator, code, message } = attempts.at(-1)!;
    const error = { code: code!, message: message! };
    const told = { blobId, labels: this.#labels(blobId), aggregator, error };
    this.#events.blob('underlabel.blob.unavailable', recordedAt, told);
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
    const newest = this.#chain.of(blobId, null);
    // Another network's word says nothing here.
    const was = newest?.network === fact.network ? newest : null;
    if ((blob.chainAt ?? 0) <= askedAt) this.#blobs.update(blobId, { chainAt: nextAt });
    if (was && sameWords(was, fact)) {
      this.#chain.confirm(was.id, Math.max(was.confirmedAt, fact.readAt));
    } else {
      const { deletable, attributes, endsAtEstimated } = fact;
      this.#chain.add({
        ...fact,
        recordedAt,
        confirmedAt: fact.readAt,
        endsAtEstimated: endsAtEstimated ? 1 : 0,
        deletable: deletable === null ? null : Number(deletable),
        attributes: attributes && JSON.stringify(attributes),
      });
    }
    this.#tellLost(fact, was, blob, recordedAt);
    this.#tellExpiring(fact, blob, days, now, recordedAt);
  }

  /** Once, while it stays so. */
  #tellLost(
    fact: ChainFact,
    was: ChainFact | null,
    { toldDays }: Pick<BlobRow, 'toldDays'>,
    recordedAt: number,
  ): void {
    const { blobId, status, network, epoch } = fact;
    const isTold = toldDays === LOSS_TOLD.toldDays;
    if (!LOST.has(status)) {
      if (isTold) this.#blobs.update(blobId, NOTHING_TOLD);
      return;
    }
    if (isTold && was?.status === status) return;
    const labels = this.#labels(blobId);
    // One that no label holds any more may end as it was meant to: it is told where one holds it again.
    if (labels.length === 0) return;
    this.#blobs.update(blobId, LOSS_TOLD);
    const told = { blobId, labels, status, was: was?.status ?? null, network, epoch };
    this.#events.blob('underlabel.blob.lost', recordedAt, told);
  }

  /** Once for each of the days, and again once its storage was extended. */
  #tellExpiring(
    fact: ChainFact,
    blob: Pick<BlobRow, 'toldEndEpoch' | 'toldDays'>,
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

/** Told once for what one aggregator serves: again where it served the right bytes in between, or others now. */
function isNewMismatch(attempt: StoredAttempt, known: readonly StoredAttempt[]): boolean {
  if (attempt.outcome !== 'mismatch') return false;
  const same = known.find(({ aggregator }) => aggregator === attempt.aggregator);
  return same?.computedBlobId !== attempt.computedBlobId;
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
