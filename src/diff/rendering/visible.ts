/**
 * Texts from models and users, made harmless to look at: an escape sequence in a label must not
 * move a cursor, and a bidi override must not make HOLD read as something else.
 */
import { textStart } from '../report/json-start.ts';

// Controls, formats (bidi overrides, zero widths), lone surrogates, private use, line separators, and
// the places that Unicode never gives to a character: XML takes none of these.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

/** One line with whatever can't be seen spelled out: `\n`, `\u{1b}`. @param most UTF-16 code units; the rest shows as `…` */
export function visible(text: string, most = Number.POSITIVE_INFINITY): string {
  const start = text.length > most ? `${textStart(text, most)}…` : text;
  return start.replace(UNPRINTABLE, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return `\\u{${char.codePointAt(0)!.toString(16)}}`;
  });
}
