/** Keeps the key indexes in order, a little at a time, whenever there is something to do. */
import type { KeyIndex } from '../key-index/key-index.ts';

/** How long one step may take, ms, and the pause after it: a fifth of the time, where there is much to do. */
const STEP_MS = 4;
const PAUSE_MS = 16;
/** After a step that failed: the disk is full, say. All is as it was before. */
const FAILED_PAUSE_MS = 5000;

interface Means {
  indexes: readonly KeyIndex[];
  /** Lets go of some of what runs have by now. @returns of how many */
  forget: () => Promise<number>;
  failed: (error: unknown) => void;
}

export class KeyUpkeep {
  readonly #means: Means;
  #soon: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Something was added. */
  hurry(pauseMs = PAUSE_MS): void {
    if (this.#soon || this.#ended || !this.#means.indexes.some((index) => index.isDue)) return;
    this.#soon = setTimeout(() => void this.#next(), pauseMs).unref();
  }

  stop(): void {
    this.#ended = true;
    if (this.#soon) clearTimeout(this.#soon);
  }

  async #next(): Promise<void> {
    let pauseMs = PAUSE_MS;
    try {
      await this.#step();
    } catch (error) {
      pauseMs = FAILED_PAUSE_MS;
      if (!this.#ended) this.#means.failed(error);
    }
    this.#soon = null;
    this.hurry(pauseMs);
  }

  async #step(): Promise<void> {
    const due = this.#means.indexes.find((index) => index.isDue);
    if (due?.maintain(STEP_MS) !== false) return;
    while (!this.#ended && (await this.#means.forget()) > 0);
  }
}
