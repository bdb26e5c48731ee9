/**
 * What is derived from a label's readings: runs and changes. An appended reading brings them up to
 * date in place; one put between others has them made anew, unless it only confirms.
 */
import { and, asc, desc, eq, getTableColumns, gt, gte, isNotNull, lt, ne, sql } from 'drizzle-orm';
import { changes, labels, runs } from '#schema';
import type { ArtifactId } from '../../lineage/manifest.ts';
import {
  AFTER_ALL,
  BEFORE_ALL,
  type Change,
  changeKind,
  changesOf,
  merge,
  type Run,
  runsOf,
  stretchOf,
} from '../../lineage/timeline.ts';
import { bareRow, bareRows, bareRun } from './bare.ts';
import { bound, boundLimit, givenFor } from './bound.ts';
import type { Db } from './open.ts';
import {
  columnsOf,
  type NewReading,
  type Place,
  parseReadingId,
  type Readings,
  readingId,
  readingOf,
  stretchOfRow,
} from './readings.ts';

/** What a run says of when its artifact was there. */
export type Reach = Pick<Run, 'artifactId' | 'after' | 'until' | 'firstReceivedAt'>;

type ReachCells = [labelId: number, Reach['artifactId'], after: number, until: number, at: number];

export class History {
  readonly #db: Db;
  readonly #readings: Readings;
  readonly #newest;
  readonly #from;
  readonly #reaches;
  readonly #grow;
  readonly #end;
  readonly #insert;
  readonly #put;
  readonly #heldThis;
  readonly #heldAny;

  constructor(db: Db, readings: Readings) {
    this.#db = db;
    this.#readings = readings;
    const ofLabel = eq(runs.labelId, bound('labelId'));
    const unended = and(ofLabel, eq(runs.until, AFTER_ALL));
    this.#newest = bareRow(db, runs, db.select().from(runs).where(unended));
    const from = db
      .select()
      .from(runs)
      .where(and(ofLabel, gt(runs.until, bound('start'))))
      // A reading that ends where one of no length stands gives two runs the same `until`.
      .orderBy(asc(runs.until), asc(runs.firstReceivedAt))
      .limit(boundLimit('limit'));
    this.#from = bareRows(db, runs, from);
    this.#reaches = db.$client
      .prepare<[number, string], ReachCells>(
        `SELECT label_id, CASE WHEN ? THEN artifact_id END, after, until, first_received_at FROM runs
         WHERE label_id IN (SELECT value FROM json_each(?))
         ORDER BY label_id, until, first_received_at`,
      )
      .raw();
    const growing = db
      .update(runs)
      .set({
        lastRequestedAt: bound('lastRequestedAt'),
        lastReceivedAt: bound('lastReceivedAt'),
        observations: bound('observations'),
        maxGapMs: bound('maxGapMs'),
      })
      .where(
        and(
          ofLabel,
          eq(runs.until, bound('until')),
          eq(runs.firstReceivedAt, bound('firstReceivedAt')),
        ),
      );
    this.#grow = bareRun(db, growing);
    const given = sql.placeholder;
    this.#end = db
      .update(runs)
      .set({ until: bound('until') })
      .where(unended)
      .prepare();
    this.#insert = db
      .insert(runs)
      .values(givenFor(getTableColumns(runs)))
      .prepare();
    const ofChange = givenFor(getTableColumns(changes));
    this.#put = db
      .insert(changes)
      .values({ ...ofChange, retiredAt: null })
      .onConflictDoUpdate({
        target: [changes.labelId, changes.seq],
        set: {
          kind: sql`excluded.kind`,
          from: sql`excluded.from_artifact`,
          to: sql`excluded.to_artifact`,
          after: sql`excluded.after`,
          before: sql`excluded.before`,
          detectedAt: sql`excluded.detected_at`,
          retiredAt: null,
        },
      })
      .prepare();
    const held = (which: ReturnType<typeof and>) =>
      db
        .select({ seq: runs.firstSeq })
        .from(runs)
        .where(and(ofLabel, which, ne(runs.firstSeq, given('seq'))))
        .prepare();
    this.#heldThis = held(eq(runs.artifactId, given('artifactId')));
    this.#heldAny = held(isNotNull(runs.artifactId));
  }

  newest(labelId: number): Run | null {
    const row = this.#newest({ labelId });
    return row ? runOf(row) : null;
  }

  /** The first `limit` runs that reach past `start`, in order of time. */
  runsFrom(labelId: number, start: number, limit: number): Run[] {
    return this.#from({ labelId, start, limit }).map(runOf);
  }

  all(labelId: number): Run[] {
    return this.runsFrom(labelId, BEFORE_ALL, -1);
  }

  /**
   * Of many labels at once, each one's in order of time: asking label by label takes four times as long.
   * @param withArtifacts false: nobody asks which, and their long ids are left where they are
   */
  reaches(labelIds: readonly number[], withArtifacts: boolean): Map<number, Reach[]> {
    const found = new Map<number, Reach[]>();
    for (const cells of this.#reaches.all(withArtifacts ? 1 : 0, JSON.stringify(labelIds))) {
      const [labelId, artifactId, after, until, firstReceivedAt] = cells;
      const reach = { artifactId, after, until, firstReceivedAt };
      const own = found.get(labelId);
      if (own) own.push(reach);
      else found.set(labelId, [reach]);
    }
    return found;
  }

  /** Records a reading that comes after all others, `last` the newest run. @returns the change it reveals */
  append(labelId: number, last: Run | null, reading: NewReading): Change | null {
    const stretch = stretchOf(readingOf(labelId, reading, reading.artifactId));
    this.#readings.append(labelId, reading);
    if (last && last.artifactId === reading.artifactId) {
      this.#grow({ ...merge(last, stretch), labelId, until: AFTER_ALL });
      return null;
    }
    if (last) this.#end.run({ labelId, until: reading.receivedAt });
    const after = last?.lastRequestedAt ?? BEFORE_ALL;
    this.#insertRun(labelId, { ...stretch, after, until: AFTER_ALL });
    return this.#appendChange(labelId, last, reading);
  }

  #appendChange(labelId: number, last: Run | null, reading: NewReading): Change | null {
    const [from, to] = [last?.artifactId ?? null, reading.artifactId];
    if (from === to) return null;
    const change: Change = {
      id: readingId(labelId, reading.seq),
      kind: changeKind(
        from,
        to,
        this.#held(labelId, reading.seq, to),
        this.#held(labelId, reading.seq),
      ),
      from,
      to,
      after: last?.lastRequestedAt ?? null,
      before: reading.receivedAt,
      detectedAt: reading.recordedAt,
    };
    this.#putChange(labelId, change);
    return change;
  }

  /** Whether the label held the artifact, or any, in a run other than the one that `seq` began. */
  #held(labelId: number, seq: number, artifactId?: ArtifactId | null): boolean {
    const found = artifactId
      ? this.#heldThis.get({ labelId, seq, artifactId })
      : this.#heldAny.get({ labelId, seq });
    return found !== undefined;
  }

  /** Records a reading before or between others, which it doesn't overlap. */
  insertAt(labelId: number, place: Place, reading: NewReading): void {
    this.#readings.insertAt(labelId, place, reading);
    if (!this.#confirmed(labelId, reading)) this.#deriveAnew(labelId, reading.recordedAt);
  }

  /** Where the reading falls inside a run of its own artifact, brings that run up to date. */
  #confirmed(labelId: number, reading: NewReading): boolean {
    const run = this.runsFrom(labelId, reading.receivedAt, 1)[0];
    const inside =
      run !== undefined &&
      run.artifactId === reading.artifactId &&
      run.firstReceivedAt <= reading.requestedAt &&
      reading.receivedAt <= run.lastRequestedAt;
    if (!inside) return false;
    const parts = this.#readings.between(labelId, run.firstReceivedAt, run.lastReceivedAt);
    const own = parts.filter((part) => part.artifactId === run.artifactId);
    this.#grow({ ...own.map(stretchOfRow).reduce(merge), labelId, until: run.until });
    return true;
  }

  /** Makes runs and changes anew from the chunks; a change that is none any more is retired. */
  #deriveAnew(labelId: number, recordedAt: number): void {
    const derived = runsOf(this.#readings.all(labelId).map(stretchOfRow));
    this.#db.delete(runs).where(eq(runs.labelId, labelId)).run();
    for (const run of derived) this.#insertRun(labelId, run);
    const found = changesOf(derived);
    const seqs = found.map((change) => parseReadingId(change.id)!.seq);
    this.#db
      .update(changes)
      .set({ retiredAt: recordedAt })
      .where(
        sql`${changes.labelId} = ${labelId} AND ${changes.retiredAt} IS NULL
            AND ${changes.seq} NOT IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`,
      )
      .run();
    for (const change of found) this.#putChange(labelId, change);
  }

  #putChange(labelId: number, { id, ...change }: Change): void {
    this.#put.run({ ...change, labelId, seq: parseReadingId(id)!.seq });
  }

  #insertRun(labelId: number, run: Run): void {
    const { after, until } = run;
    this.#insert.run({ labelId, ...columnsOf(run), after, until });
  }

  /** Live changes whose window meets [from, to), oldest first: in the order of the runs they begin. */
  changesOf(labelId: number, from: number, to: number): (typeof changes.$inferSelect)[] {
    return this.#db
      .select(getTableColumns(changes))
      .from(changes)
      .innerJoin(runs, and(eq(runs.labelId, changes.labelId), eq(runs.firstSeq, changes.seq)))
      .where(
        and(
          eq(changes.labelId, labelId),
          sql`${changes.retiredAt} IS NULL`,
          gte(changes.before, from),
          lt(sql`coalesce(${changes.after}, ${changes.before})`, to),
        ),
      )
      .orderBy(asc(runs.firstReceivedAt), asc(runs.firstRequestedAt))
      .all();
  }

  /** Changes across labels, newest first. */
  recentChanges(where: ReturnType<typeof and>, limit: number) {
    return this.#db
      .select({ change: changes, label: labels.name })
      .from(changes)
      .innerJoin(labels, eq(labels.id, changes.labelId))
      .where(where)
      .orderBy(desc(changes.detectedAt), desc(changes.labelId), desc(changes.seq))
      .limit(limit)
      .all();
  }
}

function runOf({ after, until, ...row }: typeof runs.$inferSelect): Run {
  return { ...stretchOfRow(row), after, until };
}
