/** What a source said in one reading, kept as evidence: the hash of every body, and the text while it is short. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type RawAnswer, SourceError, type SourceErrorCode } from './source.ts';

const MOST_KEPT = 64 * 1024;

export class Transcript {
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #bodies = 0;
  #kept: Uint8Array[] | null = [];

  /** @param body as the source wrote it, after decompression; bodies are added in the order they come */
  add(body: Uint8Array): void {
    this.#hash.update(body);
    this.#bodies += 1;
    this.#bytes += body.length;
    if (this.#bytes > MOST_KEPT) this.#kept = null;
    this.#kept?.push(body);
  }

  /** Null where nothing was said. The text is the bodies one after the other, so its SHA-256 is the hash. */
  raw(): RawAnswer | null {
    if (this.#bodies === 0) return null;
    const text = this.#kept && Buffer.concat(this.#kept);
    return {
      sha256: this.#hash.copy().digest('hex'),
      bytes: this.#bytes,
      // Text that had to be mended would no longer be the source's own words.
      body: text && isUtf8(text) ? text.toString('utf8') : null,
    };
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
