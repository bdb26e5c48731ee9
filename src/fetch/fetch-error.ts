/** Why a fetch failed. What follows from that, only who asked can say. */
export type FetchErrorCode =
  | 'dns'
  | 'connect'
  | 'reset'
  | 'timeout'
  | 'refused-address'
  | 'redirect'
  | 'too-large'
  | 'http-status'
  | 'unauthorized'
  | 'rate-limited'
  /** Another encoding than was asked for, or not the one it claims to be. */
  | 'bad-encoding'
  /** The answer held the credential that was sent: it is dropped, because answers are kept and shown. */
  | 'echoed-credential'
  /** The file that holds a credential. */
  | 'file';

/** `message` says what happened and what to do; no credential, user or query of a URL is in it. */
export class FetchError extends Error {
  override name = 'FetchError';
  readonly code: FetchErrorCode;
  /** One clause without a full stop: '… answered with status 503'. */
  readonly happened: string;
  /** Whole sentences. */
  readonly toDo: string;
  /** Where it is a status that says what is wrong. */
  readonly status: number | null;
  /** What was answered all the same, where it could be read. */
  readonly body: Buffer | null;
  /** Seconds the other side asks to be left alone for. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: FetchErrorCode,
    { happened, toDo }: { happened: string; toDo: string },
    options: {
      cause?: unknown;
      status?: number;
      body?: Buffer | null;
      retryAfterSeconds?: number | null;
    } = {},
  ) {
    super(`${happened}. ${toDo}`, { cause: options.cause });
    this.code = code;
    this.happened = happened;
    this.toDo = toDo;
    this.status = options.status ?? null;
    this.body = options.body ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
