/** Several sorted sequences as one, page by page. */
import { Cursor, type SortedPages } from './cursor.ts';
import type { Filter } from './filter.ts';
import { ENTRY_BYTES, PAGE_ENTRIES, putEntry } from './packed.ts';

export class Merge {
  readonly #cursors: readonly Cursor[];
  readonly #firstRef: number;

  private constructor(cursors: readonly Cursor[], firstRef: number) {
    this.#cursors = cursors;
    this.#firstRef = firstRef;
  }

  /**
   * @param sources the newest first
   * @param firstRef entries with a ref below it are left out
   */
  static of(sources: readonly SortedPages[], firstRef: number): Merge {
    return new Merge(sources.map(Cursor.atStart), firstRef);
  }

  /** Another one at the same place: where a step is rolled back, the one before it is still there. */
  copy(): Merge {
    const cursors = this.#cursors.map((cursor) => cursor.copy());
    return new Merge(cursors, this.#firstRef);
  }

  /**
   * Writes the next entries into `page`, and their keys into `filter`.
   * @returns how many; fewer than a page holds: there are no more
   */
  fill(page: DataView, filter: Filter): number {
    let count = 0;
    let [hi, lo, ref] = [-1, -1, -1];
    while (count < PAGE_ENTRIES) {
      const least = this.#least();
      if (least.hi === Infinity) break;
      const its = least.ref;
      // One entry may be there twice, where its row was read again after the end of a run was in doubt.
      if (its >= this.#firstRef && !(its === ref && least.lo === lo && least.hi === hi)) {
        ({ hi, lo } = least);
        ref = its;
        putEntry(page, count++ * ENTRY_BYTES, hi, lo, ref);
        filter.add(hi, lo);
      }
      least.next();
    }
    return count;
  }

  /** Of equal ones the first, which is the newest. */
  #least(): Cursor {
    let least = this.#cursors[0]!;
    for (let i = 1; i < this.#cursors.length; i++) {
      const cursor = this.#cursors[i]!;
      if (cursor.hi < least.hi || (cursor.hi === least.hi && cursor.lo < least.lo)) least = cursor;
    }
    return least;
  }
}
