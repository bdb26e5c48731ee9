/** The text form of a Blob ID. 32 bytes have one canonical spelling; two spellings would be two artifacts. */
import type { BlobId } from '../lineage/manifest.ts';

/** 43 base64url characters hold 258 bits: the last one carries 4 bits and two zeros. */
export const BLOB_ID_PATTERN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export function isBlobId(text: string): boolean {
  return BLOB_ID_PATTERN.test(text);
}

/**
 * The canonical form of what was probably meant, or null where nothing can be read from it.
 * Reads padding, the standard base64 alphabet, a last character with stray bits, white space
 * around it, and the decimal u256 (little-endian) that explorers show.
 */
export function canonicalBlobId(text: string): BlobId | null {
  const trimmed = text.trim();
  if (/^\d{44,78}$/.test(trimmed)) return fromU256(BigInt(trimmed));
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  return Buffer.from(trimmed, 'base64').toString('base64url');
}

function fromU256(value: bigint): BlobId | null {
  if (value >= 1n << 256n) return null;
  const bigEndian = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
  return bigEndian.reverse().toString('base64url');
}

/** What is wrong with a text that should be a Blob ID; names the canonical form where there is one. */
export function blobIdProblem(text: string): string | null {
  if (isBlobId(text)) return null;
  const canonical = canonicalBlobId(text);
  if (canonical) return `not in canonical form; the canonical form is ${canonical}`;
  return 'not a Walrus Blob ID: expected 43 characters of base64url (A-Z a-z 0-9 - _), no padding';
}
