/** A body's bytes → its text and what that parses to, refused where it is no JSON that can be kept. */
import { nestsDeeperThan } from '../contract/json-text.ts';

const MAX_DEPTH = 200;

export type BodyErrorCode =
  | 'not-json'
  | 'too-deep'
  /** Said to be gzip, and is not, or breaks off. */
  | 'not-gzip'
  /** Before decompression or after it. */
  | 'too-large';

/** The body can't be read. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly code: BodyErrorCode;

  constructor(code: BodyErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export interface JsonBody {
  text: string;
  value: unknown;
}

/** @throws BodyError */
export function parseJsonBody(bytes: Uint8Array): JsonBody {
  const text = decodeUtf8(bytes);
  // Before parsing: a body that is nothing but brackets takes seconds to parse, and all wait.
  if (nestsDeeperThan(MAX_DEPTH, text)) {
    throw new BodyError('too-deep', `the body nests more than ${MAX_DEPTH} deep`);
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new BodyError('not-json', `the body is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BodyError('not-json', 'the body is not UTF-8', { cause });
  }
}
