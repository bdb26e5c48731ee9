/**
 * JSON as received, read as far as a page shows it. Numbers stay as written, names that come twice stay
 * twice. However deep, long or broken the text is: nothing here calls itself, and reading stops where
 * the page has no more room.
 */
import { cutText } from './cut-text.ts';

export type JsonNode = JsonContainer | JsonLeaf;

export interface JsonContainer {
  kind: 'object' | 'array';
  members: JsonMember[];
  /** False: there are more members than are here. */
  isWhole: boolean;
}

/**
 * - `text`: a string
 * - `plain`: a number, true, false or null, as written
 * - `deep`: what stands deeper than is shown, the beginning of it
 */
export interface JsonLeaf {
  kind: 'text' | 'plain' | 'deep';
  /** Harmless to look at. */
  shown: string;
  isWhole: boolean;
}

export interface JsonMember {
  /** Null in an array, and at the top. */
  name: string | null;
  node: JsonNode;
}

export interface OutlineLimits {
  /** Of the page, for all of it. */
  bytes: number;
  /** Of the page, for one string. */
  textBytes: number;
  depth: number;
}

/** What the markup around one member takes, about. */
const MEMBER_BYTES = 80;
const NAME_BYTES = 200;
const PLAIN_BYTES = 200;
/** Characters that are read at most, shown or not. */
const MOST_READ = 2 * 2 ** 20;

/** @returns null where the text is no JSON as far as it was read */
export function jsonOutline(text: string, limits: OutlineLimits): JsonNode | null {
  try {
    return new Outline(text, limits).read();
  } catch (error) {
    if (error instanceof BrokenError) return null;
    throw error;
  }
}

/** Not to be seen outside. */
class BrokenError extends Error {}

class Outline {
  readonly #text: string;
  readonly #limits: OutlineLimits;
  readonly #open: JsonContainer[] = [];
  #at = 0;
  #left: number;

  constructor(text: string, limits: OutlineLimits) {
    this.#text = text;
    this.#limits = limits;
    this.#left = limits.bytes;
  }

  read(): JsonNode {
    const top = this.#value();
    for (let inner = this.#open.at(-1); inner; inner = this.#open.at(-1)) {
      if (this.#left <= 0 || this.#at > MOST_READ) {
        for (const each of this.#open) each.isWhole = false;
        break;
      }
      this.#member(inner);
    }
    return top;
  }

  /** The next member of it, or its end. */
  #member(inner: JsonContainer): void {
    const isFirst = inner.members.length === 0;
    const char = this.#peek();
    if (char === (inner.kind === 'object' ? '}' : ']')) {
      this.#at++;
      this.#open.pop();
      return;
    }
    if (!isFirst) this.#expect(',');
    this.#left -= MEMBER_BYTES;
    let name: string | null = null;
    if (inner.kind === 'object') {
      this.#peek();
      const { shown, isWhole } = this.#string(NAME_BYTES);
      name = isWhole ? shown : `${shown}…`;
      this.#expect(':');
    }
    inner.members.push({ name, node: this.#value() });
  }

  /** One that holds others is opened, and filled later. */
  #value(): JsonNode {
    const char = this.#peek();
    if (char === '"') {
      const { shown, isWhole } = this.#string(this.#limits.textBytes);
      return { kind: 'text', shown, isWhole };
    }
    if (char !== '{' && char !== '[') return this.#plain();
    if (this.#open.length >= this.#limits.depth) return this.#deep();
    this.#at++;
    const node: JsonContainer = {
      kind: char === '{' ? 'object' : 'array',
      members: [],
      isWhole: true,
    };
    this.#open.push(node);
    return node;
  }

  #plain(): JsonNode {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at]!)) this.#at++;
    if (this.#at === start) throw new BrokenError();
    return { kind: 'plain', ...this.#shown(this.#text.slice(start, this.#at), PLAIN_BYTES) };
  }

  /** Passed over, whatever is in it. */
  #deep(): JsonNode {
    const start = this.#at;
    let depth = 0;
    do {
      const char = this.#text[this.#at];
      if (char === '"') this.#at = this.#stringEnd();
      else this.#at++;
      if (char === '{' || char === '[') depth++;
      if (char === '}' || char === ']') depth--;
    } while (depth > 0 && this.#at < this.#text.length && this.#at <= MOST_READ);
    return { kind: 'deep', ...this.#shown(this.#text.slice(start, this.#at), PLAIN_BYTES) };
  }

  #string(bytes: number): { shown: string; isWhole: boolean } {
    if (this.#text[this.#at] !== '"') throw new BrokenError();
    const start = this.#at + 1;
    this.#at = this.#stringEnd();
    return this.#shown(unescaped(this.#text.slice(start, this.#at - 1), 2 * bytes), bytes);
  }

  /** Right behind the string that begins here. */
  #stringEnd(): number {
    let quote = this.#at;
    for (;;) {
      quote = this.#text.indexOf('"', quote + 1);
      if (quote < 0) throw new BrokenError();
      let slashes = 0;
      while (this.#text[quote - 1 - slashes] === '\\') slashes++;
      if (slashes % 2 === 0) return quote + 1;
    }
  }

  #shown(text: string | null, bytes: number): { shown: string; isWhole: boolean } {
    if (text === null) throw new BrokenError();
    const cut = cutText(text, Math.max(0, Math.min(bytes, this.#left)));
    this.#left -= cut.bytes;
    return cut;
  }

  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    const char = this.#text[this.#at];
    if (char === undefined) throw new BrokenError();
    return char;
  }

  #expect(char: string): void {
    if (this.#peek() !== char) throw new BrokenError();
    this.#at++;
  }
}

/** The longest escape, which may be cut in two. */
const ESCAPE = 6;

/** At least its first characters, more than are asked for where it has more. */
function unescaped(source: string, atLeast: number): string | null {
  // An escape is six times as long as its character.
  const most = ESCAPE * (atLeast + 1);
  if (source.length <= most) return parsed(source);
  for (let cut = 0; cut < 2 * ESCAPE; cut++) {
    const text = parsed(source.slice(0, most - cut));
    if (text !== null) return text;
  }
  return null;
}

function parsed(source: string): string | null {
  try {
    return JSON.parse(`"${source}"`) as string;
  } catch {
    return null;
  }
}
