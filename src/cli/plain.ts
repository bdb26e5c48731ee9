/**
 * Texts from models and users, made harmless to look at: an escape sequence in a decision must not
 * move the cursor, and a bidi override must not make HOLD read as something else.
 */

// Controls, formats (bidi overrides, zero widths), lone surrogates, private use, line separators.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_IN_JSON = /[\u007f-\u009f]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One line with whatever can't be seen spelled out: `\n`, `\u{1b}`. */
export function shown(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\u{${char.codePointAt(0)!.toString(16)}}`;
  });
}

/** The same JSON with whatever can't be seen escaped; in valid JSON, such characters stand in strings only. */
export function shownJson(json: string): string {
  return json.replace(UNPRINTABLE_IN_JSON, (char) =>
    Array.from({ length: char.length }, (_, i) => escaped(char.charCodeAt(i))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
