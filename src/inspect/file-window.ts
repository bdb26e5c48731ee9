/**
 * A file of any size through one small buffer: whoever asks for bytes gets a view that holds until
 * the next question. Synchronous, for a thread of its own.
 */
import { readSync } from 'node:fs';
import { malformed } from './inspection-error.ts';

/** Most of what is read stands close together, so that one read serves thousands of questions. */
export const WINDOW_BYTES = 64 * 1024;

export class FileWindow {
  readonly size: number;
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(WINDOW_BYTES);
  /** Where in the file the window begins. */
  #start = 0;
  #loaded = Buffer.alloc(0);

  /** @param size how many bytes of the file count */
  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  /**
   * A stretch of the file that holds `least` bytes (up to WINDOW_BYTES) from `at` on, or fewer where
   * the file ends. `at` is `offset` bytes into it. The same object as long as the window stays.
   */
  around(at: number, least: number): { bytes: Buffer; offset: number } {
    const end = this.#start + this.#loaded.byteLength;
    if (at < this.#start || Math.min(at + least, this.size) > end) this.#load(at);
    return { bytes: this.#loaded, offset: at - this.#start };
  }

  /** `length` bytes (up to WINDOW_BYTES) from `at` on, or fewer where the file ends. */
  from(at: number, length: number): Buffer {
    const { bytes, offset } = this.around(at, length);
    return bytes.subarray(offset, offset + length);
  }

  /** Calls `visit` with each piece of what lies between. */
  eachPiece(from: number, to: number, visit: (piece: Buffer) => void): void {
    let at = from;
    while (at < to) {
      const piece = this.from(at, Math.min(to - at, WINDOW_BYTES));
      visit(piece);
      at += piece.byteLength;
    }
  }

  #load(at: number): void {
    const wanted = Math.max(0, Math.min(WINDOW_BYTES, this.size - at));
    let length = 0;
    while (length < wanted) {
      const read = readSync(this.#fd, this.#buffer, length, wanted - length, at + length);
      if (read === 0) throw malformed('it became shorter while it was read');
      length += read;
    }
    this.#start = at;
    this.#loaded = this.#buffer.subarray(0, length);
  }
}
