/** Texts of traces in their blocks: read, counted, and gone with the last trace that refers to them. */
import type { Db } from '../open.ts';
import { MOST_TEXTS, textsIn } from './text-block.ts';

/** Blocks that are kept unpacked, bytes: neighbours in a list stand in the same ones. */
const MOST_REMEMBERED = 16 * 1024 * 1024;
/** One longer than this would push out all others. */
const LONGEST_REMEMBERED = 2 * 1024 * 1024;

/** How often each block is referred to, more or less than before. */
export type Uses = Map<number, number>;

/** The number of a block on disk. */
export const blockOf = (ref: number) => Math.floor(ref / MOST_TEXTS);

export const refOf = (block: number, slot: number) => block * MOST_TEXTS + slot;

export function use(uses: Uses, ref: number, times = 1): void {
  const block = blockOf(ref);
  uses.set(block, (uses.get(block) ?? 0) + times);
}

export class Texts {
  readonly #body;
  readonly #insert;
  readonly #used;
  readonly #use;
  readonly #delete;
  readonly #deleteUses;
  readonly #remembered = new Map<number, { texts: Buffer[]; bytes: number }>();
  #rememberedBytes = 0;

  constructor(db: Db) {
    const { $client: client } = db;
    this.#body = client.prepare<[number], Buffer>('SELECT body FROM blocks WHERE id = ?').pluck();
    this.#insert = client.prepare<[Buffer]>('INSERT INTO blocks (body) VALUES (?)');
    this.#used = client
      .prepare<[number], number>('SELECT uses FROM block_uses WHERE block_id = ?')
      .pluck();
    this.#use = client.prepare<[number, number]>(
      `INSERT INTO block_uses (block_id, uses) VALUES (?, ?)
       ON CONFLICT (block_id) DO UPDATE SET uses = uses + excluded.uses`,
    );
    this.#delete = client.prepare<[number]>('DELETE FROM blocks WHERE id = ?');
    this.#deleteUses = client.prepare<[number]>('DELETE FROM block_uses WHERE block_id = ?');
  }

  /** @returns null where its block is gone */
  read(ref: number): Buffer | null {
    const block = blockOf(ref);
    return this.#texts(block)?.[ref - block * MOST_TEXTS] ?? null;
  }

  #texts(block: number): Buffer[] | null {
    const known = this.#remembered.get(block);
    if (known) {
      // The last one asked for is the last to be forgotten.
      this.#remembered.delete(block);
      this.#remembered.set(block, known);
      return known.texts;
    }
    const body = this.#body.get(block);
    if (!body) return null;
    const texts = textsIn(body);
    this.#remember(block, texts);
    return texts;
  }

  #remember(block: number, texts: Buffer[]): void {
    const bytes = texts.reduce((sum, { length }) => sum + length, 0);
    if (bytes > LONGEST_REMEMBERED) return;
    this.#remembered.set(block, { texts, bytes });
    this.#rememberedBytes += bytes;
    for (const oldest of this.#remembered.keys()) {
      if (this.#rememberedBytes <= MOST_REMEMBERED) break;
      this.#forget(oldest);
    }
  }

  #forget(block: number): void {
    this.#rememberedBytes -= this.#remembered.get(block)?.bytes ?? 0;
    this.#remembered.delete(block);
  }

  /** Whether something refers to it. */
  isUsed(block: number): boolean {
    return this.#used.get(block) !== undefined;
  }

  /** Inside a transaction. @returns its number, never given before */
  store(body: Buffer): number {
    return Number(this.#insert.run(body).lastInsertRowid);
  }

  /** Inside a transaction. */
  count(uses: Uses): void {
    for (const [block, times] of uses) this.#use.run(block, times);
  }

  /** Inside a transaction. A block that nothing refers to any more is gone. */
  release(uses: Uses): void {
    for (const [block, times] of uses) {
      this.#use.run(block, -times);
      if (this.#used.get(block)! > 0) continue;
      this.#delete.run(block);
      this.#deleteUses.run(block);
      this.#forget(block);
    }
  }

  /** What was undone may have been remembered. */
  forgetAll(): void {
    this.#remembered.clear();
    this.#rememberedBytes = 0;
  }
}
