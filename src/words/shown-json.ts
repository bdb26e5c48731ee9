/** JSON with whatever can't be seen in it escaped: it looks like what it is, and reads back as the same. */

// Controls below U+0020 are escaped in any JSON.
const UNSEEN = /[\u007f-\u009f]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** @param json valid: such characters stand in strings only */
export function shownJson(json: string): string {
  return json.replace(UNSEEN, (char) =>
    Array.from({ length: char.length }, (_, i) => escaped(char.charCodeAt(i))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
