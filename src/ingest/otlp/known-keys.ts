/**
 * The keys of a request's attributes, each made once: every span has the same twenty, and making
 * the text of one and finding it among V8's names takes longer than all else that is done with it.
 */

/** A power of two. Keys that share a place put each other out. */
const PLACES = 512;
/** Longer ones are rarely the same twice. */
const MAX_BYTES = 64;

export class KnownKeys {
  readonly #keys = new Array<string>(PLACES).fill('');

  /** The key in `bytes` from `start` to `end`, made by `make` where it isn't known. */
  at(bytes: Uint8Array, start: number, end: number, make: () => string): string {
    if (end - start > MAX_BYTES) return make();
    let hash = 0;
    let bits = 0;
    for (let at = start; at < end; at++) {
      hash = (hash * 31 + bytes[at]!) | 0;
      bits |= bytes[at]!;
    }
    // Only ASCII has a character a byte, and the same ones.
    if (bits > 0x7f) return make();
    const place = hash & (PLACES - 1);
    const known = this.#keys[place]!;
    if (isSame(known, bytes, start, end)) return known;
    const key = named(make());
    this.#keys[place] = key;
    return key;
  }
}

/** The same text as V8 keeps it for names of properties, which is what makes it quick to use as one. */
function named(text: string): string {
  return Object.keys({ [text]: 0 })[0]!;
}

function isSame(key: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
