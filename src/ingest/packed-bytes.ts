/** Many byte strings as one buffer, which moves between threads as a whole. */

export interface PackedBytes {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of each, in order; -1 where there is none. */
  lengths: Int32Array<ArrayBuffer>;
}

/** @param parts copied */
export function packBytes(parts: readonly (Uint8Array | null)[]): PackedBytes {
  const lengths = Int32Array.from(parts, (part) => (part === null ? -1 : part.length));
  const total = lengths.reduce((sum, length) => sum + Math.max(length, 0), 0);
  const bytes = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (const part of parts) {
    if (part === null) continue;
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, lengths };
}

/** Takes them out again, one after the other, as views. */
export class BytesUnpacker {
  readonly #bytes: Buffer;
  readonly #lengths: Int32Array;
  #next = 0;
  #at = 0;

  constructor({ bytes, lengths }: PackedBytes) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#lengths = lengths;
  }

  next(): Buffer | null {
    const length = this.#lengths[this.#next++]!;
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }
}
