/** What can't be seen in a text, and how plain text spells it out. */

/**
 * Controls, formats (bidi overrides, zero widths), lone surrogates, private use, line separators, whatever
 * else may be drawn as nothing (fillers, joiners, selectors of variants), and the Braille pattern without
 * dots. Not the selector that makes a sign an emoji, right behind one.
 */
export const UNSEEN =
  /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]|[#*0-9](?=\ufe0f\u20e3))\ufe0f/gu;

/** One such character: `\n`, `\t`, `\u{1b}`. */
export function spelledOut(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}
