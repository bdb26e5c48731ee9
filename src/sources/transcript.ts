/** What a source said in one reading, kept as evidence: the hash of every body, and the text while it is short. */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { type RawAnswer, SourceError, type SourceErrorCode } from './source.ts';

const MOST_KEPT = 64 * 1024;

export class Transcript {
  readonly #bodies: (Buffer | string)[] = [];

  /**
   * @param body as the source wrote it, after decompression; a string has a character a byte. Bodies are
   * added in the order they come
   */
  add(body: Buffer | string): void {
    this.#bodies.push(body);
  }

  /** Null where nothing was said. The text is the bodies one after the other, so its SHA-256 is the hash. */
  raw(): RawAnswer | null {
    if (this.#bodies.length === 0) return null;
    const bodies = this.#bodies.map((body) => {
      return typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
    });
    const whole = bodies.length === 1 ? bodies[0]! : Buffer.concat(bodies);
    // Text that had to be mended would no longer be the source's own words.
    const kept = whole.length <= MOST_KEPT && isUtf8(whole);
    const body = kept ? whole.toString('utf8') : null;
    return { sha256: hash('sha256', whole), bytes: whole.length, body };
  }

  /** A failed reading, with what the source said up to here. */
  failure(
    code: SourceErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | null } = {},
  ): SourceError {
    return new SourceError(code, message, { ...options, raw: this.raw() });
  }
}
