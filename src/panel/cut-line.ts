/** A text from outside on one line, and no longer than there is room for. */
import { visible } from './visible.ts';

/** @param most in UTF-16 units, before what can't be seen is spelled out */
export function cutLine(text: string, most = 160): string {
  return text.length <= most ? visible(text) : `${visible(text.slice(0, most).toWellFormed())}…`;
}
