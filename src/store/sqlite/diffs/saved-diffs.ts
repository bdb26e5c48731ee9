/** Reports of diffs: each stored once, listed, let go of; and the traces that they name. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { and, desc, eq, sql } from 'drizzle-orm';
import { diffs, diffTraces, labels as labelTable } from '#schema';
import { labelGlob } from '../../label-glob.ts';
import {
  DIFF_LIMITS,
  type DiffLimits,
  type DiffPage,
  holdsOfDiff,
  type NewDiff,
  type StoredDiff,
} from '../../saved-diff.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Holds } from '../traces/holds.ts';

const LISTED = {
  id: diffs.id,
  label: labelTable.name,
  verdict: diffs.verdict,
  summary: diffs.summary,
  before: diffs.before,
  after: diffs.after,
  createdAt: diffs.createdAt,
};

export class SavedDiffs {
  readonly #db: Db;
  readonly #labels: Labels;
  readonly #holds: Holds;
  readonly #name;
  readonly #sizes;
  readonly #oldest;

  constructor(db: Db, labels: Labels, holds: Holds) {
    this.#db = db;
    this.#labels = labels;
    this.#holds = holds;
    // Of those that are still there: what retention dropped meanwhile can't be kept.
    this.#name = db.$client.prepare<{ diffId: string; named: string }>(
      `INSERT OR IGNORE INTO diff_traces (trace_seq, diff_id)
       SELECT seq, :diffId FROM traces WHERE seq IN (SELECT value FROM json_each(:named))`,
    );
    this.#sizes = db.$client.prepare<[], { count: number; bytes: number }>(
      'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM diffs',
    );
    this.#oldest = db.$client.prepare<[string], { id: string; bytes: number }>(
      `SELECT id, bytes FROM diffs WHERE held = 0 AND id <> ? ORDER BY created_at, diffs.id`,
    );
  }

  /** Inside a transaction. One that is there already stays as it was stored first, and holds what it shall hold now. */
  save(diff: NewDiff, createdAt: number, limits: DiffLimits = DIFF_LIMITS): void {
    const { id, label, verdict, summary, before, after, report, named, hold } = diff;
    const labelId = this.#labels.known(label).id;
    const body = zstdCompressSync(report);
    const known = { verdict, summary, before, after, createdAt, body, bytes: body.length };
    this.#db
      .insert(diffs)
      .values({ id, labelId, ...known })
      .onConflictDoNothing()
      .run();
    this.#name.run({ diffId: id, named: JSON.stringify(named) });
    if (hold) {
      this.#hold(diff, hold, createdAt);
      this.#db.update(diffs).set({ held: 1 }).where(eq(diffs.id, id)).run();
    }
    this.#makeRoom(id, limits);
  }

  #hold({ id, label }: NewDiff, hold: NonNullable<NewDiff['hold']>, createdAt: number): void {
    const names = holdsOfDiff(id);
    for (const side of ['before', 'after'] as const) {
      const period = hold[side];
      if (!period) continue;
      const reason = `compared by the diff ${id}, ${side}`;
      this.#holds.put({ name: names[side], label, ...period, reason }, createdAt);
    }
  }

  /** The oldest go that hold nothing; the newest stays in any case. */
  #makeRoom(newest: string, limits: DiffLimits): void {
    let { count, bytes } = this.#sizes.get()!;
    if (count <= limits.count && bytes <= limits.bytes) return;
    const gone: string[] = [];
    for (const oldest of this.#oldest.iterate(newest)) {
      if (count <= limits.count && bytes <= limits.bytes) break;
      gone.push(oldest.id);
      count -= 1;
      bytes -= oldest.bytes;
    }
    for (const id of gone) this.remove(id);
  }

  find(id: string): (StoredDiff & { report: Buffer }) | null {
    const row = this.#db
      .select({ ...LISTED, body: diffs.body })
      .from(diffs)
      .innerJoin(labelTable, eq(labelTable.id, diffs.labelId))
      .where(eq(diffs.id, id))
      .get();
    if (!row) return null;
    const { body, ...listed } = row;
    return { ...listed, report: zstdDecompressSync(body) };
  }

  /** Newest first. */
  page({ label = null, limit, before }: DiffPage): StoredDiff[] {
    const ids = label === null ? null : this.#idsOf(label);
    if (ids?.length === 0) return [];
    const older =
      before && sql`(${diffs.createdAt}, ${diffs.id}) < (${before.createdAt}, ${before.id})`;
    return this.#db
      .select(LISTED)
      .from(diffs)
      .innerJoin(labelTable, eq(labelTable.id, diffs.labelId))
      .where(and(older ?? undefined, ids ? isOneOf(ids) : undefined))
      .orderBy(desc(diffs.createdAt), desc(diffs.id))
      .limit(limit)
      .all();
  }

  #idsOf(glob: string): number[] {
    const wanted = labelGlob(glob);
    const called = this.#labels.names(false).filter(({ name }) => wanted.test(name));
    return called.map(({ id }) => id);
  }

  /** Inside a transaction: the report and its word for the traces it names, not its holds. @returns whether there was one */
  remove(id: string): boolean {
    this.#db.delete(diffTraces).where(eq(diffTraces.diffId, id)).run();
    return this.#db.delete(diffs).where(eq(diffs.id, id)).run().changes > 0;
  }
}

/** No index has the labels: the list of all is looked through, which is short (`DIFF_LIMITS`). */
function isOneOf(labelIds: readonly number[]) {
  return sql`${diffs.labelId} IN (SELECT value FROM json_each(${JSON.stringify(labelIds)}))`;
}
