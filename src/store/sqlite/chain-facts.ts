/** What the chain said of blobs, each time it said something new. */
import { and, desc, eq, lt, lte, type SQL } from 'drizzle-orm';
import { chainFacts } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { ChainStatus } from '../../walrus/chain-fact.ts';
import type { AttemptPage, StoredChainFact } from '../blob.ts';
import type { Db } from './open.ts';

export class ChainFacts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The newest as of then. */
  of(blobId: BlobId, asOf: number | null): StoredChainFact | null {
    const known = asOf === null ? undefined : lte(chainFacts.recordedAt, asOf);
    const row = this.#rows(and(eq(chainFacts.blobId, blobId), known), 1)[0];
    if (!row) return null;
    // What is told of a time knows nothing of what was confirmed after it.
    return asOf === null || row.confirmedAt <= asOf ? row : { ...row, confirmedAt: row.readAt };
  }

  /** Newest first. */
  page(blobId: BlobId, { limit, before }: AttemptPage): StoredChainFact[] {
    const earlier = before === null ? undefined : lt(chainFacts.seq, before);
    return this.#rows(and(eq(chainFacts.blobId, blobId), earlier), limit);
  }

  #rows(where: SQL | undefined, limit: number): StoredChainFact[] {
    return this.#db
      .select()
      .from(chainFacts)
      .where(where)
      .orderBy(desc(chainFacts.seq))
      .limit(limit)
      .all()
      .map(storedChainFact);
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
