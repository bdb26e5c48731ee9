/**
 * Texts from models and users, made harmless to look at: an escape sequence in a decision must not
 * move the cursor, and a bidi override must not make HOLD read as something else.
 */
import { spelledOut, UNSEEN } from '../words/unseen.ts';

/** One line with whatever can't be seen spelled out: `\n`, `\u{1b}`. */
export function shown(text: string): string {
  return text.replace(UNSEEN, spelledOut);
}
