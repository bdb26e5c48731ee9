/**
 * The labels of a column, numbered as they come.
 *
 * A bounded book holds at most so many. Which ones must not depend on the order they come in, so it
 * keeps those whose hashes are smallest: what is struck out can never come back.
 */
import { CODE } from '../data.ts';
import { type Label, labelName } from './label-name.ts';
import { hashOfValue } from './value-hash.ts';

export interface Recoding {
  /** In order of their text. */
  names: string[];
  /** By number in the book: the place in `names`, or CODE.hash. */
  codes: Int32Array;
  /** By number in the book, where the code is CODE.hash. */
  hashes: Float64Array;
}

export class LabelBook {
  readonly #most: number;
  readonly #codes = new Map<Label, number>();
  /** Of those struck out, by number. */
  readonly #struckOut = new Map<number, number>();
  #next = 0;
  /** Labels with this hash or a greater one are not held. */
  #bound = Number.POSITIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  /** Labels held now. */
  get size(): number {
    return this.#codes.size;
  }

  get isFull(): boolean {
    return this.#codes.size > this.#most;
  }

  labels(): IterableIterator<[Label, number]> {
    return this.#codes.entries();
  }

  /** The label's number; CODE.hash where it isn't held. */
  numberOf(label: Label): number {
    const known = this.#codes.get(label);
    if (known !== undefined) return known;
    if (this.#bound < Number.POSITIVE_INFINITY && hashOfValue(label)! >= this.#bound) {
      return CODE.hash;
    }
    if (this.#codes.size >= 2 * this.#most) this.#strikeOut();
    const number = this.#next++;
    this.#codes.set(label, number);
    return number;
  }

  /** Names in order, and the labels' places among them. */
  recoding(): Recoding {
    if (this.isFull) this.#strikeOut();
    const codes = new Int32Array(this.#next).fill(CODE.hash);
    const hashes = new Float64Array(this.#struckOut.size > 0 ? this.#next : 0);
    for (const [number, hash] of this.#struckOut) hashes[number] = hash;
    const numbers = new Map<string, number>();
    for (const [label, number] of this.#codes) numbers.set(labelName(label), number);
    const names = [...numbers.keys()].sort();
    names.forEach((name, place) => {
      codes[numbers.get(name)!] = place;
    });
    return { names, codes, hashes };
  }

  #strikeOut(): void {
    const hashes = new Map<Label, number>();
    for (const label of this.#codes.keys()) hashes.set(label, hashOfValue(label)!);
    this.#bound = Float64Array.from(hashes.values()).sort()[this.#most]!;
    for (const [label, hash] of hashes) {
      if (hash < this.#bound) continue;
      this.#struckOut.set(this.#codes.get(label)!, hash);
      this.#codes.delete(label);
    }
  }
}
