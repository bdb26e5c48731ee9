/** What is in no run yet: a table that fills, and those before it that are full and wait for their run. */
import type { Key } from './key.ts';
import { MemoryTable } from './memory-table.ts';

export class Memory {
  readonly #capacity: number;
  /** The newest first; all but the first are full. */
  readonly #tables: MemoryTable[];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#tables = [new MemoryTable(capacity)];
  }

  add(key: Key, ref: number): void {
    if (this.#tables[0]!.isFull) this.#tables.unshift(new MemoryTable(this.#capacity));
    this.#tables[0]!.add(key, ref);
  }

  find(key: Key, found: number[], limit: number): void {
    for (const table of this.#tables) table.find(key, found, limit);
  }

  /** The oldest table that is full. */
  get full(): MemoryTable | null {
    const oldest = this.#tables.at(-1)!;
    return oldest.isFull ? oldest : null;
  }

  /**
   * Up to which ref every row is in a run, once the oldest table is one. Not simply its last: that
   * row's transaction may have been rolled back, and then another row has the ref, in a later table.
   */
  coveredByOldest(): number {
    const later = this.#tables.slice(0, -1).map((table) => table.leastRef - 1);
    return Math.min(this.#tables.at(-1)!.mostRef, ...later);
  }

  dropOldest(): void {
    this.#tables.pop();
    if (this.#tables.length === 0) this.#tables.push(new MemoryTable(this.#capacity));
  }
}
