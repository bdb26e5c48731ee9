/** Which outcome became which: paired inputs counted by their outcome before and after. */
import { MIXED, type Outcomes } from './outcomes.ts';
import type { PairedInput } from './paired-inputs.ts';
import type { Tally } from './tally.ts';

export interface MatrixCell {
  before: string;
  after: string;
  inputs: number;
  differs: boolean;
  /** The smallest input numbers of the cell, at most 20. */
  sample: number[];
}

const SAMPLE = 20;

export class Matrix {
  readonly #outcomes: Outcomes;
  readonly #places: number;
  readonly #cells = new Map<number, MatrixCell>();

  constructor(outcomes: Outcomes) {
    this.#outcomes = outcomes;
    this.#places = outcomes.names.length + 1; // and mixed
  }

  /** Inputs come in order of their number. */
  add({ input, before, after, differs }: PairedInput): void {
    const [from, to] = [this.#placeOf(before.values), this.#placeOf(after.values)];
    const at = 2 * (from * this.#places + to) + Number(differs);
    let cell = this.#cells.get(at);
    if (!cell) {
      cell = { before: this.#name(from), after: this.#name(to), inputs: 0, differs, sample: [] };
      this.#cells.set(at, cell);
    }
    cell.inputs++;
    if (cell.sample.length < SAMPLE) cell.sample.push(input);
  }

  /** The most frequent first. */
  cells(): MatrixCell[] {
    return [...this.#cells.values()].sort(
      (a, b) =>
        b.inputs - a.inputs ||
        Number(b.differs) - Number(a.differs) ||
        compare(a.before, b.before) ||
        compare(a.after, b.after),
    );
  }

  /** Inputs by outcome before and after, where each side has one. */
  table(): number[][] {
    const size = this.#places - 1;
    const table = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (const [at, { inputs }] of this.#cells) {
      const [from, to] = [Math.floor((at >> 1) / this.#places), (at >> 1) % this.#places];
      if (from < size && to < size) table[from]![to]! += inputs;
    }
    return table;
  }

  #placeOf({ size, values }: Tally): number {
    return size > 1 ? this.#places - 1 : this.#outcomes.placeOf(values[0]!);
  }

  #name(place: number): string {
    return this.#outcomes.names[place] ?? MIXED;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
