/** Keeps the key indexes in order, a little at a time, whenever there is something to do. */
import { StoreError } from '../../errors.ts';
import type { KeyIndex } from '../key-index/key-index.ts';
import { namedError } from '../transaction.ts';

/** How long one step may take, ms, and the pause after it: a fifth of the time, where there is much to do. */
const STEP_MS = 4;
const PAUSE_MS = 16;

export class KeyUpkeep {
  readonly #indexes: readonly KeyIndex[];
  readonly #forget: () => Promise<number>;
  #soon: NodeJS.Timeout | null = null;
  #ended = false;

  /** @param forget lets go of some of what runs have by now @returns of how many */
  constructor(indexes: readonly KeyIndex[], forget: () => Promise<number>) {
    this.#indexes = indexes;
    this.#forget = forget;
  }

  /** Something was added. */
  hurry(): void {
    if (this.#soon || this.#ended || !this.#indexes.some((index) => index.isDue)) return;
    this.#soon = setTimeout(() => void this.#step(), PAUSE_MS).unref();
  }

  stop(): void {
    this.#ended = true;
    if (this.#soon) clearTimeout(this.#soon);
  }

  async #step(): Promise<void> {
    try {
      const due = this.#indexes.find((index) => index.isDue);
      if (due?.maintain(STEP_MS) === false) {
        while (!this.#ended && (await this.#forget()) > 0);
      }
    } catch (error) {
      // The disk is full: all is as it was, and the next trace that is stored tries again.
      if (!isFull(error)) throw error;
      this.#soon = null;
      return;
    }
    this.#soon = null;
    this.hurry();
  }
}

function isFull(error: unknown): boolean {
  const named = namedError(error);
  return named instanceof StoreError && named.code === 'full';
}
