/** Where spans come from: one row for each combination of what decides on a label, blobs aside. */
import { desc, eq, gt, sql } from 'drizzle-orm';
import { origins } from '#schema';
import type { Origin, UnmappedOrigin } from '../../mapping.ts';
import type { Db } from '../open.ts';

export type OriginRow = typeof origins.$inferSelect;

/** How many are remembered; what is forgotten is just read again. */
const MOST_REMEMBERED = 10_000;

/** Traces of an origin that no label has: more of them, or fewer (then they are gone already). */
export interface UnmappedCount {
  traces: number;
  bytes: number;
  /** When the last of them began; null where it is not asked. */
  lastAt: number | null;
}

export class Origins {
  readonly #db: Db;
  readonly #byIdentity;
  readonly #byId;
  readonly #more;
  readonly #fewer;
  readonly #remembered = new Map<number, OriginRow>();
  readonly #ids = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
    const given = (column: typeof origins.id | typeof origins.identity, name: string) =>
      db
        .select()
        .from(origins)
        .where(eq(column, sql.placeholder(name)))
        .prepare();
    this.#byIdentity = given(origins.identity, 'identity');
    this.#byId = given(origins.id, 'id');
    this.#more = db.$client.prepare<[number, number, number | null, number]>(
      `UPDATE origins SET unmapped = unmapped + ?, unmapped_bytes = unmapped_bytes + ?,
         unmapped_last_at = max(?, coalesce(unmapped_last_at, -9e15))
       WHERE id = ?`,
    );
    this.#fewer = db.$client.prepare<[number, number, number]>(
      `UPDATE origins SET unmapped = unmapped - ?, unmapped_bytes = unmapped_bytes - ?,
         unmapped_last_at = (SELECT max(started_at) FROM traces t
           WHERE t.label_id IS NULL AND t.origin_id = origins.id)
       WHERE id = ?`,
    );
  }

  find(origin: Origin): OriginRow | null {
    const identity = identityOf(origin);
    const known = this.#ids.get(identity);
    if (known !== undefined) return this.byId(known);
    const row = this.#byIdentity.get({ identity });
    if (row) this.#remember(row);
    return row ?? null;
  }

  /** Inside a transaction. */
  make(origin: Origin, recordedAt: number): OriginRow {
    const { service, provider, requestModel, responseModel, declaredLabel } = origin;
    const values = { service, provider, requestModel, responseModel, declaredLabel };
    const row = this.#db
      .insert(origins)
      .values({ ...values, identity: identityOf(origin), recordedAt })
      .returning()
      .get();
    this.#remember(row);
    return row;
  }

  byId(id: number): OriginRow {
    const known = this.#remembered.get(id);
    if (known) return known;
    const row = this.#byId.get({ id })!;
    this.#remember(row);
    return row;
  }

  all(): OriginRow[] {
    return this.#db.select().from(origins).all();
  }

  /** Inside a transaction. */
  countUnmapped(id: number, { traces, bytes, lastAt }: UnmappedCount): void {
    if (traces > 0) this.#more.run(traces, bytes, lastAt, id);
    else this.#fewer.run(-traces, -bytes, id);
  }

  /** The most traces first. */
  unmapped(limit: number): UnmappedOrigin[] {
    return this.#db
      .select()
      .from(origins)
      .where(gt(origins.unmapped, 0))
      .orderBy(desc(origins.unmapped), origins.id)
      .limit(limit)
      .all()
      .map((row) => ({
        id: row.id,
        origin: originOf(row),
        traces: row.unmapped,
        lastStartedAt: row.unmappedLastAt!,
      }));
  }

  unmappedBytes(): number {
    const sum = sql<number>`coalesce(sum(${origins.unmappedBytes}), 0)`;
    return this.#db.select({ sum }).from(origins).get()!.sum;
  }

  /** What was undone may have been remembered. */
  forgetAll(): void {
    this.#remembered.clear();
    this.#ids.clear();
  }

  #remember(row: OriginRow): void {
    if (this.#remembered.size >= MOST_REMEMBERED) this.forgetAll();
    this.#remembered.set(row.id, row);
    this.#ids.set(row.identity, row.id);
  }
}

export function originOf(row: OriginRow): Origin {
  const { service, provider, requestModel, responseModel, declaredLabel } = row;
  return { service, provider, requestModel, responseModel, declaredLabel };
}

function identityOf(origin: Origin): string {
  const { service, provider, requestModel, responseModel, declaredLabel } = origin;
  return JSON.stringify([service, provider, requestModel, responseModel, declaredLabel]);
}
