/** All that was not as it should be. One is enough for the run to fail. */

/** A fault that repeats itself must not fill the memory; how many there were is counted all the same. */
const MOST_KEPT = 200;

export class Findings {
  readonly #kept: string[] = [];
  #count = 0;

  note(what: string): void {
    this.#count++;
    if (this.#kept.length < MOST_KEPT) this.#kept.push(what);
  }

  get count(): number {
    return this.#count;
  }

  list(): string[] {
    const more = this.#count - this.#kept.length;
    return more === 0 ? [...this.#kept] : [...this.#kept, `… and ${more} more`];
  }
}
