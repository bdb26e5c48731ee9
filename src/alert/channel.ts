/** Where events are told. One file a kind in channels/; see channels/index.ts for the list. */
export interface Channel {
  /**
   * Tells once; what was told before may be told again, under the same id. Who calls retries, keeps
   * the order and breaks off what takes too long.
   * @throws DeliveryError where it was not taken; the signal's own reason where the caller aborts
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

export interface Message {
  /** The event's: the same at each attempt, so that the receiver can drop repeats. */
  id: string;
  /** Of this attempt, ms since 1970, UTC. */
  sentAt: number;
  /** A CloudEvent 1.0 as structured JSON, UTF-8, under 20 kB. */
  body: Buffer;
  /** What to sign with, the newest first; none for a channel that signs nothing. */
  secrets: readonly string[];
}

/** What a failed attempt says about the next one. */
export type DeliveryErrorCode =
  /** It may work later. */
  | 'failed'
  /** It may work later, if less is sent. */
  | 'slow-down'
  /** The receiver is there no more, and says so. */
  | 'gone';

/** Why an attempt failed. `message` says what happened and what to do; no secret is in it. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  readonly code: DeliveryErrorCode;
  /** What it is filed under: an HTTP status (`http-503`), or a code of the fetcher; after a `timeout` less is sent. */
  readonly reason: string;
  /** ms the receiver asks to be left alone for; null where it doesn't. */
  readonly retryAfterMs: number | null;

  constructor(
    code: DeliveryErrorCode,
    reason: string,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
