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

/** @param raw valid JSON; @param value what it parses to, where that is at hand */
export function fingerprint(raw: string, value: unknown = JSON.parse(raw)): Fingerprint {
  const canonical = isIJson(raw, value) ? canonicalForm(value) : null;
  return { hash: hash('sha256', canonical ?? raw, 'buffer'), exact: canonical === null };
}

function canonicalForm(value: unknown): string | null {
  try {
    return canonicalize(value) as string;
  } catch {
    // A lone surrogate.
    return null;
  }
}

function isIJson(raw: string, value: unknown): boolean {
  const members = membersOf(value);
  // A key that stands twice is a member more in the text than in the value.
  return members !== null && (members === 0 || members === scan(raw, 0).members);
}

/** How many members its objects have in all; null where a number is none that I-JSON knows. */
function membersOf(value: unknown): number | null {
  if (typeof value === 'number') {
    const known = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return known ? 0 : null;
  }
  if (typeof value !== 'object' || value === null) return 0;
  const isList = Array.isArray(value);
  const parts: unknown[] = isList ? value : Object.values(value);
  let members = isList ? 0 : parts.length;
  for (const part of parts) {
    const inside = membersOf(part);
    if (inside === null) return null;
    members += inside;
  }
  return members;
}
