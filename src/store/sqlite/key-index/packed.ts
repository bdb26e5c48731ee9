/**
 * Sorted entries as bytes: 8 of the key and 6 of the ref, highest first. Fences are keys alone.
 * Under one key the entry added last comes first.
 */
import type { Key } from './key.ts';

export const KEY_BYTES = 8;
export const ENTRY_BYTES = KEY_BYTES + 6;
/** A row of `key_pages` with so many of them fills one page of SQLite's, and never two. */
export const PAGE_ENTRIES = 288;
export const PAGE_BYTES = PAGE_ENTRIES * ENTRY_BYTES;
/** Refs are below it. */
export const REFS = 2 ** 48;

const HALF = 2 ** 32;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function putEntry(view: DataView, at: number, hi: number, lo: number, ref: number): void {
  view.setUint32(at, hi);
  view.setUint32(at + 4, lo);
  // Both are cut to their bits, as `%` and `Math.floor` would, in a third of the time.
  view.setUint16(at + 8, ref / HALF);
  view.setUint32(at + 10, ref);
}

export function refAt(view: DataView, at: number): number {
  return view.getUint16(at + 8) * HALF + view.getUint32(at + 10);
}

export function isKeyAt(view: DataView, at: number, { hi, lo }: Key): boolean {
  return view.getUint32(at) === hi && view.getUint32(at + 4) === lo;
}

/** The number of the first of sorted records, `stride` bytes each, whose key is not below this one. */
export function firstNotBelow(view: DataView, stride: number, { hi, lo }: Key): number {
  let from = 0;
  let to = view.byteLength / stride;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = middle * stride;
    const its = view.getUint32(at);
    if (its < hi || (its === hi && view.getUint32(at + 4) < lo)) from = middle + 1;
    else to = middle;
  }
  return from;
}
