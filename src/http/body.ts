/** Request bodies: read once, with every limit. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import type { Admission, Place } from '../ingest/admission.ts';
import { tooLarge } from '../ingest/gunzip.ts';
import { BodyError } from '../ingest/json-body.ts';
import { RefusedBodyError } from '../ingest/refused-body.ts';
import { ArrivingBody, type Room } from './arriving-body.ts';
import { ProblemError } from './problem.ts';

/**
 * About what a request takes besides its body. One connection may send thousands without waiting for
 * an answer, which is why it counts once the body is there and the next request can come.
 */
export const REQUEST_BYTES = 4096;

/** The bytes of the JSON body, or null where there is none. @param maxBytes also after decompression */
export async function readBody(c: Context, maxBytes: number): Promise<Uint8Array | null> {
  return asProblems(async () => {
    const bytes = await readBytes(c, maxBytes, null, null);
    if (bytes.length === 0) return null;
    expectJson(c);
    return isGzip(c) ? await unpacked(bytes, maxBytes) : bytes;
  });
}

/** What `read` gives; a body that it can't read or take is a problem like any other. */
export async function asProblems<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof BodyError) {
      const code = cause.code === 'not-gzip' ? 'not-json' : cause.code;
      throw new ProblemError(code, cause.message, { cause });
    }
    if (cause instanceof RefusedBodyError) {
      const { retryAfterS } = cause;
      const headers = retryAfterS === null ? {} : { 'retry-after': String(retryAfterS) };
      throw new ProblemError(cause.code, cause.message, { cause, headers });
    }
    throw cause;
  }
}

/** @throws ProblemError unsupported-media-type */
export function expectJson(c: Context): void {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  const detail = `expected Content-Type: application/json, got ${type ? `'${type}'` : 'none'}`;
  throw new ProblemError('unsupported-media-type', detail);
}

/** Whether the body is compressed. @throws ProblemError unsupported-media-type where in another way */
export function isGzip(c: Context): boolean {
  const encoding = (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return false;
  if (encoding === 'gzip') return true;
  const detail = `Content-Encoding '${encoding}' is not read here; send gzip, or none`;
  throw new ProblemError('unsupported-media-type', detail);
}

/**
 * Reads a body as far as there is room for it; what is made of it keeps its room until that is done.
 *
 * @param maxBytes as sent
 * @throws BodyError too-large @throws RefusedBodyError @throws ProblemError bad-request where it breaks off
 */
export async function withBody<T>(
  c: Context,
  maxBytes: number,
  admission: Admission,
  use: (bytes: Uint8Array, place: Place) => Promise<T>,
): Promise<T> {
  const dropped = Promise.withResolvers<never>();
  // Nobody may be waiting for it yet, or any more.
  dropped.promise.catch(() => {});
  const place = admission.enter(announcedLength(c, maxBytes), dropped.reject);
  try {
    const bytes = await readBytes(c, maxBytes, { admission, place }, dropped.promise);
    admission.came(place, 0, REQUEST_BYTES);
    admission.whole(place);
    return await use(bytes, place);
  } finally {
    admission.leave(place);
  }
}

/** @returns null where it isn't said @throws BodyError too-large */
function announcedLength(c: Context, maxBytes: number): number | null {
  const header = c.req.header('content-length');
  if (header === undefined) return null;
  if (Number(header) > maxBytes) throw tooLarge(maxBytes);
  return Number(header);
}

async function readBytes(
  c: Context,
  maxBytes: number,
  room: Room | null,
  dropped: Promise<never> | null,
): Promise<Uint8Array> {
  const body = new ArrivingBody(announcedLength(c, maxBytes), maxBytes, room);
  // Not there where the app is asked without a server.
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
  await (incoming ? fromNode(incoming, body, dropped) : fromWeb(c.req.raw.body, body));
  return body.whole();
}

/** Straight from the connection: a stream of the web around it costs as much as parsing a small body. */
function fromNode(
  incoming: IncomingMessage,
  body: ArrivingBody,
  dropped: Promise<never> | null,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      if (error === null) return resolve();
      // What still comes is not kept; the answer is sent meanwhile.
      incoming.resume();
      reject(error);
    };
    const onData = (part: Uint8Array) => {
      try {
        body.push(part);
      } catch (error) {
        settle(error);
      }
    };
    const onEnd = () => settle(null);
    const onBroken = (cause?: unknown) => settle(brokenOff(cause));
    incoming.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
    dropped?.catch(settle);
    if (incoming.destroyed) onBroken();
  });
}

async function fromWeb(stream: ReadableStream<Uint8Array> | null, body: ArrivingBody) {
  // Not `for await`: leaving it ends the connection, and the answer would be lost with it.
  const reader = stream?.getReader();
  for (;;) {
    const part = await reader?.read().catch((cause: unknown) => Promise.reject(brokenOff(cause)));
    if (!part || part.done) return;
    body.push(part.value);
  }
}

function brokenOff(cause: unknown): ProblemError {
  return new ProblemError('bad-request', 'the body broke off before its end', { cause });
}

async function unpacked(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new ProblemError('not-json', 'the body says it is gzip, and is not', { cause });
  }
}
