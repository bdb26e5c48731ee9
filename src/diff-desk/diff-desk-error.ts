export type DiffDeskErrorCode =
  /** As many diffs wait as may. */
  | 'diff-busy'
  /** It took longer than a diff may. */
  | 'diff-too-slow'
  /** It has more traces, or needed more memory, than a diff may have. */
  | 'diff-too-large'
  /** It or its thread failed as nobody foresaw: see `cause`. */
  | 'diff-failed'
  /** The desk is closed, for the service stops. */
  | 'stopping';

/** Why there is no report. */
export class DiffDeskError extends Error {
  override name = 'DiffDeskError';
  readonly code: DiffDeskErrorCode;

  constructor(code: DiffDeskErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
