/** What a store refuses, and why. */
export type StoreErrorCode =
  | 'unknown-label'
  | 'unknown-channel'
  | 'unknown-delivery'
  | 'not-push'
  | 'source-changed'
  | 'before-newest'
  | 'overlap'
  | 'bad-times'
  | 'full'
  | 'in-use'
  | 'newer-database'
  | 'bad-cursor';

/** `message` says what happened, what follows from it and what to do. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The request field it is about, where there is one. */
  readonly path: string | null;

  constructor(
    code: StoreErrorCode,
    message: string,
    options: { cause?: unknown; path?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.path = options.path ?? null;
  }
}
