/**
 * The one source of chance here: xoshiro128** (Blackman and Vigna 2018, Scrambled linear
 * pseudorandom number generators), period 2^128 − 1, its state filled from the seed by splitmix32
 * steps. All of it is 32-bit integer arithmetic, so one seed gives the same numbers on every machine.
 */
export interface Random {
  /** Uniform in [0, 1), with 53 bits. */
  next(): number;
  /** Uniform among 0 … n − 1, for n up to 2^53; off by less than n/2^53. */
  below(n: number): number;
  /** Uniform among 0 … n − 1, for n up to 2^32, by one word; off by less than n/2^32. */
  index(n: number): number;
  /** True with probability k/n, to within 2^-32. */
  chance(k: number, n: number): boolean;
  /** 32 fair bits, as a signed whole number. */
  bits(): number;
  /** A fair coin, one bit of a word at a time. */
  coin(): boolean;
}

export const DEFAULT_SEED = 1;

/** @param seed any finite number; its 64 bits as a double are what counts. */
export function seededRandom(seed: number): Random {
  return new Xoshiro(seed);
}

/** Words made at once, which is quicker than one by one. A power of two. */
const BLOCK = 128;

class Xoshiro implements Random {
  readonly #state = new Int32Array(4);
  readonly #block = new Uint32Array(BLOCK);
  #at = BLOCK;
  #coins = 0;
  #left = 0;

  constructor(seed: number) {
    const words = new Uint32Array(new Float64Array([seed]).buffer);
    let mixed = 0x9e3779b9 ^ words[0]!;
    const fill = () => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    fill();
    mixed ^= words[1]!;
    for (let i = 0; i < 4; i++) this.#state[i] = fill();
    this.#state[3]! |= 1; // never all zero, the one state without a way out
  }

  #refill(): void {
    const state = this.#state;
    const block = this.#block;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let i = 0; i < BLOCK; i++) {
      const times5 = Math.imul(b, 5);
      block[i] = Math.imul((times5 << 7) | (times5 >>> 25), 9);
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 11) | (d >>> 21);
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
    this.#at = 0;
  }

  #word(): number {
    if (this.#at >= BLOCK) this.#refill();
    return this.#block[this.#at++ & (BLOCK - 1)]!; // the mask spares a check of bounds
  }

  next(): number {
    return ((this.#word() >>> 5) * 67108864 + (this.#word() >>> 6)) / 9007199254740992;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  index(n: number): number {
    return Math.floor((this.#word() * n) / 4294967296);
  }

  chance(k: number, n: number): boolean {
    return this.#word() * n < k * 4294967296;
  }

  bits(): number {
    return this.#word() | 0;
  }

  coin(): boolean {
    if (this.#left === 0) {
      this.#coins = this.#word();
      this.#left = 32;
    }
    this.#left--;
    const coin = this.#coins & 1;
    this.#coins >>>= 1;
    return coin === 1;
  }
}
