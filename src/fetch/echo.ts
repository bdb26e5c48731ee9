/** Finds a credential in an answer that comes in pieces, also where it lies across two of them. */

export class EchoWatch {
  readonly #secret: Buffer | null;
  #end: Buffer = Buffer.alloc(0);

  constructor(secret: string | null) {
    this.#secret = secret === null ? null : Buffer.from(secret);
  }

  /** Whether the secret ends in this piece, the next one in order. */
  found(piece: Uint8Array): boolean {
    if (this.#secret === null) return false;
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (chunk.includes(this.#secret)) return true;
    const kept = this.#secret.length - 1;
    const seam = Buffer.concat([this.#end, chunk.subarray(0, kept)]);
    if (seam.includes(this.#secret)) return true;
    this.#end = Buffer.from((chunk.length < kept ? seam : chunk).subarray(-kept || chunk.length));
    return false;
  }
}
