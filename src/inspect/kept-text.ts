/** Metadata of any length, kept short. */
import { createHash } from 'node:crypto';

/** In UTF-16 units. */
const LONGEST = 1000;
/** Of UTF-8: enough to make the start of a text that is too long. */
export const START_BYTES = 4 * LONGEST;

/**
 * The text itself, or the start of a longer one with its length and SHA-256. Whatever is cut comes
 * out longer than anything that isn't, so two texts come out equal only where they are equal.
 */
export function keptText(text: string): string {
  if (text.length <= LONGEST) return text;
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  return cutText(text, Buffer.byteLength(text), sha256);
}

/**
 * The same of a text that isn't in memory as a whole.
 * @param start of its text, from its first START_BYTES bytes
 * @param bytes how long it is in all
 */
export function cutText(start: string, bytes: number, sha256: string): string {
  return `${start.slice(0, LONGEST).toWellFormed()}… (${bytes} bytes, SHA-256 ${sha256})`;
}
