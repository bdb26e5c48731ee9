/**
 * The outbox. What a channel is told of one subject forms a line: its first delivery that is not
 * settled is pending, those behind it wait. So the order is kept, and finding what is due is one
 * look at an index however long the lines are.
 */
import { and, asc, desc, eq, inArray, isNull, like, lt, lte, min, sql } from 'drizzle-orm';
import { channels, deliveries, events } from '#schema';
import { StoreError } from '../errors.ts';
import { labelGlob } from '../label-glob.ts';
import type {
  AttemptOutcome,
  ChangeKey,
  DeliveryFilter,
  DueDelivery,
  StoredDelivery,
} from '../outbox.ts';
import { type ChannelRow, type Channels, storedChannel } from './channels.ts';
import { storedEvent } from './events.ts';
import type { Db } from './open.ts';

type Row = typeof deliveries.$inferSelect;

/** An event as far as it matters who is told. `labels` null: all are. */
interface Told {
  number: number;
  type: string;
  subject: string;
  labels: readonly string[] | null;
}

export class Deliveries {
  readonly #db: Db;
  readonly #channels: Channels;
  readonly #insert;
  readonly #byId;
  readonly #settle;
  readonly #lease;
  readonly #promote;
  readonly #due;
  readonly #firstDue;
  readonly #ofChange;

  constructor(db: Db, all: Channels) {
    this.#db = db;
    this.#channels = all;
    const given = sql.placeholder;
    const ofLine = sql`d.channel_id = ${given('channelId')} AND d.subject = ${given('subject')}`;
    // The index is partial: its condition must stand here to the letter.
    const ofActive = sql`${ofLine} AND d.status IN ('pending', 'waiting')`;
    this.#insert = db
      .insert(deliveries)
      .values({
        channelId: given('channelId'),
        eventSeq: given('eventSeq'),
        subject: given('subject'),
        status: sql`CASE WHEN EXISTS (SELECT 1 FROM deliveries d WHERE ${ofActive}) THEN 'waiting' ELSE 'pending' END`,
        createdAt: given('createdAt'),
        // At once, whatever the clock says: what is recorded may be ahead of one that was set back.
        dueAt: 0,
      })
      .returning({ id: deliveries.id })
      .prepare();
    this.#byId = db
      .select()
      .from(deliveries)
      .where(eq(deliveries.id, given('id')))
      .prepare();
    this.#settle = db
      .update(deliveries)
      .set({
        status: sql`${given('status')}`,
        attempts: sql`${given('attempts')}`,
        dueAt: sql`${given('dueAt')}`,
        leased: 0,
        lastAttemptAt: sql`${given('lastAttemptAt')}`,
        lastErrorCode: sql`${given('lastErrorCode')}`,
        lastErrorMessage: sql`${given('lastErrorMessage')}`,
        settledAt: sql`${given('settledAt')}`,
      })
      .where(eq(deliveries.id, given('id')))
      .prepare();
    this.#lease = db
      .update(deliveries)
      .set({ leased: sql`${given('leased')}`, dueAt: sql`${given('dueAt')}` })
      .where(eq(deliveries.id, given('id')))
      .prepare();
    const isPending = sql`SELECT 1 FROM deliveries d WHERE ${ofActive} AND d.status = 'pending'`;
    const first = sql`SELECT min(d.id) FROM deliveries d WHERE ${ofActive} AND d.status = 'waiting'`;
    this.#promote = db
      .update(deliveries)
      .set({ status: 'pending', dueAt: sql`${given('dueAt')}` })
      .where(sql`${deliveries.id} = (${first}) AND NOT EXISTS (${isPending})`)
      .prepare();
    const ofChannel = and(
      eq(deliveries.channelId, given('channelId')),
      // The index is partial: its condition must stand here to the letter.
      sql`status = 'pending'`,
    );
    this.#firstDue = db
      .select({ dueAt: min(deliveries.dueAt) })
      .from(deliveries)
      .where(ofChannel)
      .prepare();
    this.#ofChange = db
      .select({ seq: events.seq })
      .from(events)
      .where(
        and(
          // It was recorded with the reading that revealed the change: found by an index, among few.
          eq(events.recordedAt, given('detectedAt')),
          eq(events.subject, given('label')),
          like(events.type, 'underlabel.change.%'),
          sql`json_extract(${events.data}, '$.id') = ${given('id')}`,
        ),
      )
      .prepare();
    this.#due = db
      .select({ delivery: deliveries, event: events })
      .from(deliveries)
      .innerJoin(events, eq(events.seq, deliveries.eventSeq))
      .where(and(ofChannel, lte(deliveries.dueAt, given('now'))))
      .orderBy(asc(deliveries.dueAt), asc(deliveries.id))
      .limit(given('limit'))
      .prepare();
  }

  /** One row for each channel that wants the event; disabled ones get theirs once they are enabled. */
  queue(told: Told, recordedAt: number): void {
    for (const channel of this.#channels.active()) {
      if (wants(channel, told)) this.queueFor(channel.id, told, recordedAt);
    }
  }

  /** @returns the delivery's id */
  queueFor(
    channelId: number,
    { number, subject }: Pick<Told, 'number' | 'subject'>,
    createdAt: number,
  ): number {
    return this.#insert.get({ channelId, eventSeq: number, subject, createdAt }).id;
  }

  /** The leases of a process that is no more: nothing of it is under way. */
  endLeases(now: number): void {
    this.#db
      .update(deliveries)
      .set({ leased: 0, dueAt: now })
      .where(and(sql`status = 'pending'`, eq(deliveries.leased, 1)))
      .run();
  }

  dueChannels(): { channel: string; dueAt: number }[] {
    return this.#channels.active().flatMap(({ id, name, disabledAt }) => {
      if (disabledAt !== null) return [];
      const dueAt = this.#firstDue.get({ channelId: id })?.dueAt;
      return dueAt == null ? [] : [{ channel: name, dueAt }];
    });
  }

  take(
    name: string,
    { limit, leaseMs, now }: { limit: number; leaseMs: number; now: number },
  ): DueDelivery[] {
    const row = this.#channels.find(name);
    if (!row || row.disabledAt !== null) return [];
    const channel = storedChannel(row, now);
    return this.#due.all({ channelId: row.id, now, limit }).map(({ delivery, event }) => {
      const { id, attempts } = delivery;
      this.#lease.run({ id, leased: 1, dueAt: now + leaseMs });
      return { id, attempts, channel, event: storedEvent(event) };
    });
  }

  /** @returns the channel that is disabled by it, where the outcome says that it takes no more */
  settle(id: number, outcome: AttemptOutcome, now: number): ChannelRow | null {
    const row = this.#byId.get({ id });
    if (row?.status !== 'pending') return null;
    if (outcome.kind === 'released') {
      this.#lease.run({ id, leased: 0, dueAt: now });
      return null;
    }
    const isLast = outcome.kind !== 'retry';
    const error = outcome.kind === 'delivered' ? null : outcome.error;
    this.#settle.run({
      id,
      status:
        outcome.kind === 'retry' ? 'pending' : outcome.kind === 'delivered' ? 'delivered' : 'dead',
      attempts: row.attempts + 1,
      dueAt: outcome.kind === 'retry' ? outcome.at : row.dueAt,
      lastAttemptAt: now,
      lastErrorCode: error?.code ?? null,
      lastErrorMessage: error?.message ?? null,
      settledAt: isLast ? now : null,
    });
    if (isLast) this.#promoteNext(row, now);
    if (outcome.kind !== 'gone') return null;
    const channel = this.#db.select().from(channels).where(eq(channels.id, row.channelId)).get()!;
    if (channel.disabledAt !== null || channel.removedAt !== null) return null;
    const disabled = { disabledAt: now, disabledReason: outcome.error.message };
    this.#channels.update(channel.id, disabled);
    return { ...channel, ...disabled };
  }

  #promoteNext({ channelId, subject }: Row, now: number): void {
    this.#promote.run({ channelId, subject, dueAt: now });
  }

  /** From a first attempt on; where its line has one under way, it waits its turn. */
  redeliver(id: number, now: number): void {
    const row = this.#byId.get({ id });
    if (!row) throw new StoreError('unknown-delivery', `no delivery '${id}'`);
    const channel = this.#channels.active().find((one) => one.id === row.channelId);
    if (!channel) {
      const message = `the channel of delivery '${id}' was removed; make it anew with PUT`;
      throw new StoreError('unknown-channel', message);
    }
    if (row.status === 'pending') {
      // One that is under way just now will tell by itself what came of it.
      if (!row.leased) this.#update(id, { attempts: 0, dueAt: now });
    } else if (row.status !== 'waiting') {
      this.#update(id, { status: 'waiting', attempts: 0, settledAt: null });
      this.#promoteNext(row, now);
    }
  }

  /** What is still to be delivered to a channel that is removed. */
  cancel(channelId: number, now: number): void {
    this.#db
      .update(deliveries)
      .set({ status: 'cancelled', leased: 0, settledAt: now })
      .where(and(eq(deliveries.channelId, channelId), sql`status IN ('pending', 'waiting')`))
      .run();
  }

  page({ channel, status, limit, before }: DeliveryFilter): StoredDelivery[] {
    return this.#stored(
      and(
        channel === undefined ? undefined : eq(channels.name, channel),
        status === undefined ? undefined : eq(deliveries.status, status),
        before === null ? undefined : lt(deliveries.id, before),
      ),
      limit,
    );
  }

  get(id: number): StoredDelivery | null {
    return this.#stored(eq(deliveries.id, id), 1)[0] ?? null;
  }

  /** In the order in which they were queued; null where no event tells of the change. */
  ofChange({ id, label, detectedAt }: ChangeKey, limit: number): StoredDelivery[] | null {
    const event = this.#ofChange.get({ id, label, detectedAt });
    return event
      ? this.#stored(eq(deliveries.eventSeq, event.seq), limit, asc(deliveries.id))
      : null;
  }

  #stored(
    where: ReturnType<typeof and>,
    limit: number,
    order = desc(deliveries.id),
  ): StoredDelivery[] {
    return this.#db
      .select({ delivery: deliveries, channel: channels.name, event: events })
      .from(deliveries)
      .innerJoin(channels, eq(channels.id, deliveries.channelId))
      .innerJoin(events, eq(events.seq, deliveries.eventSeq))
      .where(where)
      .orderBy(order)
      .limit(limit)
      .all()
      .map(({ delivery, channel, event: { id, type, subject, recordedAt } }) => ({
        ...storedDelivery(delivery),
        channel,
        event: { id, type, subject, recordedAt },
      }));
  }

  counts(): { channel: string; status: StoredDelivery['status']; count: number }[] {
    const count = sql<number>`count(*)`;
    return this.#db
      .select({ channel: channels.name, status: deliveries.status, count })
      .from(deliveries)
      .innerJoin(channels, eq(channels.id, deliveries.channelId))
      .where(
        and(inArray(deliveries.status, ['waiting', 'pending', 'dead']), isNull(channels.removedAt)),
      )
      .groupBy(deliveries.channelId, deliveries.status)
      .all() as { channel: string; status: StoredDelivery['status']; count: number }[];
  }

  #update(id: number, values: Partial<Row>): void {
    this.#db.update(deliveries).set(values).where(eq(deliveries.id, id)).run();
  }
}

function wants({ labels, events: types }: ChannelRow, { type, labels: about }: Told): boolean {
  const fits = (globs: string | null, test: (glob: string) => boolean) =>
    globs === null || (JSON.parse(globs) as string[]).some(test);
  return (
    fits(types, (glob) => labelGlob(glob).test(type)) &&
    (about === null ||
      fits(labels, (glob) => {
        const { test } = labelGlob(glob);
        return about.some(test);
      }))
  );
}

function storedDelivery(row: Row): Omit<StoredDelivery, 'channel' | 'event'> {
  return {
    id: row.id,
    status: row.status as StoredDelivery['status'],
    createdAt: row.createdAt,
    attempts: row.attempts,
    nextAt: row.status === 'pending' ? Math.max(row.dueAt, row.createdAt) : null,
    lastAttemptAt: row.lastAttemptAt,
    lastError:
      row.lastErrorCode === null
        ? null
        : { code: row.lastErrorCode, message: row.lastErrorMessage ?? '' },
    settledAt: row.settledAt,
  };
}
