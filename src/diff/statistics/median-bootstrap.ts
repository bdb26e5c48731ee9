/** Medians of bootstrap samples. */
import { middleOfDraws } from './order-draw.ts';
import { seededRandom } from './random.ts';

/**
 * Medians of samples of as many inputs, drawn through the places of their middle ones: a few steps a
 * sample, whatever n is. Each comes with its mirror image, so that mirrored numbers give mirrored medians.
 * @param sorted 2 or more @returns sorted; as many as wanted, and one more where that is odd
 */
export function bootstrapMedians(sorted: Float64Array, wanted: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const medians = new Float64Array(2 * Math.ceil(wanted / 2));
  const last = sorted.length - 1;
  for (let r = 0; r < medians.length; r += 2) {
    const [low, high] = middleOfDraws(random, sorted.length);
    medians[r] = between(sorted[low]!, sorted[high]!);
    medians[r + 1] = between(sorted[last - high]!, sorted[last - low]!);
  }
  return medians.sort();
}

/** Numbers in order, and the cluster of each: those of a cluster are drawn together. */
export class ClusteredMedians {
  readonly #sorted: Float64Array;
  readonly #owners: Uint32Array;
  /** By cluster: its numbers, and those of them that stand before the window. */
  readonly #sizes: Uint32Array;
  readonly #before: Uint32Array;
  /** The places where nearly all medians fall: only these are looked through. */
  readonly #from: number;
  readonly #to: number;
  /** Of one draw. */
  readonly steps: number;

  /** @param reach how far, in places, medians stray from the middle: nearly always less */
  constructor(sorted: Float64Array, owners: Uint32Array, clusters: number, reach: number) {
    const middle = sorted.length / 2;
    this.#sorted = sorted;
    this.#owners = owners;
    this.#from = Math.max(0, Math.floor(middle - reach));
    this.#to = Math.min(sorted.length, Math.ceil(middle + reach));
    this.#sizes = new Uint32Array(clusters);
    this.#before = new Uint32Array(clusters);
    for (const [place, owner] of owners.entries()) {
      this.#sizes[owner]!++;
      if (place < this.#from) this.#before[owner]!++;
    }
    this.steps = 2 * clusters + this.#to - this.#from;
  }

  /** @returns sorted */
  draw(B: number, seed: number): Float64Array {
    const random = seededRandom(seed);
    const clusters = this.#sizes.length;
    const times = new Uint32Array(clusters);
    const medians = new Float64Array(B);
    for (let r = 0; r < B; r++) {
      times.fill(0);
      let [total, before] = [0, 0];
      for (let i = 0; i < clusters; i++) {
        const cluster = random.index(clusters);
        times[cluster]!++;
        total += this.#sizes[cluster]!;
        before += this.#before[cluster]!;
      }
      medians[r] =
        this.#medianIn(times, total, this.#from, this.#to, before) ??
        this.#medianIn(times, total, 0, this.#sorted.length, 0)!;
    }
    return medians.sort();
  }

  /** Each number counts as often as its cluster was drawn. Null where the middle is not in these places. */
  #medianIn(
    times: Uint32Array,
    total: number,
    from: number,
    to: number,
    before: number,
  ): number | null {
    const [low, high] = [(total + 1) >> 1, (total >> 1) + 1]; // the ranks of the middle ones
    if (before >= low) return null;
    let seen = before;
    let lower = 0;
    for (let i = from; i < to; i++) {
      const passed = seen;
      seen += times[this.#owners[i]!]!;
      if (passed < low && seen >= low) lower = this.#sorted[i]!;
      if (seen >= high) return between(lower, this.#sorted[i]!);
    }
    return null;
  }
}

/** Halves first: the sum may be too large. */
function between(low: number, high: number): number {
  return low === high ? low : low / 2 + high / 2;
}
