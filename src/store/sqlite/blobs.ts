/** Blobs: what is due for each, and the facts that were found out about them. */
import {
  and,
  asc,
  count,
  countDistinct,
  desc,
  eq,
  inArray,
  isNull,
  lt,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm';
import {
  artifactFiles,
  blobs,
  chainFacts,
  inspections,
  labels,
  runs,
  verifications,
} from '#schema';
import type { Inspection } from '../../inspect/inspection.ts';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { AFTER_ALL } from '../../lineage/timeline.ts';
import type { ChainStatus } from '../../walrus/chain-fact.ts';
import type { VerificationCode, VerificationOutcome } from '../../walrus/verification.ts';
import type {
  AttemptPage,
  BlobFacts,
  BlobStates,
  DueChainQuestion,
  DueVerification,
  InspectionBasis,
  StoredAttempt,
  StoredChainFact,
  StoredInspection,
} from '../blob.ts';
import type { Db } from './open.ts';

export type BlobRow = typeof blobs.$inferSelect;

const NONE: BlobStates = { unchecked: 0, unavailable: 0, verified: 0, mismatch: 0 };

export class Blobs {
  readonly #db: Db;
  readonly #intern;
  readonly #hurry;
  readonly #states;

  constructor(db: Db) {
    this.#db = db;
    const given = sql.placeholder;
    this.#intern = db
      .insert(blobs)
      .values({ blobId: given('blobId'), verifyAt: given('at'), chainAt: given('at') })
      .onConflictDoNothing()
      .prepare();
    const held = db
      .select({ blobId: artifactFiles.blobId })
      .from(artifactFiles)
      .where(eq(artifactFiles.artifactId, given('artifactId')));
    this.#states = db
      .select({ state: blobs.state, count: countDistinct(blobs.blobId) })
      .from(artifactFiles)
      .innerJoin(blobs, eq(blobs.blobId, artifactFiles.blobId))
      .where(eq(artifactFiles.artifactId, given('artifactId')))
      .groupBy(blobs.state)
      .prepare();
    this.#hurry = db
      .update(blobs)
      .set({ chainAt: sql`${given('recordedAt')}` })
      .where(inArray(blobs.blobId, held))
      .prepare();
  }

  /** A blob that an artifact holds: both its bytes and the chain are to be looked at, at once. */
  intern(blobId: BlobId, recordedAt: number): void {
    this.#intern.run({ blobId, at: recordedAt });
  }

  /** An artifact came under a label: what the chain says of its blobs is of interest now. */
  hurry(artifactId: ArtifactId, recordedAt: number): void {
    this.#hurry.run({ artifactId, recordedAt });
  }

  row(blobId: BlobId): BlobRow | null {
    return this.#db.select().from(blobs).where(eq(blobs.blobId, blobId)).get() ?? null;
  }

  /** The row of a blob, made where it is new: somebody asked about one that no artifact holds. */
  known(blobId: BlobId): BlobRow {
    this.#db.insert(blobs).values({ blobId }).onConflictDoNothing().run();
    return this.row(blobId)!;
  }

  update(blobId: BlobId, values: Partial<BlobRow>): void {
    this.#db.update(blobs).set(values).where(eq(blobs.blobId, blobId)).run();
  }

  /** How many of an artifact's blobs stand how. */
  states(artifactId: ArtifactId | null): BlobStates {
    return countsOf(this.#states.all({ artifactId }));
  }

  allStates(): BlobStates {
    const counted = { state: blobs.state, count: count() };
    return countsOf(this.#db.select(counted).from(blobs).groupBy(blobs.state).all());
  }

  /** Those that were never tried and are not due: a policy left them out that may have changed. */
  requeue(now: number): number {
    const tried = this.#db.select({ blobId: verifications.blobId }).from(verifications);
    return this.#db
      .update(blobs)
      .set({ verifyAt: now })
      .where(and(isNull(blobs.verifyAt), sql`${blobs.blobId} NOT IN ${tried}`))
      .run().changes;
  }

  toVerify(now: number, limit: number): DueVerification[] {
    return this.#db
      .select({ blobId: blobs.blobId, failures: blobs.verifyFailures })
      .from(blobs)
      .where(and(sql`verify_at IS NOT NULL`, lte(blobs.verifyAt, now)))
      .orderBy(asc(blobs.verifyAt))
      .limit(limit)
      .all()
      .map((due) => ({ ...due, size: this.size(due.blobId) }));
  }

  toAskChain(now: number, limit: number): DueChainQuestion[] {
    return this.#db
      .select({ blobId: blobs.blobId })
      .from(blobs)
      .where(and(sql`chain_at IS NOT NULL`, lte(blobs.chainAt, now)))
      .orderBy(asc(blobs.chainAt))
      .limit(limit)
      .all()
      .map(({ blobId }) => this.chainQuestion(blobId));
  }

  chainQuestion(blobId: BlobId): DueChainQuestion {
    const current = this.labelsHolding(blobId, 1).length > 0;
    return { blobId, was: this.chainFact(blobId, null), current };
  }

  /** As the chain says it, else as a manifest states it. */
  size(blobId: BlobId): number | null {
    const said = this.chainFact(blobId, null)?.size ?? null;
    if (said !== null) return said;
    const stated = and(eq(artifactFiles.blobId, blobId), sql`${artifactFiles.size} IS NOT NULL`);
    return this.#db.select().from(artifactFiles).where(stated).get()?.size ?? null;
  }

  /** Watched labels that hold it now, in order of name. */
  labelsHolding(blobId: BlobId, limit: number): string[] {
    return this.#db
      .selectDistinct({ name: labels.name })
      .from(artifactFiles)
      .innerJoin(runs, eq(runs.artifactId, artifactFiles.artifactId))
      .innerJoin(labels, eq(labels.id, runs.labelId))
      .where(
        and(eq(artifactFiles.blobId, blobId), eq(runs.until, AFTER_ALL), isNull(labels.removedAt)),
      )
      .orderBy(asc(labels.name))
      .limit(limit)
      .all()
      .map(({ name }) => name);
  }

  addAttempt(values: typeof verifications.$inferInsert): StoredAttempt {
    return storedAttempt(this.#db.insert(verifications).values(values).returning().get());
  }

  /** Oldest first. */
  attempts(blobId: BlobId, asOf: number | null): StoredAttempt[] {
    const known = asOf === null ? undefined : lte(verifications.recordedAt, asOf);
    return this.#db
      .select()
      .from(verifications)
      .where(and(eq(verifications.blobId, blobId), known))
      .orderBy(asc(verifications.seq))
      .all()
      .map(storedAttempt);
  }

  /** Newest first. */
  attemptPage(blobId: BlobId, { limit, before }: AttemptPage): StoredAttempt[] {
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

  /** The newest as of then. */
  chainFact(blobId: BlobId, asOf: number | null): StoredChainFact | null {
    const known = asOf === null ? undefined : lte(chainFacts.recordedAt, asOf);
    const row = this.#chainRows(and(eq(chainFacts.blobId, blobId), known), 1)[0];
    if (!row) return null;
    // What is told of a time knows nothing of what was confirmed after it.
    return asOf === null || row.confirmedAt <= asOf ? row : { ...row, confirmedAt: row.readAt };
  }

  /** Newest first. */
  chainPage(blobId: BlobId, { limit, before }: AttemptPage): StoredChainFact[] {
    const earlier = before === null ? undefined : lt(chainFacts.seq, before);
    return this.#chainRows(and(eq(chainFacts.blobId, blobId), earlier), limit);
  }

  #chainRows(where: SQL | undefined, limit: number): StoredChainFact[] {
    return this.#db
      .select()
      .from(chainFacts)
      .where(where)
      .orderBy(desc(chainFacts.seq))
      .limit(limit)
      .all()
      .map(storedChainFact);
  }

  addChainFact(values: typeof chainFacts.$inferInsert): void {
    this.#db.insert(chainFacts).values(values).run();
  }

  /** It was said again. */
  confirmChainFact(id: number, { confirmedAt, epoch }: { confirmedAt: number; epoch: number }) {
    this.#db.update(chainFacts).set({ confirmedAt, epoch }).where(eq(chainFacts.seq, id)).run();
  }

  facts(blobId: BlobId, asOf: number | null): BlobFacts {
    return { attempts: this.attempts(blobId, asOf), chain: this.chainFact(blobId, asOf) };
  }

  putInspection(
    blobId: BlobId,
    basis: InspectionBasis,
    inspection: Inspection,
    recordedAt: number,
  ): void {
    const seen = { recordedAt, body: JSON.stringify(inspection) };
    this.#db
      .insert(inspections)
      .values({ blobId, basis, ...seen })
      .onConflictDoUpdate({ target: [inspections.blobId, inspections.basis], set: seen })
      .run();
  }

  /** Of verified bytes where there is one. */
  inspection(blobId: BlobId): StoredInspection | null {
    const row = this.#db
      .select()
      .from(inspections)
      .where(eq(inspections.blobId, blobId))
      .orderBy(desc(inspections.basis))
      .get();
    if (!row) return null;
    const { body, basis, recordedAt } = row;
    return {
      inspection: JSON.parse(body) as Inspection,
      basis: basis as InspectionBasis,
      recordedAt,
    };
  }
}

function countsOf(found: readonly { state: string; count: number }[]): BlobStates {
  return { ...NONE, ...Object.fromEntries(found.map((each) => [each.state, each.count])) };
}

function storedAttempt({ seq: id, ...row }: typeof verifications.$inferSelect): StoredAttempt {
  return {
    ...row,
    id,
    outcome: row.outcome as VerificationOutcome,
    code: row.code as VerificationCode | null,
  };
}

function storedChainFact({ seq: id, ...row }: typeof chainFacts.$inferSelect): StoredChainFact {
  return {
    ...row,
    id,
    status: row.status as ChainStatus,
    endsAtEstimated: row.endsAtEstimated === 1,
    deletable: row.deletable === null ? null : row.deletable === 1,
    attributes: row.attributes === null ? null : JSON.parse(row.attributes),
  };
}
