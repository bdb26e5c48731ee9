/** What went wrong in the client. It is told to `onError` and stands in tags; it is never thrown at the application. */

export type ClientErrorCode =
  | 'bad-options'
  | 'bad-request'
  | 'unknown-label'
  | 'too-many-labels'
  | 'refused'
  | 'redirected'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'foreign-answer'
  | 'hostile-span'
  | 'no-room'
  | 'no-ending'
  | 'closed'
  | 'internal';

export class ClientError extends Error {
  override name = 'ClientError';
  readonly code: ClientErrorCode;
  /** ms the service asked to be left alone; 0 where it asked for nothing. */
  readonly retryAfterMs: number;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** Whatever was thrown, as one of ours. */
export function asClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const message =
    'the client broke unforeseen; tags say what was known before, and it is tried again';
  return new ClientError('internal', message, { cause: error });
}
