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
  ne,
  notInArray,
  or,
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
import { mismatchesIn } from '../../walrus/standing.ts';
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
  readonly #forgetTold;
  readonly #states;
  readonly #now: () => number;

  /** @param now wall clock: what is due is due by it, and `recordedAt` may be ahead of one that was set back */
  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
    const given = sql.placeholder;
    this.#intern = db
      .insert(blobs)
      .values({ blobId: given('blobId'), verifyAt: given('at'), chainAt: given('at') })
      .onConflictDoNothing()
      .prepare();
    const heldBy = (name: string) =>
      db
        .select({ blobId: artifactFiles.blobId })
        .from(artifactFiles)
        .where(eq(artifactFiles.artifactId, given(name)));
    this.#states = db
      .select({ state: blobs.state, count: countDistinct(blobs.blobId) })
      .from(artifactFiles)
      .innerJoin(blobs, eq(blobs.blobId, artifactFiles.blobId))
      .where(eq(artifactFiles.artifactId, given('artifactId')))
      .groupBy(blobs.state)
      .prepare();
    this.#hurry = db
      .update(blobs)
      .set({ chainAt: sql`${given('at')}` })
      .where(inArray(blobs.blobId, heldBy('to')))
      .prepare();
    this.#forgetTold = db
      .update(blobs)
      .set({ toldEndEpoch: null, toldDays: null })
      .where(and(inArray(blobs.blobId, heldBy('to')), notInArray(blobs.blobId, heldBy('from'))))
      .prepare();
  }

  /** A blob that an artifact holds: both its bytes and the chain are to be looked at, at once. */
  intern(blobId: BlobId): void {
    this.#intern.run({ blobId, at: this.#now() });
  }

  /**
   * An artifact came under a label: what the chain says of its blobs is of interest now, and what was
   * told of those that the one before did not hold was not told of this label.
   */
  hurry(to: ArtifactId, from: ArtifactId | null): void {
    this.#hurry.run({ to, at: this.#now() });
    this.#forgetTold.run({ to, from });
  }

  /** Those of an artifact that were checked, and are not known to be what their ID says. */
  inDoubt(artifactId: ArtifactId): BlobId[] {
    return this.#db
      .selectDistinct({ blobId: blobs.blobId })
      .from(artifactFiles)
      .innerJoin(blobs, eq(blobs.blobId, artifactFiles.blobId))
      .where(
        and(
          eq(artifactFiles.artifactId, artifactId),
          inArray(blobs.state, ['mismatch', 'unavailable']),
        ),
      )
      .all()
      .map(({ blobId }) => blobId);
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

  /** Those that are not verified and not due: settings left them out that may have changed. */
  requeue(now: number): number {
    const held = sql`EXISTS (SELECT 1 FROM artifact_files f WHERE f.blob_id = ${blobs.blobId})`;
    return this.#db
      .update(blobs)
      .set({ verifyAt: now })
      .where(and(isNull(blobs.verifyAt), ne(blobs.state, 'verified'), held))
      .run().changes;
  }

  toVerify(now: number, limit: number, newestFirst: boolean): DueVerification[] {
    return this.#db
      .select({ blobId: blobs.blobId })
      .from(blobs)
      .where(and(sql`verify_at IS NOT NULL`, lte(blobs.verifyAt, now)))
      .orderBy(newestFirst ? desc(blobs.verifyAt) : asc(blobs.verifyAt))
      .limit(limit)
      .all()
      .map(({ blobId }) => this.due(blobId));
  }

  due(blobId: BlobId): DueVerification {
    const blob = this.row(blobId);
    const liars = blob?.state === 'mismatch' ? mismatchesIn(this.attempts(blobId, null)) : [];
    return {
      blobId,
      size: this.size(blobId),
      failures: blob?.verifyFailures ?? 0,
      suspects: liars.flatMap(({ aggregator }) => aggregator ?? []),
    };
  }

  toAskChain(now: number, limit: number, newestFirst: boolean): DueChainQuestion[] {
    return this.#db
      .select({ blobId: blobs.blobId })
      .from(blobs)
      .where(and(sql`chain_at IS NOT NULL`, lte(blobs.chainAt, now)))
      .orderBy(newestFirst ? desc(blobs.chainAt) : asc(blobs.chainAt))
      .limit(limit)
      .all()
      .map(({ blobId }) => this.chainQuestion(blobId));
  }

  chainQuestion(blobId: BlobId): DueChainQuestion {
    const current = this.labelsHolding(blobId, 1).length > 0;
    return { blobId, was: this.chainFact(blobId, null), current };
  }

  /** Whether any artifact holds it, ever seen. */
  isHeld(blobId: BlobId): boolean {
    const holding = eq(artifactFiles.blobId, blobId);
    return this.#db.select().from(artifactFiles).where(holding).get() !== undefined;
  }

  /** Of its verified bytes, else as the chain says it, else as a manifest states it. */
  size(blobId: BlobId): number | null {
    const counted = and(eq(verifications.blobId, blobId), eq(verifications.outcome, 'verified'));
    const bytes = this.#db.select().from(verifications).where(counted).get()?.bytes ?? null;
    if (bytes !== null) return bytes;
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

  /** Of the newest run all, of those before it the ones that were served bytes: the rest changes nothing. Oldest first. */
  attempts(blobId: BlobId, asOf: number | null): StoredAttempt[] {
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
  confirmChainFact(id: number, confirmedAt: number): void {
    this.#db.update(chainFacts).set({ confirmedAt }).where(eq(chainFacts.seq, id)).run();
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
