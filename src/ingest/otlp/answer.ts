/**
 * Answers of the receiver, in the encoding of their request.
 *
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/docs/specification.md#otlphttp-response
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { CONTENT_TYPE, type OtlpEncoding } from './encoding.ts';
import type { Decoded } from './intake.ts';

export interface PartialSuccess {
  rejectedSpans: number;
  /** With no span rejected, what the sender should know. */
  errorMessage: string;
}

/** google.rpc.Status. */
export interface Status {
  /** Of google.rpc.Code. */
  code: number;
  message: string;
}

export interface OtlpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

/** Null where all went in and there is nothing to say: then the answer must not have it. */
export function partialSuccessOf({
  rejected,
  notes,
}: Pick<Decoded, 'rejected' | 'notes'>): PartialSuccess | null {
  const { count, messages } = rejected;
  const unnamed = count - messages.length;
  const more = unnamed > 0 ? [`and ${unnamed} more spans were rejected`] : [];
  const errorMessage = [...messages, ...more, ...notes].join('; ');
  return errorMessage === '' ? null : { rejectedSpans: count, errorMessage };
}

/** To a request that was taken; 200 once what it brought is on disk. */
export function acceptance(partial: PartialSuccess | null, encoding: OtlpEncoding): OtlpAnswer {
  return answer(200, encodeResponse(partial, encoding), encoding);
}

/** Statuses that a sender is to try again after. */
type Retryable = 429 | 502 | 503 | 504;

/**
 * To a request of which nothing was taken.
 *
 * @param status of HTTP
 * @param retryAfterS from when on a request has a chance again, in seconds; for 429 and 503
 */
export function refusal(
  status: number,
  message: string,
  encoding: OtlpEncoding,
  retryAfterS?: number,
): OtlpAnswer {
  const body = encodeStatus({ code: grpcCodeOf(status), message }, encoding);
  const refused = answer(status, body, encoding);
  // Whole seconds; at 0 some senders try again at once.
  if (retryAfterS !== undefined && isRetryable(status)) {
    refused.headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterS)));
  }
  return refused;
}

export function isRetryable(status: number): status is Retryable {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

const GRPC_CODE: Record<number, number> = {
  // INVALID_ARGUMENT
  400: 3,
  // UNAUTHENTICATED
  401: 16,
  // PERMISSION_DENIED
  403: 7,
  // UNIMPLEMENTED: this is not served here
  404: 12,
  405: 12,
  // Not RESOURCE_EXHAUSTED, as which gRPC itself has it: OTLP may try that one again.
  413: 3,
  415: 12,
  // RESOURCE_EXHAUSTED
  429: 8,
  // INTERNAL
  500: 13,
  // UNAVAILABLE
  502: 14,
  503: 14,
  504: 14,
};
const UNKNOWN = 2;

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export function grpcCodeOf(status: number): number {
  return GRPC_CODE[status] ?? UNKNOWN;
}

/** ExportTraceServiceResponse. */
export function encodeResponse(
  partial: PartialSuccess | null,
  encoding: OtlpEncoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === 'json') {
    // As text, as ProtoJSON writes integers of 64 bits.
    const partialSuccess = partial && {
      rejectedSpans: String(partial.rejectedSpans),
      errorMessage: partial.errorMessage,
    };
    return jsonBytes(partialSuccess ? { partialSuccess } : {});
  }
  const writer = new BinaryWriter();
  if (partial) {
    writer.tag(1, WireType.LengthDelimited).fork();
    if (partial.rejectedSpans > 0) writer.tag(1, WireType.Varint).int64(partial.rejectedSpans);
    writer.tag(2, WireType.LengthDelimited).string(partial.errorMessage);
    writer.join();
  }
  return writer.finish();
}

export function encodeStatus(
  { code, message }: Status,
  encoding: OtlpEncoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === 'json') return jsonBytes({ code, message });
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(code);
  writer.tag(2, WireType.LengthDelimited).string(message);
  return writer.finish();
}

function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function answer(status: number, body: Uint8Array<ArrayBuffer>, encoding: OtlpEncoding): OtlpAnswer {
  return { status, headers: { 'content-type': CONTENT_TYPE[encoding] }, body };
}
