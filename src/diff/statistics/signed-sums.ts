/** Sums of numbers that each get a random sign: the inner loop of sign-flip tests. */
import { headsOf, headsSteps } from './heads.ts';
import type { Random } from './random.ts';

/** From so many equal numbers up, their signs are counted instead of added one by one. */
const COUNTED_FROM = 16;
const BLOCK = 32;
const QUAD = 4;
const CHOICES = 2 ** QUAD;

export class SignedSums {
  /** Of numbers that repeat: each once, and how often. */
  readonly #repeated: Float64Array;
  readonly #times: Uint32Array;
  /** All others. */
  readonly #single: Float64Array;
  /** Of those, four at a time, the sums under each choice of four signs. Not before they are needed. */
  #quads: Float64Array | null = null;
  /** Of one draw. */
  readonly steps: number;

  /** @param sizes sorted: the draws depend on them alone, not on the order in which they came */
  constructor(sizes: Float64Array) {
    const repeated: number[] = [];
    const times: number[] = [];
    const single = new Float64Array(BLOCK * Math.ceil(sizes.length / BLOCK)); // the rest adds 0
    let singles = 0;
    for (let from = 0, to = 0; from < sizes.length; from = to) {
      while (to < sizes.length && sizes[to] === sizes[from]) to++;
      if (to - from >= COUNTED_FROM) {
        repeated.push(sizes[from]!);
        times.push(to - from);
      } else for (let i = from; i < to; i++) single[singles++] = sizes[i]!;
    }
    this.#repeated = Float64Array.from(repeated);
    this.#times = Uint32Array.from(times);
    this.#single = single.subarray(0, BLOCK * Math.ceil(singles / BLOCK));
    const counted = times.reduce((sum, count) => sum + headsSteps(count) + 1, 0);
    this.steps = this.#single.length / QUAD + counted;
  }

  draw(random: Random): number {
    const [repeated, times] = [this.#repeated, this.#times];
    this.#quads ??= quadsOf(this.#single);
    const quads = this.#quads;
    let sum = 0;
    for (let i = 0; i < repeated.length; i++)
      sum += repeated[i]! * (2 * headsOf(random, times[i]!) - times[i]!);
    for (let at = 0; at < quads.length; ) {
      const bits = random.bits();
      for (let shift = 0; shift < BLOCK; shift += QUAD, at += CHOICES)
        sum += quads[at + ((bits >>> shift) & (CHOICES - 1))]!;
    }
    return sum;
  }
}

function quadsOf(sizes: Float64Array): Float64Array {
  const quads = new Float64Array((sizes.length / QUAD) * CHOICES);
  for (let i = 0; i < quads.length; i++) {
    const at = (i >> QUAD) * QUAD;
    for (let k = 0; k < QUAD; k++) quads[i]! += ((i >> k) & 1 ? 1 : -1) * sizes[at + k]!;
  }
  return quads;
}
