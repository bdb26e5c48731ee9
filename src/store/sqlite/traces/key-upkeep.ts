/** Keeps the key indexes in order, a little at a time, whenever there is something to do. */
import type { KeyIndex } from '../key-index/key-index.ts';

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
      this.#step();
      this.hurry();
    });
  }

  stop(): void {
    if (this.#soon) clearImmediate(this.#soon);
  }

  #step(): void {
    const due = this.#indexes.find((index) => index.isDue);
    try {
      due?.maintain(STEP_MS);
    } catch {
      // The disk is full, say. All is as before, and the next trace that is stored tries again.
      this.stop();
    }
  }
}
