/** Secrets that webhooks are signed with: `whsec_` and the base64 of 24 to 64 random bytes (Standard Webhooks). */
import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
const NEW_BYTES = 32;

export function newSecret(): string {
  return PREFIX + randomBytes(NEW_BYTES).toString('base64');
}

/** What is wrong with a text that should be a secret, or null. The text itself isn't in the answer. */
export function secretProblem(text: string): string | null {
  const key = keyOf(text);
  if (key === null) {
    return `expected ${PREFIX} and the base64 of ${LEAST_BYTES} to ${MOST_BYTES} random bytes (A-Z a-z 0-9 + /); leave it out to have one made`;
  }
  if (key.length >= LEAST_BYTES && key.length <= MOST_BYTES) return null;
  return `holds ${key.length} bytes; expected ${LEAST_BYTES} to ${MOST_BYTES}, or leave it out to have one made`;
}

/** The one form in which a secret is kept: with its prefix and padding. @param text without a problem */
export function canonicalSecret(text: string): string {
  return PREFIX + keyOf(text)!.toString('base64');
}

/** Null where it is no base64; the prefix may be missing, and so may the padding. */
function keyOf(text: string): Buffer | null {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  const key = Buffer.from(encoded, 'base64');
  const bare = (base64: string) => base64.replace(/={0,2}$/, '');
  return bare(key.toString('base64')) === bare(encoded) ? key : null;
}
