/** Events, written in the transaction of what they tell: so none is told that isn't so, and none is lost. */
import { asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { v7 as uuidv7, version } from 'uuid';
import { conflicts, events } from '#schema';
import type { BlobId } from '../../lineage/manifest.ts';
import type { Change } from '../../lineage/timeline.ts';
import {
  type BlobEventType,
  type EventData,
  type EventType,
  labelsOf,
  MOST_BLOB_IDS,
  type StoredEvent,
} from '../event.ts';
import type { Artifacts } from './artifacts.ts';
import type { Deliveries } from './deliveries.ts';
import type { LabelRow } from './labels.ts';
import type { Db } from './open.ts';
import type { UnitOfWork } from './transaction.ts';

type EventRow = typeof events.$inferSelect;

export class Events {
  readonly #db: Db;
  readonly #artifacts: Artifacts;
  readonly #deliveries: Deliveries;
  readonly #work: UnitOfWork;
  readonly #put;

  constructor(db: Db, artifacts: Artifacts, deliveries: Deliveries, work: UnitOfWork) {
    this.#db = db;
    this.#artifacts = artifacts;
    this.#deliveries = deliveries;
    this.#work = work;
    const given = sql.placeholder;
    this.#put = db
      .insert(events)
      .values({
        id: given('id'),
        type: given('type'),
        subject: given('subject'),
        recordedAt: given('recordedAt'),
        data: given('data'),
      })
      .returning({ seq: events.seq })
      .prepare();
  }

  change(label: string, change: Change, recordedAt: number): void {
    const told = {
      label,
      ...change,
      fromBlobIds: this.#artifacts.blobIds(change.from).slice(0, MOST_BLOB_IDS),
      toBlobIds: this.#artifacts.blobIds(change.to).slice(0, MOST_BLOB_IDS),
    };
    this.record(`underlabel.change.${change.kind}`, label, told, recordedAt);
  }

  /**
   * A trace of the label names a blob that no candidate holds. @returns false where this was told
   * already and the label was not read since
   */
  conflict(label: LabelRow, blobId: BlobId, traceId: string, recordedAt: number): boolean {
    const toldAfter = label.lastRequestedAt!;
    const { changes } = this.#db
      .insert(conflicts)
      .values({ labelId: label.id, blobId, toldAfter })
      .onConflictDoUpdate({
        target: [conflicts.labelId, conflicts.blobId],
        set: { toldAfter },
        setWhere: sql`${conflicts.toldAfter} < ${toldAfter}`,
      })
      .run();
    if (changes === 0) return false;
    const data = { label: label.name, blobId, traceId };
    this.record('underlabel.trace.conflict', label.name, data, recordedAt);
    return true;
  }

  /** Of a blob. */
  blob<Type extends BlobEventType>(type: Type, recordedAt: number, data: EventData[Type]): void {
    this.record(type, data.blobId, data, recordedAt);
  }

  /** The event, and a delivery of it for each channel that wants it. @returns its number */
  record<Type extends EventType>(
    type: Type,
    subject: string,
    data: EventData[Type],
    recordedAt: number,
  ): number {
    const number = this.#insert(type, subject, data, recordedAt);
    const labels = labelsOf(data);
    this.#deliveries.queue({ number, type, subject, labels }, recordedAt);
    return number;
  }

  /** A test event, for one channel alone. @returns the delivery's id */
  test(channel: { id: number; name: string }, recordedAt: number): number {
    const data = { channel: channel.name };
    const number = this.#insert('underlabel.channel.test', channel.name, data, recordedAt);
    // A line of its own: it says how the channel does now, whatever waits there.
    const subject = `test ${number}`;
    return this.#deliveries.queueFor(channel.id, { number, subject }, recordedAt);
  }

  #insert(type: EventType, subject: string, data: object, recordedAt: number): number {
    const row = { id: uuidv7(), type, subject, recordedAt, data: JSON.stringify(data) };
    this.#work.note('events');
    return this.#put.get(row).seq;
  }

  after(number: number, limit: number): StoredEvent[] {
    return this.#db
      .select()
      .from(events)
      .where(gt(events.seq, number))
      .orderBy(asc(events.seq))
      .limit(limit)
      .all()
      .map(storedEvent);
  }

  newest(): number {
    const newest = sql<number | null>`max(${events.seq})`;
    return this.#db.select({ newest }).from(events).get()?.newest ?? 0;
  }

  /** The number of the event with this id, or else of the last one before the instant in it. */
  numberOf(id: string): number | null {
    const found = this.#db.select({ seq: events.seq }).from(events).where(eq(events.id, id)).get();
    if (found) return found.seq;
    const time = instantIn(id);
    if (time === null) return null;
    const before = this.#db
      .select({ seq: events.seq })
      .from(events)
      .where(lt(events.recordedAt, time))
      .orderBy(desc(events.recordedAt), desc(events.seq))
      .get();
    return before?.seq ?? 0;
  }
}

/** A UUIDv7 begins with its time: 48 bits, ms since 1970. */
function instantIn(id: string): number | null {
  if (!/^[0-9a-f-]{36}$/i.test(id)) return null;
  try {
    return version(id) === 7 ? Number.parseInt(id.replace('-', '').slice(0, 12), 16) : null;
  } catch {
    return null;
  }
}

export function storedEvent({ seq: number, data, ...row }: EventRow): StoredEvent {
  return { ...row, number, data: JSON.parse(data) } as StoredEvent;
}
