/**
 * Fields that nobody named, found in JSON as it comes by: every path of at most six steps at which
 * a scalar or a long list of numbers stands. The elements of a short list are fields of their own.
 *
 * How many paths are known and how many of them are followed is bounded, and which ones they are
 * depends on the values alone, never on the order in which they come: paths have a fixed order (those
 * with names that look like data last, then the shallower first, then by text), and it is always
 * the first ones that are kept. A path that falls out can't come back, and one that stays was there
 * from its first value on.
 */
import { stepText } from './field-path.ts';
import { type FieldOptions, FieldValues, isListOfNumbers } from './field-values.ts';
import type { SideNumber } from './value-types.ts';

const DEEPEST = 6;
const SHORT_LIST = 16;
/** An object with more members is a table, no record. */
const MOST_MEMBERS = 1000;
const LONGEST_NAME = 64;
const MOST_KNOWN = 1000;
const MOST_FOLLOWED = 200;
/** For the values of all followed fields together. */
const MOST_BYTES = 240e6;
/** Names that rather are data (ids, numbers, codes in capitals) than what somebody called a field. */
const ODD = /^\d|\d.*\d.*\d|(?=[a-f]*\d)[0-9a-f]{8}|^[^a-z]*$/;

interface Place {
  path: string;
  /** What it is sorted by. A place comes after the one it is in. */
  rank: string;
  depth: number;
  oddNames: number;
  parent: Place | null;
  step: string | number;
  inside: Map<string | number, Place>;
  values: FieldValues;
  /** A value that is no object or list stood here. */
  isField: boolean;
}

export interface FoundField {
  path: string;
  /** `givenUp` where it was not followed to the end. */
  values: FieldValues;
}

export class FoundFields {
  readonly #options: FieldOptions;
  readonly #without: ReadonlySet<string>;
  readonly #mostBytes: number;
  readonly #root: Place;
  /** By rank. */
  readonly #known: Place[] = [];
  readonly #fields: Place[] = [];

  /** @param without paths that are no fields here, because they are compared anyway */
  constructor(
    options: FieldOptions,
    without: ReadonlySet<string> = new Set(),
    mostBytes = MOST_BYTES,
  ) {
    this.#mostBytes = mostBytes;
    this.#options = options;
    this.#without = without;
    this.#root = {
      path: '$',
      rank: '',
      depth: 0,
      oddNames: 0,
      parent: null,
      step: '',
      inside: new Map(),
      values: new FieldValues(options),
      isField: false,
    };
  }

  /** Takes a value apart. A value that is no object or list has no fields. */
  read(side: SideNumber, row: number, value: unknown): void {
    if (typeof value === 'object' && value !== null) this.#walk(this.#root, side, row, value);
  }

  /**
   * Gives up what is more than can be followed. Rows and a field's bytes only grow, so what is
   * given up early would be given up late as well.
   * @param rows of both sides, so far
   */
  fit(rows: number): void {
    let bytes = 0; // of those given up, too: otherwise what comes behind them would depend on when
    let followed = 0;
    for (const { values } of this.#fields) {
      bytes += rows * values.bytesPerRun;
      if (++followed <= MOST_FOLLOWED && bytes <= this.#mostBytes) continue;
      values.giveUp();
    }
  }

  /** In the order of their paths' rank. */
  fields(): FoundField[] {
    return this.#fields;
  }

  #walk(place: Place, side: SideNumber, row: number, value: unknown): void {
    if (typeof value !== 'object' || value === null) this.#take(place, side, row, value);
    else if (Array.isArray(value)) this.#walkList(place, side, row, value);
    else {
      place.values.opened.add('objects', side);
      if (place.depth === DEEPEST) return;
      const names = Object.keys(value);
      if (names.length > MOST_MEMBERS) return;
      for (const name of names) {
        const next = place.inside.get(name) ?? this.#enter(place, name);
        if (next) this.#walk(next, side, row, (value as Record<string, unknown>)[name]);
      }
    }
  }

  #walkList(place: Place, side: SideNumber, row: number, list: readonly unknown[]): void {
    if (list.length > SHORT_LIST && place.depth > 0 && isListOfNumbers(list)) {
      this.#take(place, side, row, list);
      return;
    }
    place.values.opened.add('lists', side);
    if (list.length > SHORT_LIST || place.depth === DEEPEST) return;
    for (let step = 0; step < list.length; step++) {
      const next = place.inside.get(step) ?? this.#enter(place, step);
      if (next) this.#walk(next, side, row, list[step]);
    }
  }

  #take(place: Place, side: SideNumber, row: number, value: unknown): void {
    if (!place.isField) {
      place.isField = true;
      if (this.#without.has(place.path)) place.values.giveUp();
      else insert(this.#fields, place);
      for (const { values } of this.#fields.slice(MOST_FOLLOWED)) {
        values.giveUp();
      }
    }
    place.values.add(side, row, value);
  }

  /** A place not known yet; null where it is none that can be kept. */
  #enter(parent: Place, step: string | number): Place | null {
    if (typeof step === 'string' && (step.length > LONGEST_NAME || /\p{C}/u.test(step)))
      return null;
    const isOdd = typeof step === 'string' && ODD.test(step);
    const oddNames = parent.oddNames + Number(isOdd);
    const depth = parent.depth + 1;
    const path = parent.path + stepText(step);
    const rank = `${oddNames}${depth}${path}`;
    if (this.#known.length === MOST_KNOWN && rank > this.#known.at(-1)!.rank) return null;
    const values = new FieldValues(this.#options);
    const inside = new Map<string | number, Place>();
    const place = { path, rank, depth, oddNames, parent, step, inside, values, isField: false };
    parent.inside.set(step, place);
    insert(this.#known, place);
    if (this.#known.length > MOST_KNOWN) this.#forget(this.#known.pop()!);
    return place;
  }

  /** Nothing is inside it any more: what is inside ranks behind it. */
  #forget(place: Place): void {
    place.parent!.inside.delete(place.step);
    place.values.giveUp();
    const at = this.#fields.indexOf(place);
    if (at >= 0) this.#fields.splice(at, 1);
  }
}

function insert(places: Place[], place: Place): void {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (places[middle]!.rank < place.rank) from = middle + 1;
    else to = middle;
  }
  places.splice(from, 0, place);
}
