/**
 * A queue that can be left from its middle: joining, leaving and finding the first take the same
 * time however many wait, and nothing is kept of those who left.
 */
export class Line<T> {
  #first: Spot<T> | null = null;
  #last: Spot<T> | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | null {
    return this.#first?.item ?? null;
  }

  /** At the end. @returns what it is left by, once */
  join(item: T): Spot<T> {
    const spot: Spot<T> = { item, before: this.#last, after: null };
    if (this.#last) this.#last.after = spot;
    else this.#first = spot;
    this.#last = spot;
    this.#size++;
    return spot;
  }

  leave(spot: Spot<T>): void {
    const { before, after } = spot;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    this.#size--;
  }
}

export interface Spot<T> {
  readonly item: T;
  before: Spot<T> | null;
  after: Spot<T> | null;
}
