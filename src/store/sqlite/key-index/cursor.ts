/** A place in sorted entries. */
import { ENTRY_BYTES, refAt } from './packed.ts';

export interface SortedPages {
  /** Null past the last one. */
  page(number: number): DataView | null;
}

export class Cursor {
  /** The key of the entry it stands at; past the last one `hi` is infinite. */
  hi = Infinity;
  lo = 0;
  readonly #pages: SortedPages;
  #number: number;
  #page: DataView | null;
  #at: number;

  private constructor(pages: SortedPages, number: number, page: DataView | null, at: number) {
    this.#pages = pages;
    this.#number = number;
    this.#page = page;
    this.#at = at;
    this.#read();
  }

  static atStart(pages: SortedPages): Cursor {
    return new Cursor(pages, 0, pages.page(0), 0);
  }

  /** Another one at the same place. */
  copy(): Cursor {
    return new Cursor(this.#pages, this.#number, this.#page, this.#at);
  }

  get ref(): number {
    return refAt(this.#page!, this.#at);
  }

  next(): void {
    this.#at += ENTRY_BYTES;
    if (this.#at >= this.#page!.byteLength) {
      this.#page = this.#pages.page(++this.#number);
      this.#at = 0;
    }
    this.#read();
  }

  #read(): void {
    if (this.#page === null) {
      this.hi = Infinity;
      return;
    }
    this.hi = this.#page.getUint32(this.#at);
    this.lo = this.#page.getUint32(this.#at + 4);
  }
}
