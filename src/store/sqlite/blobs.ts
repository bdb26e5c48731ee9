/** Blobs: how each stands, what is due for it, and who holds it. */
import { and, asc, count, desc, eq, inArray, isNull, lte, ne, notInArray, sql } from 'drizzle-orm';
import { artifactFiles, blobs, labels, runs } from '#schema';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { AFTER_ALL } from '../../lineage/timeline.ts';
import { mismatchesIn } from '../../walrus/standing.ts';
import type { BlobFacts, BlobStates, DueChainQuestion, DueVerification } from '../blob.ts';
import type { Attempts } from './attempts.ts';
import type { ChainFacts } from './chain-facts.ts';
import type { Db } from './open.ts';

export type BlobRow = typeof blobs.$inferSelect;

const NONE: BlobStates = { unchecked: 0, unavailable: 0, verified: 0, mismatch: 0 };

export class Blobs {
  readonly #db: Db;
  readonly #attempts: Attempts;
  readonly #chain: ChainFacts;
  readonly #intern;
  readonly #hurry;
  readonly #forgetTold;
  readonly #states;
  readonly #now: () => number;

  /** @param now wall clock: what is due is due by it, and `recordedAt` may be ahead of one that was set back */
  constructor(db: Db, now: () => number, attempts: Attempts, chain: ChainFacts) {
    this.#db = db;
    this.#attempts = attempts;
    this.#chain = chain;
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
    // Run by the driver itself: a list of labels asks for each of them.
    this.#states = db.$client.prepare<[string | null], StateCount>(
      `SELECT b.state, count(DISTINCT b.blob_id) AS count
       FROM artifact_files f JOIN blobs b ON b.blob_id = f.blob_id
       WHERE f.artifact_id = ? GROUP BY b.state`,
    );
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
    return countsOf(this.#states.all(artifactId));
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
    const liars = blob?.state === 'mismatch' ? mismatchesIn(this.#attempts.of(blobId, null)) : [];
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
    return { blobId, was: this.#chain.of(blobId, null), current };
  }

  /** Whether any artifact holds it, ever seen. */
  isHeld(blobId: BlobId): boolean {
    const holding = eq(artifactFiles.blobId, blobId);
    return this.#db.select().from(artifactFiles).where(holding).get() !== undefined;
  }

  /** Of its verified bytes, else as the chain says it, else as a manifest states it. */
  size(blobId: BlobId): number | null {
    const bytes = this.#attempts.verifiedBytes(blobId);
    if (bytes !== null) return bytes;
    const said = this.#chain.of(blobId, null)?.size ?? null;
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

  facts(blobId: BlobId, asOf: number | null): BlobFacts {
    return { attempts: this.#attempts.of(blobId, asOf), chain: this.#chain.of(blobId, asOf) };
  }
}

interface StateCount {
  state: string;
  count: number;
}

function countsOf(found: readonly StateCount[]): BlobStates {
  return { ...NONE, ...Object.fromEntries(found.map((each) => [each.state, each.count])) };
}
