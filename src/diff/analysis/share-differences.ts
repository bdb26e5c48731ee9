/** How much the share of each outcome changed in each input, and what of that the tests need. */
import type { DifferenceSums } from '../statistics/share-difference.ts';
import { clusterSizes, type Frame } from './frame.ts';
import { Counts, Floats } from './growing.ts';
import type { Tally } from './tally.ts';

/** Differences are kept by input and outcome, where they aren't 0. Inputs come one after the other. */
export class ShareDifferences {
  /** Which outcomes any run had. */
  readonly occurs: Uint8Array;
  readonly #inputs = new Counts();
  readonly #places = new Counts();
  readonly #values = new Floats();
  readonly #scratch: Float64Array;
  readonly #touched: number[] = [];

  constructor(places: number) {
    this.occurs = new Uint8Array(places);
    this.#scratch = new Float64Array(places);
  }

  #count(place: number, weight: number): void {
    this.occurs[place] = 1;
    if (!this.#touched.includes(place)) this.#touched.push(place);
    this.#scratch[place]! += weight;
  }

  add(input: number, before: Tally, after: Tally, placeOf: (value: number) => number): void {
    // Whole numbers until the end, so that equal shares differ by 0 and not by rounding.
    for (let i = 0; i < after.size; i++)
      this.#count(placeOf(after.values[i]!), after.counts[i]! * before.total);
    for (let i = 0; i < before.size; i++)
      this.#count(placeOf(before.values[i]!), -before.counts[i]! * after.total);
    this.#close(input, before.total * after.total);
  }

  /** The same of counts by place, for outcomes that aren't the values themselves. */
  addCounts(input: number, before: readonly number[], after: readonly number[]): void {
    const sum = (counts: readonly number[]) => counts.reduce((all, n) => all + n, 0);
    const [runsBefore, runsAfter] = [sum(before), sum(after)];
    for (const [place, n] of after.entries()) if (n > 0) this.#count(place, n * runsBefore);
    for (const [place, n] of before.entries()) if (n > 0) this.#count(place, -n * runsAfter);
    this.#close(input, runsBefore * runsAfter);
  }

  #close(input: number, pairs: number): void {
    for (const place of this.#touched) {
      const value = this.#scratch[place]! / pairs;
      this.#scratch[place] = 0;
      if (value === 0) continue;
      this.#inputs.push(input);
      this.#places.push(place);
      this.#values.push(value);
    }
    this.#touched.length = 0;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  /** @param compared the inputs that were added, those without a difference too */
  summed(frame: Frame, compared: Uint32Array): ShareSums {
    const sizes = clusterSizes(frame, compared);
    const owners = frame.clusters
      ? this.#inputs.view().map((input) => frame.clusters![input]!)
      : this.#inputs.view();
    const order = frame.clusters ? grouped(owners, frame.clusterCount) : null;
    return new ShareSums(compared.length, this.occurs, {
      owners,
      places: this.#places.view(),
      values: this.#values.view(),
      order,
      sizes,
    });
  }
}

interface Entries {
  owners: Uint32Array;
  places: Uint32Array;
  values: Float64Array;
  /** In which entries of one owner stand together; null: as they are. */
  order: Uint32Array | null;
  sizes: Uint32Array | null;
}

/** Sums over inputs, and over groups: clusters, or the inputs themselves where each stands alone. */
export class ShareSums {
  /** Inputs. */
  readonly n: number;
  /** By place: whether any run had the outcome. */
  readonly occurs: Uint8Array;
  readonly #entries: Entries;
  readonly sums: Float64Array;
  /** Σ over groups of the products of their differences in two outcomes. */
  readonly products: number[][];
  /** Groups in which a share differs. */
  groups = 0;
  readonly #squares: Float64Array;
  readonly #weighted: Float64Array;
  readonly #clusters: { count: number; sizes: number } | null;

  constructor(n: number, occurs: Uint8Array, entries: Entries) {
    this.n = n;
    this.occurs = occurs;
    this.#entries = entries;
    const places = occurs.length;
    this.sums = new Float64Array(places);
    this.#squares = new Float64Array(places);
    this.#weighted = new Float64Array(places);
    this.products = Array.from({ length: places }, () => new Array<number>(places).fill(0));
    const { sizes } = entries;
    this.#clusters = sizes && {
      count: sizes.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0),
      sizes: sizes.reduce((sum, size) => sum + size * size, 0),
    };
    for (let i = 0; i < entries.values.length; i++) {
      const place = entries.places[i]!;
      this.sums[place]! += entries.values[i]!;
      this.#squares[place]! += entries.values[i]! ** 2;
    }
    this.eachGroup((owner, group, touched) => {
      this.groups++;
      for (const i of touched) {
        if (sizes) this.#weighted[i]! += sizes[owner]! * group[i]!;
        for (const j of touched) this.products[i]![j]! += group[i]! * group[j]!;
      }
    });
  }

  /** The groups in which a share differs, each with its differences by place, and the places of those. */
  eachGroup(visit: (owner: number, group: Float64Array, touched: readonly number[]) => void): void {
    const { owners, places, values, order } = this.#entries;
    const group = new Float64Array(this.sums.length);
    const touched: number[] = [];
    for (let k = 0; k < values.length; ) {
      const owner = owners[order ? order[k]! : k]!;
      for (; k < values.length; k++) {
        const i = order ? order[k]! : k;
        if (owners[i] !== owner) break;
        const place = places[i]!;
        if (!touched.includes(place)) touched.push(place);
        group[place]! += values[i]!;
      }
      if (touched.some((place) => group[place] !== 0)) visit(owner, group, touched);
      for (const place of touched) group[place] = 0;
      touched.length = 0;
    }
  }

  /** What an interval of one outcome's mean difference needs. */
  of(place: number): DifferenceSums {
    const clusters = this.#clusters && {
      ...this.#clusters,
      squares: this.products[place]![place]!,
      weighted: this.#weighted[place]!,
    };
    return {
      n: this.n,
      sum: this.sums[place]!,
      squares: this.#squares[place]!,
      clusters: clusters ?? undefined,
    };
  }

  /** Each group's difference in one outcome. */
  differencesOf(place: number): Float64Array {
    const found = new Floats();
    this.eachGroup((_, group) => found.push(group[place]!));
    return found.view();
  }

  /** Each group's differences in all outcomes. */
  vectors(): number[][] {
    const found: number[][] = [];
    this.eachGroup((_, group) => found.push(Array.from(group)));
    return found;
  }
}

/** The places of the entries, those of one owner together and in order (counting sort). */
function grouped(owners: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (const owner of owners) starts[owner + 1]!++;
  for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
  const order = new Uint32Array(owners.length);
  for (let i = 0; i < owners.length; i++) order[starts[owners[i]!]!++] = i;
  return order;
}
