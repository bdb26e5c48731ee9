/**
 * A stand-in Walrus aggregator: `GET /v1/blobs/{id}` over blobs held in memory, with the status
 * codes, headers and error bodies of MystenLabs/walrus (aggregator_openapi.yaml).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { BlobId } from '../lineage/manifest.ts';
import { isBlobId } from '../walrus/blob-id.ts';
import { blobIdOf } from '../walrus/encoder/encode.ts';
import {
  type AggregatorAnswers,
  bodyOf,
  DEFAULT_ANSWERS,
  type RefusalStatus,
  refusing,
} from './aggregator-answers.ts';
import { type Listening, listen } from './listen.ts';

export interface Aggregator extends Listening {
  /** How all blobs are answered for. */
  answers: AggregatorAnswers;
  /** What is answered otherwise for one blob; null: nothing. Counts down what has `…Times` on its own. */
  answerFor(blobId: BlobId, answers: Partial<AggregatorAnswers> | null): void;
  /** Who asked for what, in that order. */
  requests: { blobId: string; range: string | null }[];
  /** Keeps the bytes under their real Blob ID (about a second of computing for 1000 shards). */
  store(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<BlobId>;
  /** Keeps bytes under an ID that need not be theirs: what an aggregator says is only its word. */
  storeAs(blobId: BlobId, bytes: Uint8Array): void;
  /** As though its epochs had run out. */
  forget(blobId: BlobId): void;
}

const KNOWN_QUERY_KEYS = ['strict_consistency_check', 'skip_consistency_check'];

type Bytes = Uint8Array<ArrayBuffer>;
type AnswersNow = AggregatorAnswers & { breakOff: () => void };

/** @param options.nShards of the network that `store` computes IDs for; 1000 by default */
export async function startAggregator(options: { nShards?: number } = {}): Promise<Aggregator> {
  const blobs = new Map<BlobId, Bytes>();
  const answers = { ...DEFAULT_ANSWERS };
  const special = new Map<BlobId, Partial<AggregatorAnswers>>();
  const requests: Aggregator['requests'] = [];
  const app = new Hono();
  app.get('/v1/blobs/:id', (context) => {
    const [blobId, range] = [context.req.param('id'), context.req.header('Range') ?? null];
    requests.push({ blobId, range });
    const own = special.get(blobId) ?? {};
    const foreign = Object.keys(context.req.query()).find((key) => !KNOWN_QUERY_KEYS.includes(key));
    if (foreign !== undefined) return refusal(400, 'BAD_QUERY', `unknown query key: ${foreign}`);
    if (!isBlobId(blobId)) return refusal(400, 'BAD_BLOB_ID', `not a blob ID: ${blobId}`);
    return answerOf(blobId, blobs, range, {
      ...{ ...answers, ...own },
      instead: takeOne([own, answers], 'instead', 'insteadTimes'),
      truncateAt: takeOne([own, answers], 'truncateAt', 'truncateTimes'),
      breakOff: () => void (context.env as HttpBindings).outgoing.destroy(),
    });
  });
  const listening = await listen(app);
  const storeAs = (blobId: BlobId, bytes: Uint8Array) => {
    blobs.set(blobId, new Uint8Array(bytes));
  };
  return {
    ...listening,
    answers,
    requests,
    storeAs,
    answerFor(blobId, own) {
      if (own) special.set(blobId, { ...own });
      else special.delete(blobId);
    },
    async store(bytes, { signal } = {}) {
      const { nShards } = options;
      const given = {
        ...(nShards === undefined ? {} : { nShards }),
        ...(signal ? { signal } : {}),
      };
      const blobId = await blobIdOf(bytes, given);
      storeAs(blobId, bytes);
      return blobId;
    },
    forget(blobId) {
      blobs.delete(blobId);
    },
  };
}

/** What goes wrong this time, by the first that says so; counted down there. */
function takeOne<
  What extends 'instead' | 'truncateAt',
  Times extends 'insteadTimes' | 'truncateTimes',
>(
  [own, all]: [Partial<AggregatorAnswers>, AggregatorAnswers],
  what: What,
  times: Times,
): AggregatorAnswers[What] {
  const told = own[what] === undefined ? all : own;
  const left = told[times] ?? Number.POSITIVE_INFINITY;
  if ((told[what] ?? null) === null || left <= 0) return DEFAULT_ANSWERS[what];
  told[times] = (left - 1) as AggregatorAnswers[Times];
  return told[what] as AggregatorAnswers[What];
}

async function answerOf(
  blobId: BlobId,
  blobs: ReadonlyMap<BlobId, Bytes>,
  range: string | null,
  answers: AnswersNow,
): Promise<Response> {
  if (answers.delayHeadMs > 0) await wait(answers.delayHeadMs, undefined, { ref: false });
  const { instead } = answers;
  if (instead) return new Response(instead.body, instead);
  const bytes = blobs.get(blobId);
  if (!bytes) {
    return refusal(404, 'BLOB_NOT_FOUND', 'the requested blob ID does not exist on Walrus');
  }
  return blobAnswer(blobId, bytes, answers.ignoreRange ? null : range, answers);
}

function blobAnswer(
  blobId: BlobId,
  bytes: Bytes,
  rangeHeader: string | null,
  answers: AnswersNow,
): Response {
  const headers = {
    'Content-Type': 'application/octet-stream',
    ETag: blobId, // unquoted, against RFC 9110, as the real one sends it
    'Cache-Control': 'public, max-age=86400, stale-while-revalidate=3600',
  };
  const range = rangeHeader === null ? null : rangeOf(rangeHeader, bytes.length);
  if (range === null) return streamed(200, bytes, headers, answers);
  if (range === 'unsatisfiable') {
    return refusal(416, 'RANGE_NOT_SATISFIABLE', `the blob has ${bytes.length} bytes`, {
      'Content-Range': `bytes */${bytes.length}`,
    });
  }
  const { rangeShift, rangeTotal, rangeMost } = answers;
  const first = range.first + rangeShift;
  const last = Math.min(range.last, first + (rangeMost ?? bytes.length) - 1);
  const part = { 'Content-Range': `bytes ${first}-${last}/${rangeTotal ?? bytes.length}` };
  return streamed(206, bytes.subarray(first, last + 1), { ...headers, ...part }, answers);
}

function streamed(
  status: number,
  bytes: Bytes,
  headers: Record<string, string>,
  answers: AnswersNow,
): Response {
  const sent = answers.gzip ? new Uint8Array(gzipSync(bytes)) : bytes;
  const { statedLength, endless } = answers;
  const length = statedLength ?? (endless ? 'none' : sent.length);
  return new Response(bodyOf(sent, answers.breakOff, answers), {
    status,
    headers: {
      ...headers,
      ...(answers.gzip ? { 'Content-Encoding': 'gzip' } : {}),
      ...(length === 'none'
        ? { 'Transfer-Encoding': 'chunked' }
        : { 'Content-Length': `${length}` }),
    },
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
  status: RefusalStatus,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const { body, headers: all } = refusing(status, reason, message, headers);
  return new Response(body, { status, headers: all });
}
