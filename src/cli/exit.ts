/** How a command ends: its exit code, or an error that says why there is none better than 2. */
export const EXIT = {
  fine: 0,
  /** The answer is "no" or "changed". */
  no: 1,
  error: 2,
  notEnoughData: 3,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

export type CommandErrorCode =
  | 'usage'
  | 'setting'
  | 'file'
  | 'unreachable'
  | 'foreign-answer'
  | 'refused';

/** What a person reads on stderr before exit code 2: no stack, and no secret in it. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
