/**
 * Where things stand in a JSON text. `JSON.parse` keeps values, not texts: `1.0`, 2⁶⁴ and the
 * order of keys are lost. Inputs and outputs are kept as received, so their slices are found here.
 * Works on text that `JSON.parse` has accepted, without recursion.
 */

export interface Extent {
  start: number;
  /** Exclusive. */
  end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** The value that begins at or after `from`: where it ends, how deep it nests, how many members its objects have. */
export function scan(text: string, from: number): Extent & { depth: number; members: number } {
  const start = skipSpace(text, from);
  let at = start;
  let [level, depth, members] = [0, 0, 0];
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth = Math.max(depth, ++level);
      at++;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      level--;
      at++;
    } else if (code === COLON) {
      members++;
      at++;
    } else if (code === COMMA || isSpace(code)) at++;
    else at = endOfWord(text, at);
    if (level === 0) return { start, end: at, depth, members };
  }
}

/** The members of the object that begins at `from`: each key with the extent of its value; of a key twice the last, as `JSON.parse` has it. */
export function membersAt(text: string, from: number): Map<string, Extent> {
  const members = new Map<string, Extent>();
  let at = skipSpace(text, skipSpace(text, from) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const end = endOfString(text, at);
    const key = JSON.parse(text.slice(at, end)) as string;
    const value = scan(text, skipSpace(text, end) + 1);
    members.set(key, value);
    at = skipSpace(text, value.end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return members;
}

/** The elements of the list that begins at `from`. */
export function elementsAt(text: string, from: number): Extent[] {
  const elements: Extent[] = [];
  let at = skipSpace(text, skipSpace(text, from) + 1);
  while (text.charCodeAt(at) !== CLOSE_LIST) {
    const element = scan(text, at);
    elements.push(element);
    at = skipSpace(text, element.end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return elements;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function endOfString(text: string, open: number): number {
  let at = open;
  for (;;) {
    at = text.indexOf('"', at + 1);
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

/** A number, or true, false, null. */
function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT || isSpace(code)) break;
    at++;
  }
  return at;
}
