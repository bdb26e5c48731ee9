/** A text from outside on one line, cut to the bytes of the page that it may take: spelled out, one character takes many. */
import { cutText } from './cut-text.ts';
import { visible } from './visible.ts';

/** @param bytes about; the letters of English take one each */
export function fitted(text: string, bytes: number): string {
  const { shown, isWhole } = cutText(text, bytes);
  const line = visible(shown);
  return isWhole ? line : `${line}…`;
}
