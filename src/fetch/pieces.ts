/** Pieces that are handed to somebody who may need time to take them: one after the other, in order. */

export class Pieces {
  readonly #onAllTaken: () => void;
  readonly #onFailed: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #dropped = false;

  /** @param onFailed what came after a piece that could not be taken is not handed on */
  constructor(onAllTaken: () => void, onFailed: (error: unknown) => void) {
    this.#onAllTaken = onAllTaken;
    this.#onFailed = onFailed;
  }

  get idle(): boolean {
    return this.#waiting === 0;
  }

  give(take: () => void | Promise<void>): void {
    this.#waiting += 1;
    this.#last = this.#taken(this.#last, take);
  }

  /** What waits is not handed on. */
  drop(): void {
    this.#dropped = true;
  }

  /** Once all that was given is taken, or was dropped. */
  taken(): Promise<void> {
    return this.#last;
  }

  async #taken(before: Promise<void>, take: () => void | Promise<void>): Promise<void> {
    await before;
    try {
      if (!this.#dropped) await take();
    } catch (error) {
      this.#dropped = true;
      this.#onFailed(error);
    }
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#onAllTaken();
  }
}
