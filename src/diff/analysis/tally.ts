/**
 * The values of one input's runs on one side: the distinct ones in order, and how often each came.
 * One tally is filled for input after input, so that a million inputs make no garbage.
 */
export class Tally {
  values = new Float64Array(4);
  counts = new Float64Array(4);
  /** Distinct values, once settled. */
  size = 0;
  /** Runs. */
  total = 0;

  clear(): void {
    this.size = 0;
    this.total = 0;
  }

  add(value: number): void {
    if (this.total === this.values.length) {
      const more = new Float64Array(2 * this.total);
      more.set(this.values);
      this.values = more;
      this.counts = new Float64Array(2 * this.total);
    }
    this.values[this.total++] = value;
  }

  /** To be called once all are added: puts them in order and equal ones together. */
  settle(): void {
    this.size = this.total;
    this.counts[0] = 1;
    if (this.total < 2) return;
    this.values.subarray(0, this.total).sort();
    this.counts.fill(1, 0, this.total);
    this.merge();
  }

  /** Puts neighbours together that are equal. */
  merge(): void {
    const { values, counts } = this;
    let last = 0;
    for (let i = 1; i < this.size; i++) {
      if (values[i] === values[last]) counts[last]! += counts[i]!;
      else {
        last++;
        values[last] = values[i]!;
        counts[last] = counts[i]!;
      }
    }
    if (this.size > 0) this.size = last + 1;
  }
}

/** Whether the same values came, however often. */
export function sameValues(a: Tally, b: Tally): boolean {
  if (a.size !== b.size) return false;
  for (let i = 0; i < a.size; i++) if (a.values[i] !== b.values[i]) return false;
  return true;
}

/** Whether the same values came in the same proportions. */
export function sameShares(a: Tally, b: Tally): boolean {
  if (!sameValues(a, b)) return false;
  for (let i = 0; i < a.size; i++)
    if (a.counts[i]! * b.total !== b.counts[i]! * a.total) return false;
  return true;
}
