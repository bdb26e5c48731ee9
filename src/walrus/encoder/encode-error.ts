/** Why some bytes have no Blob ID here. */

export type EncodeErrorCode =
  /** More bytes than the encoder takes; refused before one of them was read. */
  | 'too-large'
  /** No number of shards that the encoder takes. */
  | 'shards'
  /** The file can't be opened or read, or is none. */
  | 'unreadable'
  /** The file was written to while it waited or was read. */
  | 'changed'
  /** Encoding failed, or its thread died: out of memory, say. */
  | 'encoder'
  /** The pool was closed. */
  | 'closed';

export class EncodeError extends Error {
  override name = 'EncodeError';
  readonly code: EncodeErrorCode;

  constructor(code: EncodeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What is wrong and what to do, to be put behind whose Blob ID it is about; passes between threads. */
export interface Refusal {
  code: EncodeErrorCode;
  problem: string;
  toDo: string;
  cause?: unknown;
}

/** @param what with its verb: `model.onnx has`, `20 bytes have` */
export function refused(what: string, { code, problem, toDo, cause }: Refusal): EncodeError {
  return new EncodeError(code, `${what} no Blob ID here: ${problem}. ${toDo}.`, { cause });
}
