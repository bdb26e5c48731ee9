/**
 * Bodies of traces and spans → batches, all but the smallest in a thread of their own: parsing takes
 * as long as storing, so while one request is stored the next is parsed, and nobody else waits for it.
 */
import { type NativeRequest, type ParsedBatch, readBatch } from './native.ts';
import type { OtlpRequest } from './otlp/read-otlp.ts';
import { ParseThread } from './parse-thread.ts';
import { type ParsedSpans, parseSpans } from './spans/parsed-spans.ts';

/** Below this, parsing costs this thread hardly more than the way to the other and back. */
const INLINE_BYTES = 4 * 1024;

/** Bodies are taken over: their buffers may be empty afterwards. */
export interface TraceParser {
  /**
   * @throws BodyError
   * @throws z.ZodError where the envelope itself is wrong
   * @throws Error where the thread ended before it answered
   */
  native(request: NativeRequest): Promise<ParsedBatch>;
  /**
   * @throws OtlpError
   * @throws Error where the thread ended before it answered
   */
  otlp(request: OtlpRequest): Promise<ParsedSpans>;
  /** Bodies that wait are answered with an error. */
  close(): Promise<void>;
}

/** The thread starts with the first body that needs it, and anew after it died. */
export function createTraceParser(): TraceParser {
  let thread: ParseThread | null = null;
  let closed = false;
  const living = () => {
    if (!thread || thread.ended) thread = new ParseThread();
    return thread;
  };
  const isSmall = (body: Uint8Array) => body.byteLength < INLINE_BYTES;
  return {
    async native(request) {
      const inline = closed || (isSmall(request.body) && !request.gzip);
      return inline ? readBatch(request) : living().native(request);
    },
    async otlp(request) {
      const inline = closed || (isSmall(request.body) && request.contentEncoding === undefined);
      return inline ? parseSpans(request) : living().otlp(request);
    },
    async close() {
      closed = true;
      await thread?.end();
    },
  };
}
