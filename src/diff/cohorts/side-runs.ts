/** The runs of one side: of which input each is, and the order they stand in once all have come. */
import type { Runs } from '../data.ts';
import { IntegerRows, NumberRows } from './rows.ts';

export interface GroupedRuns extends Runs {
  /** By place: the row in which the run came. */
  rows: Uint32Array;
}

export class SideRuns {
  readonly #inputs = new IntegerRows();
  readonly #refs = new NumberRows();
  readonly #startedAt = new NumberRows();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The run's row. */
  add(input: number, ref: number, startedAt: number): number {
    const row = this.#count++;
    this.#inputs.set(row, input);
    this.#refs.set(row, ref);
    this.#startedAt.set(row, startedAt);
    return row;
  }

  /**
   * By input in the given order, and those of one input by (startedAt, ref). Once: it frees what it
   * was made from.
   * @param order the inputs' numbers
   */
  grouped(order: Uint32Array): GroupedRuns {
    const places = new Uint32Array(order.length);
    order.forEach((input, place) => {
      places[input] = place;
    });
    const starts = this.#starts(places);
    const rows = new Uint32Array(this.#count);
    const next = starts.slice();
    for (let row = 0; row < this.#count; row++) {
      rows[next[places[this.#inputs.get(row)]!]!++] = row;
    }
    for (let place = 0; place < order.length; place++) {
      const [from, to] = [starts[place]!, starts[place + 1]!];
      if (to - from > 1) rows.subarray(from, to).sort((a, b) => this.#compare(a, b));
    }
    const refs = byPlace(rows, this.#refs);
    const startedAt = byPlace(rows, this.#startedAt);
    this.#inputs.release();
    return { count: this.#count, starts, refs, startedAt, rows };
  }

  #compare(a: number, b: number): number {
    return this.#startedAt.get(a) - this.#startedAt.get(b) || this.#refs.get(a) - this.#refs.get(b);
  }

  #starts(places: Uint32Array): Uint32Array {
    const starts = new Uint32Array(places.length + 1);
    for (let row = 0; row < this.#count; row++) starts[places[this.#inputs.get(row)]! + 1]!++;
    for (let place = 0; place < places.length; place++) starts[place + 1]! += starts[place]!;
    return starts;
  }
}

function byPlace(rows: Uint32Array, values: NumberRows): Float64Array {
  const placed = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) placed[place] = values.get(rows[place]!);
  values.release();
  return placed;
}
