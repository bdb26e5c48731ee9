/** Request bodies: read once, with every limit, into text and what it parses to. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import { nestsDeeperThan } from '../contract/json-text.ts';
import { ProblemError } from './problem.ts';

const MAX_DEPTH = 200;

export interface JsonBody {
  text: string;
  value: unknown;
}

/** The JSON body, or null where there is none. @param maxBytes also after decompression */
export async function readJson(c: Context, maxBytes: number): Promise<JsonBody | null> {
  const bytes = await readBytes(c, maxBytes);
  if (bytes.length === 0) return null;
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const detail = `expected Content-Type: application/json, got ${type ? `'${type}'` : 'none'}`;
    throw new ProblemError('unsupported-media-type', detail);
  }
  const plain = await decompress(c, bytes, maxBytes);
  return parse(decodeUtf8(plain));
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

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ProblemError('not-json', 'the body is not UTF-8', { cause });
  }
}

function parse(text: string): JsonBody {
  // Before parsing: a body that is nothing but brackets takes seconds to parse, and all wait.
  if (nestsDeeperThan(MAX_DEPTH, text)) {
    throw new ProblemError('too-deep', `the body nests more than ${MAX_DEPTH} deep`);
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new ProblemError('not-json', `the body is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
