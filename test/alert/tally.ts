/** What happened so far; a test can wait until there is so much of it. */
export class Tally<T> {
  readonly all: T[] = [];
  readonly #waiting: { count: number; enough: () => void }[] = [];

  add(one: T): void {
    this.all.push(one);
    for (const { count, enough } of this.#waiting) if (this.all.length >= count) enough();
  }

  /** Once there are so many in all. */
  async reach(count: number): Promise<T[]> {
    if (this.all.length < count) {
      await new Promise<void>((enough) => this.#waiting.push({ count, enough }));
    }
    return this.all;
  }
}
