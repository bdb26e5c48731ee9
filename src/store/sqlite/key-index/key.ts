/** A key of 64 bits as two numbers of 32, for a number of JavaScript's holds 53 whole bits. */
export interface Key {
  readonly hi: number;
  readonly lo: number;
}

/** The first 8 bytes of a SHA-256. */
export function keyOf(hash: Uint8Array): Key {
  return { hi: numberAt(hash, 0), lo: numberAt(hash, 4) };
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}
