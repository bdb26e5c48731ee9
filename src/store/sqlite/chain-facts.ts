/** What the chain said of blobs, each time it said something new. */
import { and, desc, eq, lt, lte, sql } from 'drizzle-orm';
import { chainFacts } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainStatus } from '../../walrus/chain-fact.ts';
import type { AttemptPage, StoredChainFact } from '../blob.ts';
import type { Db } from './open.ts';

/** No id and no time is beyond it. */
const ALL = Number.MAX_SAFE_INTEGER;

export class ChainFacts {
  readonly #db: Db;
  // Prepared: pages and comparisons ask about hundreds of blobs at once.
  readonly #newest;
  readonly #page;

  constructor(db: Db) {
    this.#db = db;
    const given = sql.placeholder;
    const ofBlob = eq(chainFacts.blobId, given('blobId'));
    this.#newest = db
      .select()
      .from(chainFacts)
      .where(and(ofBlob, lte(chainFacts.recordedAt, given('asOf'))))
      .orderBy(desc(chainFacts.seq))
      .limit(1)
      .prepare();
    this.#page = db
      .select()
      .from(chainFacts)
      .where(and(ofBlob, lt(chainFacts.seq, given('before'))))
      .orderBy(desc(chainFacts.seq))
      .limit(given('limit'))
      .prepare();
  }

  /** The newest as of then. */
  of(blobId: BlobId, asOf: number | null): StoredChainFact | null {
    const found = this.#newest.get({ blobId, asOf: asOf ?? ALL });
    if (!found) return null;
    const row = storedChainFact(found);
    // What is told of a time knows nothing of what was confirmed after it.
    return asOf === null || row.confirmedAt <= asOf ? row : { ...row, confirmedAt: row.readAt };
  }

  /** Newest first. */
  page(blobId: BlobId, { limit, before }: AttemptPage): StoredChainFact[] {
    return this.#page.all({ blobId, limit, before: before ?? ALL }).map(storedChainFact);
  }

  add(values: typeof chainFacts.$inferInsert): void {
    this.#db.insert(chainFacts).values(values).run();
  }

  /** It was said again. */
  confirm(id: number, confirmedAt: number): void {
    this.#db.update(chainFacts).set({ confirmedAt }).where(eq(chainFacts.seq, id)).run();
  }
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
