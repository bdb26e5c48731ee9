/**
 * Growing columns of numbers. They double; the memory they grow out of, and what is released, is
 * given back at once, so that the next column finds it: a collector would come too late.
 */
const FIRST_ROWS = 1024;

/** 32-bit integers; −1 where nothing was written. */
export class IntegerRows {
  /** One more than the value: 0 is what memory begins with, and what isn't touched isn't taken. */
  #values = new Int32Array(0);
  #end = 0;

  get(row: number): number {
    return row < this.#end ? this.#values[row]! - 1 : -1;
  }

  set(row: number, value: number): void {
    if (row >= this.#end) {
      if (row >= this.#values.length) this.#values = new Int32Array(grown(this.#values, row));
      this.#end = row + 1;
    }
    this.#values[row] = value + 1;
  }

  /** Beyond it nothing was ever written. */
  get end(): number {
    return this.#end;
  }

  release(): void {
    this.#values.buffer.transfer(0);
    this.#values = new Int32Array(0);
    this.#end = 0;
  }
}

/** Doubles; 0 where nothing was written. */
export class NumberRows {
  #values = new Float64Array(0);

  get(row: number): number {
    return row < this.#values.length ? this.#values[row]! : 0;
  }

  set(row: number, value: number): void {
    if (row >= this.#values.length) this.#values = new Float64Array(grown(this.#values, row));
    this.#values[row] = value;
  }

  release(): void {
    this.#values.buffer.transfer(0);
    this.#values = new Float64Array(0);
  }
}

function grown(values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>, row: number) {
  let rows = Math.max(FIRST_ROWS, values.length);
  while (rows <= row) rows *= 2;
  return values.buffer.transfer(rows * values.BYTES_PER_ELEMENT);
}
