/**
 * Bodies of traces → batches, large ones in a thread of their own: parsing takes as long as storing,
 * so while one request is stored the next is parsed, and a large body keeps nobody else waiting.
 */
import { type ParsedBatch, parseBatch } from './native.ts';
import { ParseThread } from './parse-thread.ts';

/** Below this, parsing costs hardly more than the way to the thread and back. */
const INLINE_BYTES = 8 * 1024;
/** With more than this before the thread, the next is parsed here, and no more comes in meanwhile. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

export interface TraceParser {
  /**
   * @param body taken over: its buffer may be empty afterwards
   * @throws BodyError not-json, too-deep
   * @throws z.ZodError where the envelope itself is wrong
   * @throws Error where the thread ended before it answered
   */
  parse(body: Uint8Array): Promise<ParsedBatch>;
  /** Bodies that wait are answered with an error. */
  close(): Promise<void>;
}

/** The thread starts with the first body that needs it, and anew after it died. */
export function createTraceParser(): TraceParser {
  let thread: ParseThread | null = null;
  let closed = false;
  return {
    async parse(body) {
      if (body.byteLength < INLINE_BYTES || closed) return parseBatch(body);
      if (!thread || thread.ended) thread = new ParseThread();
      return thread.waitingBytes > MAX_WAITING_BYTES ? parseBatch(body) : thread.parse(body);
    },
    async close() {
      closed = true;
      await thread?.end();
    },
  };
}
