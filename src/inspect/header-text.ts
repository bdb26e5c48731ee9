/**
 * JSON of a known form, read straight through. A header of a few megabytes can be made to take
 * seconds and a gigabyte in `JSON.parse`, which also takes a key twice and rounds large integers;
 * here each value is of the one kind that is expected, so nothing nests and nothing piles up.
 */
import { malformed, tooMuch } from './inspection-error.ts';

const MOST_DIGITS = 20; // of an unsigned 64-bit integer

export class HeaderText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Calls `visit` with each key, once; it reads the value. @param what names the object in messages */
  eachMember(what: string, visit: (key: string) => void): void {
    const seen = new Set<string>();
    this.#take('{', what);
    if (this.#tryTake('}')) return;
    do {
      const key = this.string(`a key of ${what}`);
      if (seen.has(key)) throw malformed(`${what} has one key twice`);
      seen.add(key);
      this.#take(':', what);
      visit(key);
    } while (this.#tryTake(','));
    this.#take('}', what);
  }

  /** Of non-negative integers below 2⁶⁴. */
  integers(what: string, most: number): bigint[] {
    const found: bigint[] = [];
    this.#take('[', what);
    if (this.#tryTake(']')) return found;
    do {
      if (found.length === most) throw tooMuch(`${what} has more than ${most} numbers`);
      found.push(this.#integer(what));
    } while (this.#tryTake(','));
    this.#take(']', what);
    return found;
  }

  /** @param longest in characters, as they are written */
  string(what: string, longest = Number.POSITIVE_INFINITY): string {
    this.#skipSpace();
    const start = this.#at;
    this.#take('"', what);
    this.#at = this.#endOfString();
    if (this.#at - start > longest) throw tooMuch(`${what} is ${this.#at - start} characters long`);
    const written = this.#text.slice(start, this.#at);
    let text: string;
    try {
      text = JSON.parse(written) as string;
    } catch (cause) {
      throw malformed(`${what} is no JSON string`, cause);
    }
    if (!text.isWellFormed()) throw malformed(`${what} holds half a character`);
    return text;
  }

  /** `null`, where that stands next. */
  tryNull(): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith('null', this.#at)) return false;
    this.#at += 4;
    return true;
  }

  /** Nothing but space may follow. */
  end(what: string): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw malformed(`something follows ${what}`);
  }

  #integer(what: string): bigint {
    this.#skipSpace();
    const start = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    const digits = this.#text.slice(start, Math.min(this.#at, start + MOST_DIGITS + 1));
    if (digits.length === 0) throw malformed(`${what} holds something else than whole numbers`);
    if (digits.length > 1 && digits.startsWith('0')) {
      throw malformed(`${what} holds a number that begins with 0`);
    }
    const value = digits.length > MOST_DIGITS ? 2n ** 64n : BigInt(digits);
    if (value >= 2n ** 64n) throw malformed(`${what} holds a number past 64 bits`);
    return value;
  }

  #endOfString(): number {
    for (let at = this.#at; ; at++) {
      at = this.#text.indexOf('"', at);
      if (at < 0) throw malformed('a string has no end');
      let slashes = 0;
      while (this.#text[at - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) return at + 1;
    }
  }

  #take(char: string, what: string): void {
    if (!this.#tryTake(char)) throw malformed(`${what}: '${char}' is missing`);
  }

  #tryTake(char: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
