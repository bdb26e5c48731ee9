/** Sums of vectors that each get a random sign: the inner loop of the sign-flip test of label shares. */
import { headsOf, headsSteps } from './heads.ts';
import type { Random } from './random.ts';

const BLOCK = 32;

export class SignedVectors {
  readonly #df: number;
  /** Of vectors that stand alone, and of those that repeat, one after the other. */
  readonly #alone: Float64Array;
  readonly #repeated: Float64Array;
  readonly #times: Uint32Array;
  readonly #sums: Float64Array;
  /** Of one draw. */
  readonly steps: number;

  /**
   * @param differences of one length, none of them all 0
   * @param scoreOf what is summed, in place of the difference; of one length, linear
   */
  constructor(
    differences: readonly (readonly number[])[],
    scoreOf: (difference: readonly number[]) => readonly number[],
  ) {
    const alone: number[] = [];
    const repeated: number[] = [];
    const times: number[] = [];
    for (const { vector, count } of counted(differences)) {
      const score = scoreOf(vector);
      if (count === 1) for (const value of score) alone.push(value);
      else {
        times.push(count);
        for (const value of score) repeated.push(value);
      }
    }
    this.#alone = Float64Array.from(alone);
    this.#repeated = Float64Array.from(repeated);
    this.#times = Uint32Array.from(times);
    this.#df = (alone.length + repeated.length) / (differences.length - sum(times) + times.length);
    this.#sums = new Float64Array(this.#df);
    const tossed = times.reduce((all, count) => all + headsSteps(count), 0);
    this.steps = this.#alone.length + this.#repeated.length + tossed;
  }

  /** The squared length of a sum. */
  draw(random: Random): number {
    const [df, sums, alone, repeated] = [this.#df, this.#sums, this.#alone, this.#repeated];
    sums.fill(0);
    for (let at = 0, i = 0; i < this.#times.length; i++) {
      const times = this.#times[i]!;
      const more = 2 * headsOf(random, times) - times;
      for (let j = 0; j < df; j++, at++) sums[j]! += more * repeated[at]!;
    }
    for (let at = 0; at < alone.length; ) {
      const end = Math.min(alone.length, at + BLOCK * df);
      for (let bits = random.bits(); at < end; bits >>= 1) {
        const sign = (bits & 1) * 2 - 1;
        for (let j = 0; j < df; j++, at++) sums[j]! += sign * alone[at]!;
      }
    }
    let length = 0;
    for (let j = 0; j < df; j++) length += sums[j]! * sums[j]!;
    return length;
  }
}

/** Each vector or its opposite once, and how often: swapped sides and reordered inputs come to the same. */
function counted(differences: readonly (readonly number[])[]) {
  const found = new Map<string, { vector: number[]; count: number }>();
  for (const difference of differences) {
    const sign = Math.sign(difference.find((value) => value !== 0) ?? 1);
    const vector = difference.map((value) => sign * value + 0); // + 0: no −0
    const key = vector.join();
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { vector, count: 1 });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
