/**
 * A sorted run on disk. Its filter and its fences (the first key of each page) are in memory: 2 MB
 * (1.5 in runs of more than 2 million) and 28 kB for a million entries. On disk it has 14 MB more.
 */
import { Filter } from './filter.ts';
import type { Key } from './key.ts';
import { ENTRY_BYTES, firstNotBelow, isKeyAt, KEY_BYTES, refAt, viewOf } from './packed.ts';
import type { Pages } from './pages.ts';
import type { RunRow } from './run-rows.ts';

export class Run {
  readonly id: number;
  readonly level: number;
  readonly entries: number;
  /** At most: the row of the run may say less by now, where rows got numbers that were rolled back. */
  readonly lastRef: number;
  readonly #filter: Filter;
  readonly #fences: DataView;
  readonly #pages: Pages;

  constructor(row: Omit<RunRow, 'state'>, filter: Filter, fences: Uint8Array, pages: Pages) {
    this.id = row.id;
    this.level = row.level;
    this.entries = row.entries;
    this.lastRef = row.lastRef;
    this.#filter = filter;
    this.#fences = viewOf(fences);
    this.#pages = pages;
  }

  static load(row: RunRow, pages: Pages): Run {
    const filter = new Filter(pages.all(row.id, 'filter'));
    return new Run(row, filter, pages.all(row.id, 'fences'), pages);
  }

  /** A page of entries; null past the last one. */
  page(number: number): DataView | null {
    if (number * KEY_BYTES >= this.#fences.byteLength) return null;
    return viewOf(this.#pages.entries(this.id, number));
  }

  /** Appends the refs of a key to `found`, the last added first, until it holds `limit`. */
  find(key: Key, found: number[], limit: number): void {
    if (!this.#filter.mayHave(key)) return;
    const fences = this.#fences;
    // A page that begins with the key may have it from the page before.
    let number = Math.max(0, firstNotBelow(fences, KEY_BYTES, key) - 1);
    do {
      const page = this.page(number++);
      if (page) findIn(page, key, found, limit);
      if (number * KEY_BYTES >= fences.byteLength) return;
    } while (found.length < limit && isKeyAt(fences, number * KEY_BYTES, key));
  }
}

function findIn(page: DataView, key: Key, found: number[], limit: number): void {
  let at = firstNotBelow(page, ENTRY_BYTES, key) * ENTRY_BYTES;
  for (; at < page.byteLength && isKeyAt(page, at, key); at += ENTRY_BYTES) {
    if (found.length >= limit) return;
    found.push(refAt(page, at));
  }
}
