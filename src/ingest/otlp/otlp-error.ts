/** Why a whole request is refused. What is wrong with one span only rejects that span. */

export type OtlpErrorCode =
  /** No protobuf: a length that lies, a number without an end. */
  | 'not-protobuf'
  | 'not-json'
  /** JSON, but no ExportTraceServiceRequest. */
  | 'bad-shape'
  | 'too-deep'
  /** Said to be gzip, and is not, or breaks off. */
  | 'not-gzip'
  /** Too many bytes, before or after decompression. */
  | 'too-large'
  /** Too many spans, events and values for one request. */
  | 'too-many'
  | 'unsupported-media-type'
  | 'unsupported-encoding';

export class OtlpError extends Error {
  override name = 'OtlpError';
  readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const HTTP_STATUS = {
  'not-protobuf': 400,
  'not-json': 400,
  'bad-shape': 400,
  'too-deep': 400,
  'not-gzip': 400,
  'too-large': 413,
  'too-many': 413,
  'unsupported-media-type': 415,
  'unsupported-encoding': 415,
} as const satisfies Record<OtlpErrorCode, number>;

/** None of them is retryable: the same bytes would be refused again. */
export function httpStatusOf(code: OtlpErrorCode): 400 | 413 | 415 {
  return HTTP_STATUS[code];
}
