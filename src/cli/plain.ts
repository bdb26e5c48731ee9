/**
 * Texts from models and users, made harmless to look at: an escape sequence in a decision must not
 * move the cursor, and a bidi override must not make HOLD read as something else.
 */

// Controls, formats (bidi overrides, zero widths), lone surrogates, private use, line separators.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One line with whatever can't be seen spelled out: `\n`, `\u{1b}`. */
export function shown(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\u{${char.codePointAt(0)!.toString(16)}}`;
  });
}
