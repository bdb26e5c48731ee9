/**
 * Writes a run in steps of bounded time: its entries, then its filter, then its fences. A step gives
 * back how far it came and changes nothing of what the next one begins with, until it is told that
 * the transaction is committed. (The filter may get bits of entries that weren't committed: the next
 * attempt sets the same ones.)
 */
import type { SortedPages } from './cursor.ts';
import { Filter } from './filter.ts';
import { Merge } from './merge.ts';
import { ENTRY_BYTES, KEY_BYTES, PAGE_BYTES, PAGE_ENTRIES, viewOf } from './packed.ts';
import type { PageKind, Pages } from './pages.ts';
import { Run } from './run.ts';
import type { RunRows } from './run-rows.ts';

export interface Progress {
  /** The run's id; null before the first step. */
  readonly id: number | null;
  readonly phase: PageKind | 'done';
  readonly merge: Merge;
  readonly entries: number;
  /** Pages written of entries, and of the present kind. */
  readonly entryPages: number;
  readonly pages: number;
}

const NEXT = { entries: 'filter', filter: 'fences', fences: 'done' } as const;

export class RunWriter {
  readonly #rows: RunRows;
  readonly #pages: Pages;
  readonly #level: number;
  readonly #filter: Filter;
  readonly #fences: Uint8Array;
  readonly #page = new Uint8Array(PAGE_BYTES);
  #progress: Progress;

  /**
   * @param sources sorted, the newest first
   * @param most entries there are in all of them
   */
  constructor(
    { rows, pages }: { rows: RunRows; pages: Pages },
    level: number,
    { sources, most, firstRef }: { sources: SortedPages[]; most: number; firstRef: number },
  ) {
    this.#rows = rows;
    this.#pages = pages;
    this.#level = level;
    this.#filter = Filter.for(most);
    this.#fences = new Uint8Array(Math.ceil(most / PAGE_ENTRIES) * KEY_BYTES);
    const merge = Merge.of(sources, firstRef);
    const start = { id: null, entries: 0, entryPages: 0, pages: 0 };
    this.#progress = { ...start, phase: 'entries', merge };
  }

  /** Goes on until `deadline`, at least by one page, in the transaction that is open. */
  write(deadline: number): Progress {
    const id = this.#progress.id ?? this.#rows.begin(this.#level);
    let progress: Progress = { ...this.#progress, id, merge: this.#progress.merge.copy() };
    do progress = this.#writePage(id, progress);
    while (progress.phase !== 'done' && performance.now() < deadline);
    return progress;
  }

  /** What a step wrote is committed. */
  keep(progress: Progress): void {
    this.#progress = progress;
  }

  /** The run, once it is written. */
  run({ id, entries, entryPages }: Progress, lastRef: number): Run {
    const fences = this.#fences.slice(0, entryPages * KEY_BYTES);
    return new Run(
      { id: id!, level: this.#level, entries, lastRef },
      this.#filter,
      fences,
      this.#pages,
    );
  }

  #writePage(id: number, progress: Progress): Progress {
    const { phase, pages } = progress;
    if (phase === 'entries') return this.#writeEntries(id, progress);
    if (phase === 'done') return progress;
    const all =
      phase === 'filter'
        ? this.#filter.bytes
        : this.#fences.subarray(0, progress.entryPages * KEY_BYTES);
    const body = all.subarray(pages * PAGE_BYTES, (pages + 1) * PAGE_BYTES);
    if (body.length === 0) return { ...progress, phase: NEXT[phase], pages: 0 };
    this.#pages.add(id, phase, pages, body);
    return { ...progress, pages: pages + 1 };
  }

  #writeEntries(id: number, progress: Progress): Progress {
    const count = progress.merge.fill(viewOf(this.#page), this.#filter);
    const { entryPages } = progress;
    if (count === 0) return { ...progress, phase: NEXT.entries, pages: 0 };
    this.#pages.add(id, 'entries', entryPages, this.#page.subarray(0, count * ENTRY_BYTES));
    this.#fences.set(this.#page.subarray(0, KEY_BYTES), entryPages * KEY_BYTES);
    return { ...progress, entries: progress.entries + count, entryPages: entryPages + 1 };
  }
}
