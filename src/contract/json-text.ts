/**
 * Where things stand in a JSON text. `JSON.parse` keeps values, not texts: `1.0`, 2⁶⁴ and the
 * order of keys are lost. Inputs and outputs are kept as received, so their slices are found here.
 * Works on text that `JSON.parse` has accepted, without recursion.
 */

export interface Scanned {
  start: number;
  /** Exclusive. */
  end: number;
  /** How deep it nests: 0 for what is no container. */
  depth: number;
  /** How many members its objects have in all. */
  members: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** The value that begins at or after `from`. */
export function scan(text: string, from: number): Scanned {
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

/** The members of an object: each key with where its value stands; of a key twice the last, as `JSON.parse` has it. */
export type Members = Map<string, Scanned>;

/** The members of the object that begins at or after `from`, and where it ends. */
export function membersAt(text: string, from: number): { members: Members; end: number } {
  const members: Members = new Map();
  const end = eachMember(text, from, (key, start) => {
    const value = scan(text, start);
    members.set(key, value);
    return value.end;
  });
  return { members, end };
}

/** The objects of the list under `key` in the object that `text` is; other elements have no members. One pass. */
export function objectsUnder(text: string, key: string): Members[] {
  let objects: Members[] = [];
  eachMember(text, 0, (found, start) => {
    const at = skipSpace(text, start);
    if (found !== key || text.charCodeAt(at) !== OPEN_LIST) return scan(text, at).end;
    objects = [];
    return eachElement(text, at, (element) => {
      const isObject = text.charCodeAt(element) === OPEN_OBJECT;
      const { members, end } = isObject
        ? membersAt(text, element)
        : { members: new Map(), end: scan(text, element).end };
      objects.push(members);
      return end;
    });
  });
  return objects;
}

/** Calls `visit` with each key and where its value begins; it answers where that ends. @returns the object's end */
function eachMember(
  text: string,
  from: number,
  visit: (key: string, start: number) => number,
): number {
  let at = skipSpace(text, skipSpace(text, from) + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const end = endOfString(text, at);
    const key = decodeString(text, at, end);
    at = skipSpace(text, visit(key, skipSpace(text, end) + 1));
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return at + 1;
}

/** Calls `visit` with where each element begins; it answers where that ends. @returns the list's end */
function eachElement(text: string, from: number, visit: (start: number) => number): number {
  let at = skipSpace(text, skipSpace(text, from) + 1);
  while (text.charCodeAt(at) !== CLOSE_LIST) {
    at = skipSpace(text, visit(at));
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return at + 1;
}

/** Whether a text nests deeper than `limit`, be it JSON or not: asked before `JSON.parse`, which brackets alone keep busy for seconds. */
export function nestsDeeperThan(limit: number, text: string): boolean {
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at) - 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++level > limit) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) level--;
  }
  return false;
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
    if (at < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

function decodeString(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inside;
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
