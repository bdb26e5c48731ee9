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
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill() | 1; // never all zero, the one state without a way out

  const word = () => {
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const next = () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  let coins = 0;
  let left = 0;
  return {
    next,
    chance: (k, n) => word() * n < k * 4294967296,
    below: (n) => Math.floor(next() * n),
    bits: () => word() | 0,
    coin: () => {
      if (left === 0) {
        coins = word();
        left = 32;
      }
      left--;
      const coin = coins & 1;
      coins >>>= 1;
      return coin === 1;
    },
  };
}
