/** 53 bits of a value's SHA-256: what stands for values too long or too many to keep. */
import { hash } from 'node:crypto';

/** Deeper values have no hash: walking them could exhaust the stack. */
const DEEPEST = 500;

/** @param digest at least 8 bytes */
export function hashOfDigest(digest: Buffer): number {
  return digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11);
}

/** Of texts by their UTF-8, of anything else by its canonical JSON, kept apart by a first NUL. Null where it is too deep. */
export function hashOfValue(value: unknown): number | null {
  if (typeof value === 'string') return hashOfText(value);
  const text = canonicalText(value, 0);
  return text === null ? null : hashOfText(`\0${text}`);
}

/** As `hashOfDigest`; a string of bytes takes half the time of a buffer. */
function hashOfText(text: string): number {
  const bytes = hash('sha256', text, 'binary');
  let high = 0;
  for (let i = 0; i < 4; i++) high = high * 256 + bytes.charCodeAt(i);
  const low =
    (bytes.charCodeAt(4) << 24) | (bytes.charCodeAt(5) << 16) | (bytes.charCodeAt(6) << 8);
  return high * 2 ** 21 + ((low | bytes.charCodeAt(7)) >>> 11);
}

export function hashOfNumbers(numbers: readonly number[]): number {
  // −0 is written 0: the two are equal.
  const bytes = Buffer.from(Float64Array.from(numbers, (one) => one + 0).buffer);
  return hashOfDigest(hash('sha256', bytes, 'buffer'));
}

/** Members in the order of their names: objects that differ in nothing else are equal. */
function canonicalText(value: unknown, depth: number): string | null {
  if (typeof value === 'number') return `${value}`; // 1e400 is Infinity, and no null
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth > DEEPEST) return null;
  const parts: string[] = [];
  const isList = Array.isArray(value);
  for (const key of isList ? value.keys() : Object.keys(value).sort()) {
    const text = canonicalText((value as Record<string | number, unknown>)[key], depth + 1);
    if (text === null) return null;
    parts.push(isList ? text : `${JSON.stringify(key)}:${text}`);
  }
  return isList ? `[${parts.join()}]` : `{${parts.join()}}`;
}
