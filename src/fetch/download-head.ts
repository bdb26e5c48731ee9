/** What the head of a download says of the bytes that follow it. */
import { type ContentRange, contentRange } from './content-range.ts';
import type { Headers } from './exchange.ts';
import { retryAfter } from './fetch-failure.ts';

export interface DownloadHead {
  status: number;
  /** Bytes of this answer's body; null where it isn't said. */
  contentLength: number | null;
  /** Null where there is none, or one that can't be. */
  range: ContentRange | null;
  /** The other side's words, unquoted or not. */
  etag: string | null;
  /** Seconds the other side asks to be left alone for; null where it doesn't. */
  retryAfterSeconds: number | null;
  /** Whether the answer says where it ends. Where it doesn't, its end looks like its breaking off. */
  saysItsEnd: boolean;
}

/** @param bearer the credential that was sent: no text that holds it is told */
export function downloadHead(
  status: number,
  headers: Headers,
  { bearer, now }: { bearer: string | null; now: () => number },
): DownloadHead {
  const { etag, 'content-length': length } = headers;
  const contentLength = typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : null;
  const tells = typeof etag === 'string' && !(bearer !== null && etag.includes(bearer));
  return {
    status,
    contentLength,
    range: contentRange(headers['content-range']),
    etag: tells ? etag : null,
    retryAfterSeconds: retryAfter(headers['retry-after'], now()),
    saysItsEnd: contentLength !== null || headers['transfer-encoding'] !== undefined,
  };
}
