/** Where events are told. */
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { channels } from '#schema';
import { StoreError } from '../errors.ts';
import type { ChannelSettings, ChannelTarget, StoredChannel } from '../outbox.ts';
import type { Db } from './open.ts';

export type ChannelRow = typeof channels.$inferSelect;

/** How long a replaced secret still signs along. */
const OVERLAP_MS = 24 * 60 * 60_000;

export class Channels {
  readonly #db: Db;
  readonly #active;
  readonly #byName;

  constructor(db: Db) {
    this.#db = db;
    this.#active = db
      .select()
      .from(channels)
      .where(isNull(channels.removedAt))
      .orderBy(asc(channels.name))
      .prepare();
    const named = and(eq(channels.name, sql.placeholder('name')), isNull(channels.removedAt));
    this.#byName = db.select().from(channels).where(named).prepare();
  }

  /** Those that are not removed, in order of name; disabled ones too. */
  active(): ChannelRow[] {
    return this.#active.all();
  }

  find(name: string): ChannelRow | null {
    return this.#byName.get({ name }) ?? null;
  }

  /** @throws StoreError unknown-channel */
  known(name: string): ChannelRow {
    const row = this.find(name);
    if (row) return row;
    throw new StoreError('unknown-channel', `no channel '${name}'`);
  }

  put(name: string, input: ChannelSettings, recordedAt: number): { created: boolean } {
    const there = this.find(name);
    const settings = {
      target: JSON.stringify(input.target),
      labels: listText(input.labels),
      events: listText(input.events),
      disabledAt: null,
      disabledReason: null,
      removedAt: null,
    };
    if (there) {
      const secrets = rotated(there, input.secret, recordedAt);
      this.update(there.id, { ...settings, ...secrets });
      return { created: false };
    }
    const secrets = {
      secret: input.secret ?? null,
      previousSecret: null,
      previousSecretUntil: null,
    };
    const row = { ...settings, ...secrets, createdAt: recordedAt };
    this.#db
      .insert(channels)
      .values({ name, ...row })
      // One of that name was removed: this is a new one in its place.
      .onConflictDoUpdate({ target: channels.name, set: row })
      .run();
    return { created: true };
  }

  update(id: number, values: Partial<ChannelRow>): void {
    this.#db.update(channels).set(values).where(eq(channels.id, id)).run();
  }
}

function rotated(there: ChannelRow, secret: string | undefined, now: number) {
  if (secret === undefined || secret === there.secret) return {};
  return { secret, previousSecret: there.secret, previousSecretUntil: now + OVERLAP_MS };
}

const listText = (globs: string[] | null) => globs && JSON.stringify(globs);
const listOf = (text: string | null) => (text === null ? null : (JSON.parse(text) as string[]));

/** @param now what the previous secret's end is counted by */
export function storedChannel(row: ChannelRow, now: number): StoredChannel {
  const previous = (row.previousSecretUntil ?? 0) > now ? row.previousSecret : null;
  return {
    name: row.name,
    target: JSON.parse(row.target) as ChannelTarget,
    secrets: [row.secret, previous].filter((secret) => secret !== null),
    labels: listOf(row.labels),
    events: listOf(row.events),
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
    disabledReason: row.disabledReason,
  };
}
