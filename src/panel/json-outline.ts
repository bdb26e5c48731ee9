/**
 * JSON as received, read as far as a page shows it. Numbers stay as written, names that come twice stay
 * twice. However deep, long or broken the text is: nothing here calls itself, and reading stops where
 * the page has no more room, or the text has gone on for longer than any page reads.
 */
import { cutText } from './cut-text.ts';

export type JsonNode = JsonContainer | JsonLeaf;

export interface JsonContainer {
  kind: 'object' | 'array';
  members: JsonMember[];
  /** False: it was not read to its end. */
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
    if (error instanceof BrokenError || error instanceof LongError) return null;
    throw error;
  }
}

/** Neither is to be seen outside. */
class BrokenError extends Error {}
/** The text goes on behind what is read of it. */
class LongError extends Error {}

const [QUOTE, COMMA, COLON, SLASH] = ['"', ',', ':', '\\'].map(codeOf) as Four;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = ['[', ']', '{', '}'].map(codeOf) as Four;

type Four = [number, number, number, number];

class Outline {
  readonly #text: string;
  /** False: there is more of it than is read. */
  readonly #isAll: boolean;
  readonly #limits: OutlineLimits;
  readonly #open: JsonContainer[] = [];
  #at = 0;
  #left: number;

  constructor(text: string, limits: OutlineLimits) {
    this.#text = text.slice(0, MOST_READ);
    this.#isAll = text.length <= MOST_READ;
    this.#limits = limits;
    this.#left = limits.bytes;
  }

  read(): JsonNode {
    const top = this.#value();
    try {
      for (let inner = this.#open.at(-1); inner; inner = this.#open.at(-1)) {
        if (this.#left <= 0) break;
        this.#member(inner);
      }
    } catch (error) {
      if (!(error instanceof LongError)) throw error;
    }
    for (const each of this.#open) each.isWhole = false;
    return top;
  }

  /** The next member of it, or its end. */
  #member(inner: JsonContainer): void {
    const isFirst = inner.members.length === 0;
    if (this.#peek() === (inner.kind === 'object' ? CLOSE_OBJECT : CLOSE_LIST)) {
      this.#at++;
      this.#open.pop();
      return;
    }
    if (!isFirst) this.#expect(COMMA);
    this.#left -= MEMBER_BYTES;
    let name: string | null = null;
    if (inner.kind === 'object') {
      this.#peek();
      const { shown, isWhole } = this.#string(NAME_BYTES);
      name = isWhole ? shown : `${shown}…`;
      this.#expect(COLON);
    }
    inner.members.push({ name, node: this.#value() });
  }

  /** One that holds others is opened, and filled later. */
  #value(): JsonNode {
    const char = this.#peek();
    if (char === QUOTE) return { kind: 'text', ...this.#string(this.#limits.textBytes) };
    if (char !== OPEN_OBJECT && char !== OPEN_LIST) return this.#plain();
    if (this.#open.length >= this.#limits.depth) return this.#deep();
    this.#at++;
    const node: JsonContainer = {
      kind: char === OPEN_OBJECT ? 'object' : 'array',
      members: [],
      isWhole: true,
    };
    this.#open.push(node);
    return node;
  }

  #plain(): JsonNode {
    const start = this.#at;
    while (this.#at < this.#text.length && !endsPlain(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === start) throw new BrokenError();
    return { kind: 'plain', ...this.#written(start) };
  }

  /** Passed over, whatever is in it. */
  #deep(): JsonNode {
    const start = this.#at;
    let depth = 0;
    do {
      const char = this.#text.charCodeAt(this.#at);
      if (char === QUOTE) this.#at = this.#stringEnd() ?? this.#text.length;
      else this.#at++;
      if (char === OPEN_OBJECT || char === OPEN_LIST) depth++;
      if (char === CLOSE_OBJECT || char === CLOSE_LIST) depth--;
    } while (depth > 0 && this.#at < this.#text.length);
    return { kind: 'deep', ...this.#written(start) };
  }

  /** What was passed over since, as it was received. */
  #written(start: number): { shown: string; isWhole: boolean } {
    const { shown, isWhole } = this.#shown(this.#text.slice(start, this.#at), PLAIN_BYTES);
    return { shown, isWhole: isWhole && (this.#isAll || this.#at < this.#text.length) };
  }

  #string(bytes: number): { shown: string; isWhole: boolean } {
    if (this.#text.charCodeAt(this.#at) !== QUOTE) throw new BrokenError();
    const start = this.#at + 1;
    const end = this.#stringEnd();
    this.#at = end ?? this.#text.length;
    const source = this.#text.slice(start, end === null ? undefined : end - 1);
    const { shown, isWhole } = this.#shown(unescaped(source, 2 * bytes, end !== null), bytes);
    return { shown, isWhole: isWhole && end !== null };
  }

  /** Right behind the string that begins here; null: it ends behind what is read. */
  #stringEnd(): number | null {
    let quote = this.#at;
    for (;;) {
      quote = this.#text.indexOf('"', quote + 1);
      if (quote < 0) {
        if (this.#isAll) throw new BrokenError();
        return null;
      }
      let slashes = 0;
      while (this.#text.charCodeAt(quote - 1 - slashes) === SLASH) slashes++;
      if (slashes % 2 === 0) return quote + 1;
    }
  }

  #shown(text: string | null, bytes: number): { shown: string; isWhole: boolean } {
    if (text === null) throw new BrokenError();
    const { shown, isWhole, bytes: used } = cutText(text, Math.max(0, Math.min(bytes, this.#left)));
    this.#left -= used;
    return { shown, isWhole };
  }

  #peek(): number {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at < this.#text.length) return this.#text.charCodeAt(this.#at);
    throw this.#isAll ? new BrokenError() : new LongError();
  }

  #expect(char: number): void {
    if (this.#peek() !== char) throw new BrokenError();
    this.#at++;
  }
}

function codeOf(char: string): number {
  return char.charCodeAt(0);
}

/** Those of JSON. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function endsPlain(code: number): boolean {
  return isSpace(code) || code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT;
}

/** The longest escape, which may be cut in two. */
const ESCAPE = 6;

/** At least its first characters, more than are asked for where it has more. @param isEnded false: it may be cut anywhere */
function unescaped(source: string, atLeast: number, isEnded: boolean): string | null {
  // An escape is six times as long as its character.
  const most = ESCAPE * (atLeast + 1);
  if (isEnded && source.length <= most) return parsed(source);
  const end = Math.min(most, source.length);
  for (let cut = 0; cut < 2 * ESCAPE; cut++) {
    const text = parsed(source.slice(0, Math.max(0, end - cut)));
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
