/**
 * The newest entries, in memory: a hash table with chains over flat arrays, in the order in which
 * they came. Adding looks at nothing that is there, so a key with 100,000 rows costs no more than
 * 100,000 keys. 24 bytes an entry.
 */
import { randomInt } from 'node:crypto';
import type { Key } from './key.ts';

// Whoever picks keys with care can't make them share a chain.
const FACTORS = [randomInt(2 ** 31) * 2 + 1, randomInt(2 ** 31) * 2 + 1] as const;

export class MemoryTable {
  readonly hi: Uint32Array;
  readonly lo: Uint32Array;
  readonly ref: Float64Array;
  count = 0;
  leastRef = Infinity;
  mostRef = -Infinity;
  /** For each hash its newest entry + 1, and for each entry the one before it of that hash + 1; 0: none. */
  readonly #newest: Uint32Array;
  readonly #before: Uint32Array;
  readonly #shift: number;

  constructor(capacity: number) {
    this.hi = new Uint32Array(capacity);
    this.lo = new Uint32Array(capacity);
    this.ref = new Float64Array(capacity);
    this.#before = new Uint32Array(capacity);
    const bits = Math.max(1, Math.ceil(Math.log2(capacity)));
    this.#newest = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  get isFull(): boolean {
    return this.count === this.ref.length;
  }

  add({ hi, lo }: Key, ref: number): void {
    const entry = this.count++;
    const slot = this.#slot(hi, lo);
    this.hi[entry] = hi;
    this.lo[entry] = lo;
    this.ref[entry] = ref;
    this.#before[entry] = this.#newest[slot]!;
    this.#newest[slot] = entry + 1;
    if (ref < this.leastRef) this.leastRef = ref;
    if (ref > this.mostRef) this.mostRef = ref;
  }

  /** Appends the refs of a key to `found`, the last added first, until it holds `limit`. */
  find({ hi, lo }: Key, found: number[], limit: number): void {
    let next = this.#newest[this.#slot(hi, lo)]!;
    while (next !== 0 && found.length < limit) {
      const entry = next - 1;
      if (this.hi[entry] === hi && this.lo[entry] === lo) found.push(this.ref[entry]!);
      next = this.#before[entry]!;
    }
  }

  #slot(hi: number, lo: number): number {
    return (Math.imul(hi, FACTORS[0]) + Math.imul(lo, FACTORS[1])) >>> this.#shift;
  }
}
