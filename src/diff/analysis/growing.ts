/** Lists of numbers that grow by doubling: no object for an element, and what they grow out of is freed at once. */
export class Floats {
  #held = new Float64Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#held.length)
      this.#held = new Float64Array(this.#held.buffer.transfer(2 * this.#held.byteLength));
    this.#held[this.length++] = value;
  }

  /** Of no use after the next push. */
  view(): Float64Array {
    return this.#held.subarray(0, this.length);
  }

  /** Gives its memory back at once: a collector would come too late. */
  release(): void {
    this.#held.buffer.transfer(0);
    this.#held = new Float64Array(256);
    this.length = 0;
  }
}

/** The same of whole numbers from 0 to 2^32 − 1. */
export class Counts {
  #held = new Uint32Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#held.length)
      this.#held = new Uint32Array(this.#held.buffer.transfer(2 * this.#held.byteLength));
    this.#held[this.length++] = value;
  }

  view(): Uint32Array {
    return this.#held.subarray(0, this.length);
  }

  /** A copy no longer than it need be. */
  toArray(): Uint32Array {
    return this.#held.slice(0, this.length);
  }
}
