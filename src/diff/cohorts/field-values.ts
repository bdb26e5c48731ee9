/**
 * The values of one field while they come, by side and row. Short texts, booleans and nulls are
 * numbers in a book of labels, numbers are kept as they are, and of everything else only a hash:
 * 4 bytes a run, 12 where it needs a number.
 */
import { CODE, type ColumnKind } from '../data.ts';
import { LabelBook } from './label-book.ts';
import type { Label } from './label-name.ts';
import { IntegerRows, NumberRows } from './rows.ts';
import { hashOfNumbers, hashOfValue } from './value-hash.ts';
import { type SideNumber, TypeCounts, type TypeName } from './value-types.ts';

/** Code units of a text that can be a label where nobody asked for labels, and where somebody did. */
export const SHORT = 64;
const LONGEST_LABEL = 200;
export const MOST_LABELS = 200_000;
/** From here on a whole number looks like an id or a time. */
const LIKE_AN_ID = 1e8;

export interface FieldOptions {
  /** The kind that was asked for. Values that don't fit it are counted and left missing. */
  asked: ColumnKind | null;
  /** Labels held where no kind was asked for. One more, and all texts are kept as hashes. */
  mostLabels: number;
  /** Of use only as labels: given up where it turns out to be anything else. */
  onlyLabels: boolean;
}

export class FieldValues {
  readonly asked: ColumnKind | null;
  readonly types = new TypeCounts();
  /** Lists and objects at the same place, whose elements are fields of their own. */
  readonly opened = new TypeCounts();
  readonly codes = [new IntegerRows(), new IntegerRows()] as const;
  readonly numbers = [new NumberRows(), new NumberRows()] as const;
  /** Runs that have a value, by side. Counted on after the values were given up. */
  readonly runs: [number, number] = [0, 0];
  /** Texts of 20 code units and more with white space, of those kept as hashes. */
  prose = 0;
  /** Numbers with a fraction, and whole ones that look like ids or times. */
  fractions = 0;
  likeIds = 0;
  /** Texts kept as hashes. */
  longTexts = 0;
  /** Of lists of numbers only; −1: of several lengths, or other lists are among them. */
  vectorLength: number | null = null;
  readonly #onlyLabels: boolean;
  readonly #mostLabels: number;
  readonly #longest: number;
  #book: LabelBook | null;
  #givenUp = false;
  #needsNumbers = false;

  constructor({ asked, mostLabels, onlyLabels }: FieldOptions) {
    this.asked = asked;
    this.#onlyLabels = onlyLabels;
    this.#mostLabels = mostLabels;
    this.#longest = asked === 'label' ? LONGEST_LABEL : SHORT;
    this.#book = new LabelBook(asked === 'label' ? MOST_LABELS : mostLabels);
  }

  /** Null once there were too many labels: then all texts are hashes. */
  get book(): LabelBook | null {
    return this.#book;
  }

  /** Its values are gone: only counts are left. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** What one run takes, in bytes. It never falls. */
  get bytesPerRun(): number {
    return this.#needsNumbers ? 12 : 4;
  }

  get totalRuns(): number {
    return this.runs[0] + this.runs[1];
  }

  /** @param value as JSON.parse gives it */
  add(side: SideNumber, row: number, value: unknown): void {
    if (typeof value === 'number') this.#addNumber(side, row, value);
    else if (typeof value === 'string') this.#addText(side, row, value);
    else if (typeof value === 'boolean' || value === null) this.#addLiteral(side, row, value);
    else if (Array.isArray(value)) this.addList(side, row, value);
    else if (this.#takes('objects', side)) this.#addHash(side, row, hashOfValue(value));
  }

  /** A value whose hash is known, as that of a whole output is. */
  addHashed(side: SideNumber, row: number, type: TypeName, hash: number): void {
    if (!this.#takes(type, side)) return;
    if (type === 'texts') this.longTexts++;
    this.#addHash(side, row, hash);
  }

  /** @param known the list's hash, where somebody has it already */
  addList(side: SideNumber, row: number, list: readonly unknown[], known?: number): void {
    const isVector = isListOfNumbers(list);
    const length = isVector ? list.length : -1;
    if (this.vectorLength === null) this.vectorLength = length;
    else if (this.vectorLength !== length) this.vectorLength = -1;
    if (!this.#takes('lists', side, isVector)) return;
    const hashed = this.#givenUp || known !== undefined;
    const hash = hashed ? (known ?? 0) : isVector ? hashOfNumbers(list) : hashOfValue(list);
    this.#addHash(side, row, hash);
  }

  /** Frees what the values took; counting goes on. */
  giveUp(): void {
    if (this.#givenUp) return;
    this.#givenUp = true;
    this.#book = null;
    for (const rows of [...this.codes, ...this.numbers]) rows.release();
  }

  #addNumber(side: SideNumber, row: number, value: number): void {
    if (!Number.isFinite(value)) {
      if (this.#takes('numbers out of range', side)) this.#addHash(side, row, hashOfValue(value));
      return;
    }
    if (!this.#takes('numbers', side)) return;
    if (!Number.isInteger(value)) this.fractions++;
    else if (Math.abs(value) >= LIKE_AN_ID) this.likeIds++;
    if (this.asked === 'label') this.#addLabel(side, row, value + 0);
    else if (this.asked === 'json') this.#addHash(side, row, hashOfValue(value));
    else this.#set(side, row, CODE.number, value + 0); // + 0: no −0
  }

  #addText(side: SideNumber, row: number, value: string): void {
    if (!this.#takes('texts', side)) return;
    if (value.length <= this.#longest && this.#book) {
      this.#addLabel(side, row, value);
      return;
    }
    this.longTexts++;
    if (isProse(value)) this.prose++;
    this.#addHash(side, row, this.#givenUp ? 0 : hashOfValue(value));
  }

  #addLiteral(side: SideNumber, row: number, value: boolean | null): void {
    if (!this.#takes(value === null ? 'nulls' : 'booleans', side)) return;
    if (this.#book) this.#addLabel(side, row, value);
    else this.#addHash(side, row, this.#givenUp ? 0 : hashOfValue(value));
  }

  #addLabel(side: SideNumber, row: number, label: Label): void {
    const number = this.#book!.numberOf(label);
    if (number === CODE.hash) this.#addHash(side, row, hashOfValue(label));
    else this.#set(side, row, number, null);
    if (this.asked === 'label' || !this.#book?.isFull) return;
    if (this.#onlyLabels) this.giveUp();
    else this.#closeBook(this.#book);
  }

  #addHash(side: SideNumber, row: number, hash: number | null): void {
    if (hash !== null) this.#set(side, row, CODE.hash, hash);
  }

  #set(side: SideNumber, row: number, code: number, number: number | null): void {
    this.runs[side]++;
    if (this.#onlyLabels && number !== null) this.giveUp();
    if (this.#givenUp) return;
    this.codes[side].set(row, code);
    if (number === null) return;
    this.#needsNumbers = true;
    this.numbers[side].set(row, number);
  }

  /** Counts the value, and says whether the kind asked for can hold it. */
  #takes(type: TypeName, side: SideNumber, isVector = false): boolean {
    this.types.add(type, side);
    if (this.asked === null || this.asked === 'json') return true;
    if (this.asked === 'vector') return isVector;
    return type === 'unread' || FITTING[this.asked].has(type);
  }

  /** Its labels become hashes. */
  #closeBook(book: LabelBook): void {
    const hashes = new Float64Array(this.#mostLabels + 1);
    const lengthy = new Uint8Array(this.#mostLabels + 1);
    for (const [label, number] of book.labels()) {
      hashes[number] = hashOfValue(label)!;
      if (typeof label === 'string') lengthy[number] = isProse(label) ? 2 : 1;
    }
    this.#book = null;
    this.#needsNumbers = true;
    for (const side of [0, 1] as const) {
      const [codes, numbers] = [this.codes[side], this.numbers[side]];
      for (let row = 0; row < codes.end; row++) {
        const code = codes.get(row);
        if (code < 0) continue;
        codes.set(row, CODE.hash);
        numbers.set(row, hashes[code]!);
        if (lengthy[code]! > 0) this.longTexts++;
        if (lengthy[code] === 2) this.prose++;
      }
    }
  }
}

const FITTING = {
  label: new Set<TypeName>(['numbers', 'numbers out of range', 'texts', 'booleans', 'nulls']),
  number: new Set<TypeName>(['numbers', 'numbers out of range']),
  text: new Set<TypeName>(['texts']),
} as const;

/** The types that a kind can hold. */
export function fits(kind: ColumnKind, type: TypeName): boolean {
  if (kind === 'json') return true;
  return kind === 'vector' ? type === 'lists' : FITTING[kind].has(type);
}

export function isProse(text: string): boolean {
  return text.length >= 20 && /\s/.test(text);
}

export function isListOfNumbers(list: readonly unknown[]): list is number[] {
  return list.length > 0 && list.every((one) => Number.isFinite(one));
}
