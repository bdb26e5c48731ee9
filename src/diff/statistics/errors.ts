export type StatisticsErrorCode = 'bad-count' | 'bad-share' | 'bad-setting' | 'bad-shape';

/**
 * An argument that no data could give: a negative count, a ragged table, a level of 1.2. Data that
 * is merely thin, one-sided, empty or not finite is never an error: the result says what it allows.
 */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
  readonly code: StatisticsErrorCode;

  constructor(code: StatisticsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A whole number from 0 to 2^53 − 1; throws `bad-count`. */
export function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new StatisticsError(
      'bad-count',
      `${name} is ${value}: a count is a whole number, 0 or more.`,
    );
  }
}

/** A level, power or other number strictly between 0 and 1; throws `bad-setting`. */
export function checkLevel(name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new StatisticsError('bad-setting', `${name} is ${value}: it must lie between 0 and 1.`);
  }
}

/** A share from 0 to 1; throws `bad-share`. */
export function checkShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new StatisticsError('bad-share', `${name} is ${value}: a share lies from 0 to 1.`);
  }
}
