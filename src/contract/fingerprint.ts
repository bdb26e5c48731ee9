/**
 * When are two JSON values the same? By the SHA-256 of their RFC 8785 form. What lies outside
 * I-JSON (RFC 7493: integers past 2⁵³, lone surrogates, numbers past a double, a key twice) has no
 * such form that tells it from its neighbours: that is compared by its raw text, and marked.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { scan } from './json-text.ts';

export interface Fingerprint {
  /** SHA-256, 32 bytes. */
  hash: Buffer;
  /** True: of the raw text. */
  exact: boolean;
}

/** @param raw valid JSON; @param value what it parses to; @param members how many its text has, where that was counted */
export function fingerprint(
  raw: string,
  value: unknown = JSON.parse(raw),
  members = scan(raw, 0).members,
): Fingerprint {
  const canonical = canonicalForm(value, members);
  return { hash: sha256(canonical ?? raw), exact: canonical === null };
}

/** Of a value that never was a text; `text` is what `JSON.stringify` makes of it. */
export function valueFingerprint(text: string, value: unknown): Fingerprint {
  const found = look(value);
  if (!found) return { hash: sha256(text), exact: true };
  return { hash: sha256(found.sorted ? text : (canonicalize(value) as string)), exact: false };
}

/** By way of a string: a buffer of its own for 32 bytes costs as much as their hash, one of the pool little. */
function sha256(text: string): Buffer {
  return Buffer.from(hash('sha256', text, 'binary'), 'binary');
}

/** @returns null where there is none */
function canonicalForm(value: unknown, members: number): string | null {
  const found = look(value);
  // A key that stands twice is a member more in the text than in the value.
  if (!found || found.members !== members) return null;
  // In this order JSON.stringify writes what RFC 8785 asks for: the standard is made from it.
  return found.sorted ? JSON.stringify(value) : (canonicalize(value) as string);
}

interface Look {
  /** How many members its objects have in all. */
  members: number;
  /** True where the keys of each are in order already. */
  sorted: boolean;
}

/** Null where a number or a string is none that I-JSON knows. */
function look(value: unknown, found: Look = { members: 0, sorted: true }): Look | null {
  if (typeof value === 'string') return value.isWellFormed() ? found : null;
  if (typeof value === 'number') {
    const known = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return known ? found : null;
  }
  if (typeof value !== 'object' || value === null) return found;
  if (Array.isArray(value)) return value.every((part) => look(part, found)) ? found : null;
  const object = value as Record<string, unknown>;
  let previous = '';
  for (const key of Object.keys(object)) {
    found.members++;
    if (key < previous) found.sorted = false;
    previous = key;
    if (!key.isWellFormed() || !look(object[key], found)) return null;
  }
  return found;
}
