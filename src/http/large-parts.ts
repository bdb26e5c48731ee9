/**
 * Memory for long parts of streams and exports that their clients have not taken yet, all together. One
 * client that reads nothing holds little; a hundred of them, with a trace of 16 MiB each, would hold
 * gigabytes. Where there is no room for another, its stream is cut, and its client asks again.
 */
const ROOM_BYTES = 64 * 1024 * 1024;
/** Shorter parts don't count. */
const SHORT_BYTES = 256 * 1024;

export class LargeParts {
  #held = 0;

  /** @returns whether there is room; one part alone always has it */
  take(bytes: number): boolean {
    if (bytes <= SHORT_BYTES) return true;
    if (this.#held > 0 && this.#held + bytes > ROOM_BYTES) return false;
    this.#held += bytes;
    return true;
  }

  /** Of what was taken. */
  give(bytes: number): void {
    if (bytes > SHORT_BYTES) this.#held -= bytes;
  }
}
