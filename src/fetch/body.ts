/** The body of an answer, as it was before compression, and never more of it than the cap. */
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';

export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A body that can't be taken; the fetcher says so in words. */
export class BodyProblem extends Error {
  override name = 'BodyProblem';
  readonly code: 'too-large' | 'foreign-encoding';

  constructor(code: 'too-large' | 'foreign-encoding', message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws BodyProblem, or what the stream throws */
export async function readBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  maxBytes: number,
): Promise<Buffer> {
  const encoding = `${headers['content-encoding'] ?? 'identity'}`.trim().toLowerCase();
  const gzip = encoding === 'gzip' || encoding === 'x-gzip';
  const problem =
    !gzip && encoding !== 'identity' && encoding !== ''
      ? new BodyProblem('foreign-encoding', `came as ${JSON.stringify(encoding.slice(0, 40))}`)
      : Number(headers['content-length']) > maxBytes
        ? tooLarge(maxBytes)
        : null;
  if (problem) {
    body.on('error', () => {}).destroy();
    throw problem;
  }
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of capped(source, maxBytes)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  if (!gzip) return pipeline(body, collect);
  // Capped on both sides: a little that unpacks to much, and much that unpacks to little.
  const incoming = (source: AsyncIterable<Uint8Array>) => capped(source, maxBytes);
  return pipeline(body, incoming, createGunzip(), collect);
}

async function* capped(source: AsyncIterable<Uint8Array>, maxBytes: number) {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): BodyProblem {
  return new BodyProblem('too-large', `is longer than ${maxBytes} bytes`);
}
