/** JSON inside a string attribute: most SDKs can't send structured attributes, and send their text. */
import { nestsDeeperThan, scan } from '../../contract/json-text.ts';
import { type Json, MAX_DEPTH } from './json.ts';

export interface Embedded {
  value: Json;
  /** False where the value says less than its text: a number past a double or 2⁵³, a key twice. */
  faithful: boolean;
}

/** Shorter ones are parsed in no time even where they are nothing but brackets. */
const LONG_TEXT = 16_384;

/** @returns null where the text is no JSON that can be taken in */
export function embeddedJson(text: string): Embedded | null {
  if (text.length > LONG_TEXT && nestsDeeperThan(MAX_DEPTH, text)) return null;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const { depth, members } = scan(text, 0);
  if (depth > MAX_DEPTH) return null;
  return { value, faithful: membersOf(value) === members };
}

/** An object or a list; a number or a word on its own is taken for the text that it is. */
export function embeddedContainer(text: string): Embedded | null {
  if (!/^\s*[[{]/.test(text)) return null;
  return embeddedJson(text);
}

/** How many members its objects have in all; null where a number is not what was written. */
function membersOf(value: Json): number | null {
  if (typeof value === 'number') {
    const known = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return known ? 0 : null;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let members = 0;
    for (const part of value) {
      const inside = membersOf(part);
      if (inside === null) return null;
      members += inside;
    }
    return members;
  }
  let members = 0;
  // What `JSON.parse` makes inherits nothing that is enumerable.
  for (const key in value) {
    const inside = membersOf(value[key]!);
    if (inside === null) return null;
    members += 1 + inside;
  }
  return members;
}
