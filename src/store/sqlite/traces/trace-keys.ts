/** Places of traces in a list: newest first, and of those that begin at once the one with the last id. */
import type { TraceKey } from '../../store.ts';

export interface Key extends TraceKey {
  seq: number;
}

/** Those that begin in [from, to). */
export interface Range {
  from: number;
  to: number;
}

export const ALL_TIME: Range = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** The newest so far, and how old another one may be to be among them. */
export class Newest {
  keys: readonly Key[] = [];
  from = ALL_TIME.from;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** As many as are wanted were found: what is older than all of them doesn't count any more. */
  get isFull(): boolean {
    return this.keys.length === this.#limit;
  }

  /** @param found newest first; some may be there already */
  addNew(found: readonly Key[]): void {
    const known = new Set(this.keys.map(({ seq }) => seq));
    this.add(found.filter(({ seq }) => !known.has(seq)));
  }

  /** @param found newest first, and none that is there already */
  add(found: readonly Key[]): void {
    if (found.length === 0) return;
    this.keys = merged(this.keys, found, this.#limit);
    if (this.isFull) this.from = this.keys.at(-1)!.startedAt;
  }
}

function merged(some: readonly Key[], others: readonly Key[], limit: number): readonly Key[] {
  const keys: Key[] = [];
  let [i, j] = [0, 0];
  while (keys.length < limit) {
    const [one, other] = [some[i], others[j]];
    if (one && (!other || newestFirst(one, other) <= 0)) {
      keys.push(one);
      i++;
    } else if (other) {
      keys.push(other);
      j++;
    } else break;
  }
  return keys;
}

function newestFirst(a: Key, b: Key): number {
  return b.startedAt - a.startedAt || byCodePoints(b.id, a.id);
}

/** As SQLite orders texts: by UTF-8, which differs from UTF-16 past U+FFFF. */
function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

/** Halves of a pair stand for what is past U+FFFF, so they come after all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
