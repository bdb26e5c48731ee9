/**
 * A stand-in Walrus aggregator: `GET /v1/blobs/{id}` over blobs held in memory, with the status
 * codes, headers and error bodies of MystenLabs/walrus (aggregator_openapi.yaml).
 */
import { Hono } from 'hono';
import type { BlobId } from '../lineage/manifest.ts';
import { isBlobId } from '../walrus/blob-id.ts';
import { blobIdOf } from '../walrus/encode.ts';
import { type Listening, listen } from './listen.ts';

export interface Aggregator extends Listening {
  /** Keeps the bytes under their real Blob ID (about a second of computing). */
  store(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<BlobId>;
  /** Keeps bytes under an ID that need not be theirs: what an aggregator says is only its word. */
  storeAs(blobId: BlobId, bytes: Uint8Array): void;
  /** As though its epochs had run out. */
  forget(blobId: BlobId): void;
}

const KNOWN_QUERY_KEYS = ['strict_consistency_check', 'skip_consistency_check'];

const STATUS = {
  400: 'INVALID_ARGUMENT',
  404: 'NOT_FOUND',
  416: 'OUT_OF_RANGE',
} as const;

export async function startAggregator(): Promise<Aggregator> {
  const blobs = new Map<BlobId, Uint8Array<ArrayBuffer>>();
  const listening = await listen(aggregatorApp(blobs));
  const storeAs = (blobId: BlobId, bytes: Uint8Array) => {
    blobs.set(blobId, new Uint8Array(bytes));
  };
  return {
    ...listening,
    storeAs,
    async store(bytes, options) {
      const blobId = await blobIdOf(bytes, options);
      storeAs(blobId, bytes);
      return blobId;
    },
    forget(blobId) {
      blobs.delete(blobId);
    },
  };
}

function aggregatorApp(blobs: ReadonlyMap<BlobId, Uint8Array<ArrayBuffer>>): Hono {
  const aggregator = new Hono();
  aggregator.get('/v1/blobs/:id', (context) => {
    const blobId = context.req.param('id');
    const foreign = Object.keys(context.req.query()).find((key) => !KNOWN_QUERY_KEYS.includes(key));
    if (foreign !== undefined) return refusal(400, 'BAD_QUERY', `unknown query key: ${foreign}`);
    if (!isBlobId(blobId)) return refusal(400, 'BAD_BLOB_ID', `not a blob ID: ${blobId}`);
    const bytes = blobs.get(blobId);
    if (!bytes) {
      return refusal(404, 'BLOB_NOT_FOUND', 'the requested blob ID does not exist on Walrus');
    }
    return blobAnswer(blobId, bytes, context.req.header('Range'));
  });
  return aggregator;
}

function blobAnswer(
  blobId: BlobId,
  bytes: Uint8Array<ArrayBuffer>,
  rangeHeader: string | undefined,
): Response {
  const headers = {
    'Content-Type': 'application/octet-stream',
    ETag: blobId, // unquoted, against RFC 9110, as the real one sends it
    'Cache-Control': 'public, max-age=86400, stale-while-revalidate=3600',
  };
  const range = rangeHeader === undefined ? null : rangeOf(rangeHeader, bytes.length);
  if (range === null) return new Response(bytes, { headers });
  if (range === 'unsatisfiable') {
    return refusal(416, 'RANGE_NOT_SATISFIABLE', `the blob has ${bytes.length} bytes`, {
      'Content-Range': `bytes */${bytes.length}`,
    });
  }
  const { first, last } = range;
  return new Response(bytes.subarray(first, last + 1), {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${first}-${last}/${bytes.length}` },
  });
}

/** RFC 9110, section 14.1: one range of bytes; a header that is not understood counts as none. */
function rangeOf(header: string, size: number) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (!match || (!match[1] && !match[2])) return null;
  const first = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const last = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return first > last ? ('unsatisfiable' as const) : { first, last };
}

function refusal(
  code: keyof typeof STATUS,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const details = [{ '@type': 'ErrorInfo', reason, domain: 'daemon.walrus.space' }];
  const error = { status: STATUS[code], code, message, details };
  return Response.json({ error }, { status: code, headers });
}
