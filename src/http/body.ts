/** Request bodies: read once, with every limit. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import { BodyError } from '../ingest/json-body.ts';
import { ProblemError } from './problem.ts';

/** The bytes of the JSON body, or null where there is none. @param maxBytes also after decompression */
export async function readBody(c: Context, maxBytes: number): Promise<Uint8Array | null> {
  const bytes = await readBytes(c, maxBytes);
  if (bytes.length === 0) return null;
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const detail = `expected Content-Type: application/json, got ${type ? `'${type}'` : 'none'}`;
    throw new ProblemError('unsupported-media-type', detail);
  }
  return decompress(c, bytes, maxBytes);
}

/** What `parse` gives; a body that it can't read is a problem like any other. */
export async function parsed<T>(parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new ProblemError(cause.code, cause.message, { cause });
  }
}

async function readBytes(c: Context, maxBytes: number): Promise<Uint8Array> {
  const length = c.req.header('content-length');
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge(maxBytes);
  try {
    if (length !== undefined) return new Uint8Array(await c.req.arrayBuffer());
    return await readCapped(c.req.raw.body, maxBytes);
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError('bad-request', 'the body broke off before its end', { cause });
  }
}

async function readCapped(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  // Not `for await`: leaving it ends the connection, and the 413 would be lost with it.
  const reader = body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return Buffer.concat(parts);
    total += part.value.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    parts.push(part.value);
  }
}

async function decompress(c: Context, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const encoding = (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return bytes;
  if (encoding !== 'gzip') {
    const detail = `Content-Encoding '${encoding}' is not read here; send gzip, or none`;
    throw new ProblemError('unsupported-media-type', detail);
  }
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new ProblemError('not-json', 'the body says it is gzip, and is not', { cause });
  }
}

function tooLarge(maxBytes: number): ProblemError {
  const detail = `a body may have ${maxBytes} bytes, also after decompression; send it in parts`;
  return new ProblemError('too-large', detail);
}
