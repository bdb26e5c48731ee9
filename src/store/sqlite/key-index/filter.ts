/**
 * A Bloom filter in blocks of 32 bytes: each key has one block, and one bit in each of its eight
 * words, so that asking costs one line of the processor's cache. The bits of a key are random as
 * they are; none is hashed again.
 */
import type { Key } from './key.ts';

const BLOCK_BYTES = 32;
/**
 * With 12, one absent key in 190 passes and costs a page; with 16, one in 750. Small runs are many,
 * and more bits for them are few.
 */
const BITS_PER_KEY = { small: 16, large: 12 };
const SMALL_RUN = 2 ** 21;

export class Filter {
  readonly bytes: Uint8Array;
  readonly #blocks: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#blocks = bytes.length / BLOCK_BYTES;
  }

  static for(entries: number): Filter {
    const bits = entries * (entries < SMALL_RUN ? BITS_PER_KEY.small : BITS_PER_KEY.large);
    const blocks = Math.max(1, Math.ceil(bits / (BLOCK_BYTES * 8)));
    return new Filter(new Uint8Array(blocks * BLOCK_BYTES));
  }

  add(hi: number, lo: number): void {
    const { bytes } = this;
    let at = this.#block(hi);
    // The low bits of `hi` tell nothing of the block until there are millions of them.
    for (let rest = hi, word = 0; word < 2; word++, rest >>>= 5, at += 4) {
      bytes[at + ((rest & 31) >>> 3)]! |= 1 << (rest & 7);
    }
    for (let rest = lo, word = 0; word < 6; word++, rest >>>= 5, at += 4) {
      bytes[at + ((rest & 31) >>> 3)]! |= 1 << (rest & 7);
    }
  }

  /** False only where the key was never added. */
  mayHave({ hi, lo }: Key): boolean {
    const { bytes } = this;
    let at = this.#block(hi);
    for (let rest = hi, word = 0; word < 2; word++, rest >>>= 5, at += 4) {
      if ((bytes[at + ((rest & 31) >>> 3)]! & (1 << (rest & 7))) === 0) return false;
    }
    for (let rest = lo, word = 0; word < 6; word++, rest >>>= 5, at += 4) {
      if ((bytes[at + ((rest & 31) >>> 3)]! & (1 << (rest & 7))) === 0) return false;
    }
    return true;
  }

  #block(hi: number): number {
    return Math.floor((hi / 2 ** 32) * this.#blocks) * BLOCK_BYTES;
  }
}
