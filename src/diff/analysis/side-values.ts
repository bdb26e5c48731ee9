/** How an input's runs of one side become values that can be compared, by the column's kind. */
import { CODE, type ColumnKind, type Values } from '../data.ts';
import { Tally } from './tally.ts';

/**
 * A run's value as one number, equal where the values are equal. Of numbers this is for what is none:
 * labels, `missing`, `error` and hashes, which lie below all others.
 */
export function keyOf({ codes, numbers }: Values, run: number): number {
  const code = codes[run]!;
  return code >= CODE.error ? code : HASHES - (numbers?.[run] ?? 0);
}

const HASHES = -5;

/** Whether it is a value at all, neither missing nor an error in its place. */
export function isValue(key: number): boolean {
  return key >= 0 || key <= HASHES;
}

/** One input's runs of one side. Errors without a value are no runs of it, but of labels outcomes. */
export class SideValues {
  /** What is compared: numbers of a number column, keys of others. */
  readonly values = new Tally();
  /** Keys of what a number column has beside numbers. */
  readonly rest = new Tally();
  errors = 0;

  read(side: Values, from: number, to: number, kind: ColumnKind): void {
    const { values, rest } = this;
    values.clear();
    rest.clear();
    this.errors = 0;
    for (let run = from; run < to; run++) {
      const code = side.codes[run]!;
      if (code === CODE.error && kind !== 'label') this.errors++;
      else if (kind !== 'number') values.add(keyOf(side, run));
      else if (code === CODE.number) values.add(side.numbers![run]!);
      else rest.add(keyOf(side, run));
    }
    values.settle();
    if (rest.total > 0) rest.settle();
  }

  /** Runs with an outcome. */
  get total(): number {
    return this.values.total + this.rest.total;
  }

  /** Whether any run has a value. */
  hasValue(kind: ColumnKind): boolean {
    const { values, rest } = this;
    if (kind === 'number' && values.size > 0) return true;
    const keys = kind === 'number' ? rest : values;
    return keys.size > 0 && (isValue(keys.values[0]!) || isValue(keys.values[keys.size - 1]!));
  }

  /** Whether every run has the value that the kind asks for. */
  isFull(kind: ColumnKind): boolean {
    if (this.rest.total > 0 || this.errors > 0) return false;
    if (kind === 'number') return this.values.total > 0;
    const { values, size } = this.values;
    for (let i = 0; i < size; i++) if (!isValue(values[i]!)) return false;
    return size > 0;
  }

  /** Whether its runs disagree. */
  get mixed(): boolean {
    return this.values.size + this.rest.size > 1;
  }
}
