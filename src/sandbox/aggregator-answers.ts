/** How a stand-in aggregator answers: each way in which real ones, and the caches before them, fail. */
import { setTimeout as wait } from 'node:timers/promises';

/** Change them at any time; the next answer follows them. */
export interface AggregatorAnswers {
  /** Answered in place of a blob, to so many requests; null: nothing wrong. */
  instead: { status: number; headers: Record<string, string>; body: string } | null;
  insteadTimes: number;
  /** The connection breaks after so many bytes of a body, in so many answers; null: it doesn't. */
  truncateAt: number | null;
  truncateTimes: number;
  /** The whole with 200, whatever range was asked for. */
  ignoreRange: boolean;
  /** A part begins so many bytes later than was asked for. */
  rangeShift: number;
  /** A part says that the whole has so many bytes; null: as many as it has. */
  rangeTotal: number | null;
  /** Most bytes of a part, however many were asked for; null: no limit. */
  rangeMost: number | null;
  /** What Content-Length says; `none`: no such header. Null: the truth. */
  statedLength: number | 'none' | null;
  /** Packs the body, asked or not. */
  gzip: boolean;
  /** Before the head, ms. */
  delayHeadMs: number;
  /** The body comes in pieces of so many bytes, one each so many ms; null: as fast as it is taken. */
  trickle: { bytes: number; everyMs: number } | null;
  /** After the blob zeros follow, without end. */
  endless: boolean;
}

export const DEFAULT_ANSWERS: AggregatorAnswers = {
  instead: null,
  insteadTimes: Number.POSITIVE_INFINITY,
  truncateAt: null,
  truncateTimes: Number.POSITIVE_INFINITY,
  ignoreRange: false,
  rangeShift: 0,
  rangeTotal: null,
  rangeMost: null,
  statedLength: null,
  gzip: false,
  delayHeadMs: 0,
  trickle: null,
  endless: false,
};

const STATUS = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  451: 'FAILED_PRECONDITION',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
} as const;

export type RefusalStatus = keyof typeof STATUS;

/** A status with an aggregator's own error body, as it can stand in `instead`. */
export function refusing(
  status: RefusalStatus,
  reason: string,
  message = 'the stand-in aggregator fails as it was told to',
  headers: Record<string, string> = {},
): NonNullable<AggregatorAnswers['instead']> {
  const details = [{ '@type': 'ErrorInfo', reason, domain: 'daemon.walrus.space' }];
  const error = { status: STATUS[status], code: status, message, details };
  const type = { 'Content-Type': 'application/json' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify({ error }) };
}

const PIECE_BYTES = 64 * 1024;
/** So that what was written is out before the connection breaks. */
const BEFORE_BREAKING_MS = 20;

/**
 * The body piece by piece, each once the one before was taken.
 * @param breakOff ends the connection
 */
export function bodyOf(
  bytes: Uint8Array<ArrayBuffer>,
  breakOff: () => void,
  { trickle, truncateAt, endless }: Pick<AggregatorAnswers, 'trickle' | 'truncateAt' | 'endless'>,
): ReadableStream<Uint8Array> {
  const end = Math.min(bytes.length, truncateAt ?? bytes.length);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (trickle) await wait(trickle.everyMs, undefined, { ref: false });
      if (at < end) {
        const piece = bytes.subarray(at, Math.min(at + (trickle?.bytes ?? PIECE_BYTES), end));
        at += piece.length;
        return controller.enqueue(piece);
      }
      if (truncateAt !== null) {
        await wait(BEFORE_BREAKING_MS, undefined, { ref: false });
        return breakOff();
      }
      if (endless) return controller.enqueue(new Uint8Array(trickle?.bytes ?? PIECE_BYTES));
      controller.close();
    },
  });
}
