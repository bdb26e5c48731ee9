/**
 * Texts from models and users, made harmless to look at: an escape sequence in a label must not
 * move a cursor, and a bidi override must not make HOLD read as something else.
 */
import { spelledOut, UNSEEN } from '../../words/unseen.ts';
import { textStart } from '../report/json-start.ts';

// Also the places that Unicode never gives to a character: XML takes none of these.
const UNPRINTABLE = new RegExp(`${UNSEEN.source}|\\p{Noncharacter_Code_Point}`, 'gu');

/** One line with whatever can't be seen spelled out: `\n`, `\u{1b}`. @param most UTF-16 code units; the rest shows as `…` */
export function visible(text: string, most = Number.POSITIVE_INFINITY): string {
  const start = text.length > most ? `${textStart(text, most)}…` : text;
  return start.replace(UNPRINTABLE, spelledOut);
}
