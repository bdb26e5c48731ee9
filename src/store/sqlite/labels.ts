/** Labels and their settings, with history. */
import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { labelSettings, labels } from '#schema';
import type { LabelInput, SourceSpec } from '../../contract/label.ts';
import type { Tolerance } from '../../lineage/attribution.ts';
import { StoreError } from '../errors.ts';
import type { LabelPage } from '../store.ts';
import { bareRow, bareRun } from './bare.ts';
import { bound } from './bound.ts';
import type { Db } from './open.ts';

export type LabelRow = typeof labels.$inferSelect;

/** What of a label says when a trace can have begun of which its readings say this or that. */
export type LabelTimes = Pick<
  LabelRow,
  | 'id'
  | 'clockSkewMs'
  | 'servingLagMs'
  | 'longestTraceMs'
  | 'firstReceivedAt'
  | 'lastRequestedAt'
  | 'nextSeq'
>;

export class Labels {
  readonly #db: Db;
  readonly #byName;
  readonly #byId;
  readonly #make;
  readonly #noteLength;
  readonly #countBytes;
  readonly #saveReading;
  readonly #settingsAt;
  readonly #firstSettings;

  constructor(db: Db) {
    this.#db = db;
    const named = eq(labels.name, sql.placeholder('name'));
    this.#byName = bareRow(db, labels, db.select().from(labels).where(named));
    const ofId = eq(labels.id, sql.placeholder('id'));
    this.#byId = bareRow(db, labels, db.select().from(labels).where(ofId));
    // Where an older copy was restored, its ids are given anew, but no reading's: those begin behind
    // all that the lost database may have given, about one a millisecond at most.
    const nextSeq = sql`1 + coalesce((SELECT sum(lost_to - lost_from + 1) FROM lost), 0)`;
    this.#make = db
      .insert(labels)
      .values({ name: sql.placeholder('name'), nextSeq })
      .returning()
      .prepare();
    this.#noteLength = db
      .update(labels)
      .set({ longestTraceMs: sql`max(${labels.longestTraceMs}, ${sql.placeholder('ms')})` })
      .where(eq(labels.id, sql.placeholder('id')))
      .prepare();
    this.#countBytes = db
      .update(labels)
      .set({ traceBytes: sql`${labels.traceBytes} + ${sql.placeholder('bytes')}` })
      .where(eq(labels.id, sql.placeholder('id')))
      .prepare();
    const given = (column: keyof LabelRow) => sql`${sql.placeholder(column)}`;
    const saving = db
      .update(labels)
      .set({
        nextSeq: given('nextSeq'),
        firstReceivedAt: given('firstReceivedAt'),
        lastRequestedAt: given('lastRequestedAt'),
        lastRecordedAt: given('lastRecordedAt'),
        lastAttemptAt: given('lastAttemptAt'),
        lastSuccessAt: given('lastSuccessAt'),
        consecutiveFailures: given('consecutiveFailures'),
        lastErrorCode: given('lastErrorCode'),
        lastErrorMessage: given('lastErrorMessage'),
        unreadableSince: given('unreadableSince'),
      })
      .where(eq(labels.id, sql.placeholder('id')));
    this.#saveReading = bareRun(db, saving);
    const settings = (condition: ReturnType<typeof and>, order: ReturnType<typeof asc>) =>
      db.select().from(labelSettings).where(condition).orderBy(order).prepare();
    const ofLabel = eq(labelSettings.labelId, bound('id'));
    this.#settingsAt = settings(
      and(ofLabel, lte(labelSettings.recordedAt, bound('asOf'))),
      desc(labelSettings.recordedAt),
    );
    this.#firstSettings = settings(ofLabel, asc(labelSettings.recordedAt));
  }

  /** A row for any name ever seen, registered or not. */
  find(name: string): LabelRow | null {
    return this.#byName({ name }) ?? null;
  }

  byId(id: number): LabelRow {
    return this.#byId({ id })!;
  }

  /** @throws StoreError unknown-label unless it was registered once */
  registered(name: string): LabelRow {
    const row = this.find(name);
    if (row?.source) return row;
    throw new StoreError('unknown-label', `no label '${name}'`);
  }

  /** A row for any name ever seen. @throws StoreError unknown-label */
  known(name: string): LabelRow {
    const row = this.find(name);
    if (row) return row;
    throw new StoreError('unknown-label', `no label '${name}'`);
  }

  /** The row of a name, made where it is new: a trace may name a label before anybody registers it. */
  intern(name: string): LabelRow {
    return this.find(name) ?? this.#make.get({ name });
  }

  put(name: string, input: LabelInput, recordedAt: number): { created: boolean } {
    const row = this.intern(name);
    const source = JSON.stringify(input.source);
    // Failed readings say nothing: a mistyped address can still be put right.
    if (row.source !== null && row.source !== source && row.firstReceivedAt !== null) {
      const message = `'${name}' has readings of another source, and one history can't have two; make a new label for the new source`;
      throw new StoreError('source-changed', message, { path: 'source' });
    }
    const created = row.source === null || row.removedAt !== null;
    const settings = {
      everyMs: input.every,
      clockSkewMs: input.clockSkew,
      servingLagMs: input.servingLag,
    };
    const createdAt = row.createdAt ?? recordedAt;
    this.update(row.id, { ...settings, source, createdAt, removedAt: null });
    this.#db
      .insert(labelSettings)
      .values({ labelId: row.id, recordedAt, ...settings })
      .onConflictDoUpdate({
        target: [labelSettings.labelId, labelSettings.recordedAt],
        set: settings,
      })
      .run();
    return { created };
  }

  /** Writes what a reading changes of its label. The hot way: the statement is made once. */
  saveReading(row: LabelRow): void {
    this.#saveReading(row);
  }

  /** A trace of the label took this long. */
  noteLength(id: number, ms: number): void {
    this.#noteLength.run({ id, ms });
  }

  /** Texts of its traces came or went. */
  countBytes(id: number, bytes: number): void {
    if (bytes !== 0) this.#countBytes.run({ id, bytes });
  }

  update(id: number, values: Partial<LabelRow>): void {
    this.#db.update(labels).set(values).where(eq(labels.id, id)).run();
  }

  /** Registered and not removed, newest first. */
  watched({ limit, before }: LabelPage): LabelRow[] {
    const key = sql`(${labels.createdAt}, ${labels.name})`;
    return this.#db
      .select()
      .from(labels)
      .where(
        and(
          isNotNull(labels.source),
          isNull(labels.removedAt),
          before ? sql`${key} < (${before.createdAt}, ${before.name})` : undefined,
        ),
      )
      .orderBy(desc(labels.createdAt), desc(labels.name))
      .limit(limit)
      .all();
  }

  /** Every name ever seen; only registered ones where asked. */
  names(onlyRegistered: boolean): { id: number; name: string }[] {
    return this.#db
      .select({ id: labels.id, name: labels.name })
      .from(labels)
      .where(onlyRegistered ? isNotNull(labels.source) : undefined)
      .orderBy(asc(labels.name))
      .all();
  }

  /** The label's tolerance as it was; before its first settings, those first ones. */
  tolerance(row: LabelRow, asOf: number | null): Tolerance {
    if (asOf === null || row.source === null) return row;
    return this.#settingsAt.get({ id: row.id, asOf }) ?? this.#firstSettings.get({ id: row.id })!;
  }
}

export function sourceOf(row: LabelRow): SourceSpec {
  return JSON.parse(row.source!) as SourceSpec;
}
