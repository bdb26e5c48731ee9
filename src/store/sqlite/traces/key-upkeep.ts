/** Keeps the key indexes in order, a little at a time, whenever there is something to do. */
import { StoreError } from '../../errors.ts';
import type { KeyIndex } from '../key-index/key-index.ts';
import { namedError } from '../transaction.ts';

/** How long one step may take, ms: others wait for it. */
const STEP_MS = 4;

export class KeyUpkeep {
  readonly #indexes: readonly KeyIndex[];
  #soon: NodeJS.Immediate | null = null;

  constructor(indexes: readonly KeyIndex[]) {
    this.#indexes = indexes;
  }

  /** Something was added. */
  hurry(): void {
    if (this.#soon || !this.#indexes.some((index) => index.isDue)) return;
    this.#soon = setImmediate(() => {
      this.#soon = null;
      if (this.#step()) this.hurry();
    });
  }

  stop(): void {
    if (this.#soon) clearImmediate(this.#soon);
  }

  /** @returns whether it could be made */
  #step(): boolean {
    try {
      this.#indexes.find((index) => index.isDue)?.maintain(STEP_MS);
      return true;
    } catch (error) {
      // The disk is full: all is as before, and the next trace that is stored tries again.
      if (isFull(error)) return false;
      throw error;
    }
  }
}

function isFull(error: unknown): boolean {
  const named = namedError(error);
  return named instanceof StoreError && named.code === 'full';
}
