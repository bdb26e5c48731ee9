/** Attempts to verify blobs. Append-only. */
import { and, asc, desc, eq, lt, lte, ne, or, sql } from 'drizzle-orm';
import { verifications } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { VerificationCode, VerificationOutcome } from '../../walrus/verification.ts';
import type { AttemptPage, StoredAttempt } from '../blob.ts';
import type { Db } from './open.ts';

/** No time is beyond it. */
const ALL = Number.MAX_SAFE_INTEGER;

export class Attempts {
  readonly #db: Db;
  // Prepared: pages and comparisons ask about hundreds of blobs at once.
  readonly #newest;
  readonly #thatMatter;

  constructor(db: Db) {
    this.#db = db;
    const given = sql.placeholder;
    const known = and(
      eq(verifications.blobId, given('blobId')),
      lte(verifications.recordedAt, given('asOf')),
    );
    this.#newest = db
      .select({ recordedAt: verifications.recordedAt })
      .from(verifications)
      .where(known)
      .orderBy(desc(verifications.seq))
      .limit(1)
      .prepare();
    const ofNewest = eq(verifications.recordedAt, given('newest'));
    this.#thatMatter = db
      .select()
      .from(verifications)
      .where(and(known, or(ne(verifications.outcome, 'unavailable'), ofNewest)))
      .orderBy(asc(verifications.seq))
      .prepare();
  }

  add(values: typeof verifications.$inferInsert): StoredAttempt {
    return storedAttempt(this.#db.insert(verifications).values(values).returning().get());
  }

  /** Of the newest run all, of those before it the ones that were served bytes: the rest changes nothing. Oldest first. */
  of(blobId: BlobId, asOf: number | null): StoredAttempt[] {
    const known = { blobId, asOf: asOf ?? ALL };
    const newest = this.#newest.get(known);
    if (!newest) return [];
    return this.#thatMatter.all({ ...known, newest: newest.recordedAt }).map(storedAttempt);
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
