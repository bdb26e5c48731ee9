/** Attempts to verify blobs. Append-only. */
import { and, asc, desc, eq, lt, lte, ne, or } from 'drizzle-orm';
import { verifications } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { VerificationCode, VerificationOutcome } from '../../walrus/verification.ts';
import type { AttemptPage, StoredAttempt } from '../blob.ts';
import type { Db } from './open.ts';

export class Attempts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  add(values: typeof verifications.$inferInsert): StoredAttempt {
    return storedAttempt(this.#db.insert(verifications).values(values).returning().get());
  }

  /** Of the newest run all, of those before it the ones that were served bytes: the rest changes nothing. Oldest first. */
  of(blobId: BlobId, asOf: number | null): StoredAttempt[] {
    const known = and(
      eq(verifications.blobId, blobId),
      asOf === null ? undefined : lte(verifications.recordedAt, asOf),
    );
    const newest = this.#db
      .select({ recordedAt: verifications.recordedAt })
      .from(verifications)
      .where(known)
      .orderBy(desc(verifications.seq))
      .limit(1)
      .get();
    if (!newest) return [];
    const ofNewest = eq(verifications.recordedAt, newest.recordedAt);
    return this.#db
      .select()
      .from(verifications)
      .where(and(known, or(ne(verifications.outcome, 'unavailable'), ofNewest)))
      .orderBy(asc(verifications.seq))
      .all()
      .map(storedAttempt);
  }

  /** Newest first. */
  page(blobId: BlobId, { limit, before }: AttemptPage): StoredAttempt[] {
    const earlier = before === null ? undefined : lt(verifications.seq, before);
    return this.#db
      .select()
      .from(verifications)
      .where(and(eq(verifications.blobId, blobId), earlier))
      .orderBy(desc(verifications.seq))
      .limit(limit)
      .all()
      .map(storedAttempt);
  }

  /** How many bytes were verified; null where none were. */
  verifiedBytes(blobId: BlobId): number | null {
    const counted = and(eq(verifications.blobId, blobId), eq(verifications.outcome, 'verified'));
    return this.#db.select().from(verifications).where(counted).get()?.bytes ?? null;
  }
}

function storedAttempt({ seq: id, ...row }: typeof verifications.$inferSelect): StoredAttempt {
  return {
    ...row,
    id,
    outcome: row.outcome as VerificationOutcome,
    code: row.code as VerificationCode | null,
  };
}
