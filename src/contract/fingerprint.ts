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
  const canonical = canonicalForm(raw, value, members);
  return { hash: hash('sha256', canonical ?? raw, 'buffer'), exact: canonical === null };
}

function canonicalForm(raw: string, value: unknown, members: number): string | null {
  const found = look(value);
  // A key that stands twice is a member more in the text than in the value.
  if (!found || found.members !== members) return null;
  const mayHoldSurrogates = raw.includes('\\u');
  // In this order JSON.stringify writes what RFC 8785 asks for: the standard is made from it.
  if (found.sorted && !mayHoldSurrogates) return JSON.stringify(value);
  try {
    return canonicalize(value) as string;
  } catch {
    // A lone surrogate.
    return null;
  }
}

interface Look {
  /** How many members its objects have in all. */
  members: number;
  /** True where the keys of each are in order already. */
  sorted: boolean;
}

/** Null where a number is none that I-JSON knows. */
function look(value: unknown, found: Look = { members: 0, sorted: true }): Look | null {
  if (typeof value === 'number') {
    const known = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return known ? found : null;
  }
  if (typeof value !== 'object' || value === null) return found;
  if (Array.isArray(value)) return value.every((part) => look(part, found)) ? found : null;
  let previous = '';
  for (const [key, part] of Object.entries(value)) {
    found.members++;
    if (key < previous) found.sorted = false;
    previous = key;
    if (!look(part, found)) return null;
  }
  return found;
}
