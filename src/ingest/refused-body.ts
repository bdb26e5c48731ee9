/** Why a body was not taken, or not to its end, though nothing is wrong with what it says. */

export type RefusedBodyCode =
  /** There is no room for it now. */
  | 'overloaded'
  /** It came too slowly, or no more came. */
  | 'stalled';

export class RefusedBodyError extends Error {
  override name = 'RefusedBodyError';
  readonly code: RefusedBodyCode;
  /** In how many seconds there may be room; null where coming again is not a matter of time. */
  readonly retryAfterS: number | null;

  constructor(code: RefusedBodyCode, message: string, retryAfterS: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}
