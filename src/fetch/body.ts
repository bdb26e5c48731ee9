/** The body of an answer, as it was before compression, and never more of it than the cap. */
import { gunzipSync } from 'node:zlib';
import type { Headers } from './exchange.ts';
import { encodingFailure, tooLargeFailure } from './fetch-failure.ts';

export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * In one go: handing a small body to another thread takes longer than unpacking it, and the worst
 * that fits the cap takes some 30 ms.
 *
 * @param body as it came over the wire
 * @throws FetchError `too-large`, `bad-encoding`; what zlib throws where it is no gzip
 */
export function unpacked(shown: string, headers: Headers, body: Buffer, maxBytes: number): Buffer {
  const encoding = encodingOf(headers);
  if (encoding === null) return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw encodingFailure(shown, encoding, 'gzip');
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw tooLargeFailure(shown, maxBytes);
  }
}

/** How a body is packed, in lower case; null where it isn't. */
export function encodingOf(headers: Headers): string | null {
  const encoding = [headers['content-encoding'] ?? []].flat().join(', ').trim().toLowerCase();
  return encoding === '' || encoding === 'identity' ? null : encoding;
}
