/** The distinct values among one input's runs. There is nearly always one, so a set is made for the second only. */
export class Distinct {
  #first: string | null = null;
  #others: Set<string> | null = null;

  add(value: string): void {
    if (this.#first === null) this.#first = value;
    if (value === this.#first) return;
    this.#others ??= new Set();
    this.#others.add(value);
  }

  has(value: string): boolean {
    return value === this.#first || this.#others?.has(value) === true;
  }

  get size(): number {
    return (this.#first === null ? 0 : 1) + (this.#others?.size ?? 0);
  }

  /** The value, where there is exactly one. */
  get only(): string | null {
    return this.#others === null ? this.#first : null;
  }

  *[Symbol.iterator](): Generator<string> {
    if (this.#first !== null) yield this.#first;
    if (this.#others) yield* this.#others;
  }
}

/** How the values of two sides meet. Two empty sides are the same. */
export function overlap(a: Distinct, b: Distinct): 'same' | 'partly' | 'none' {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared++;
  if (shared === a.size && shared === b.size) return 'same';
  return shared === 0 ? 'none' : 'partly';
}
