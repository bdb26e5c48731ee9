/**
 * How much one receiver is sent at a time. It grows with each quick answer, so that a burst gets
 * through; it halves where answers don't come in time, and falls to one where less is asked for.
 */

export interface AllowanceLimits {
  /** To begin with. */
  first: number;
  most: number;
}

/** A receiver that takes longer has enough to do. */
const QUICK_MS = 1000;

export class Allowance {
  readonly #limits: AllowanceLimits;
  #size: number;
  #slowDowns = 0;
  /** Goes up with each loss: an attempt that began before the last one says nothing about what came of it. */
  #era = 0;

  constructor(limits: AllowanceLimits) {
    this.#limits = limits;
    this.#size = limits.first;
  }

  /** Sends at a time. */
  get size(): number {
    return this.#size;
  }

  /** To be handed in with what comes of an attempt that begins now. */
  get era(): number {
    return this.#era;
  }

  /** How often in a row the receiver asked for less. */
  get slowDowns(): number {
    return this.#slowDowns;
  }

  delivered(era: number, tookMs: number): void {
    if (era !== this.#era) return;
    this.#slowDowns = 0;
    if (tookMs < QUICK_MS) this.#size = Math.min(this.#size + 1, this.#limits.most);
  }

  timedOut(era: number): void {
    if (era !== this.#era) return;
    this.#era++;
    this.#size = Math.max(Math.floor(this.#size / 2), 1);
  }

  /** It asked for less. */
  slowedDown(era: number): void {
    if (era !== this.#era) return;
    this.#era++;
    this.#slowDowns++;
    this.#size = 1;
  }

  /** As if nothing had been sent yet. */
  reset(): void {
    this.#era++;
    this.#slowDowns = 0;
    this.#size = this.#limits.first;
  }
}
