/** What can't be seen in a text, and how plain text spells it out. */

/** Controls, formats (bidi overrides, zero widths), lone surrogates, private use, line separators. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** One such character: `\n`, `\t`, `\u{1b}`. */
export function spelledOut(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
