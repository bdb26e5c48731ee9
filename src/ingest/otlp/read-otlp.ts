/** All that is done to a request's body, in one go and without waiting: made to run in a thread. */
import { gunzipped, tooLarge } from '../gunzip.ts';
import { BodyError } from '../json-body.ts';
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodingOf, isGzip } from './encoding.ts';
import type { Decoded } from './intake.ts';
import { OtlpError } from './otlp-error.ts';

export interface OtlpRequest {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** As sent. */
  body: Uint8Array;
  /** Before decompression and after it. */
  maxBytes: number;
}

/** @throws OtlpError */
export function readOtlp(request: OtlpRequest): Decoded {
  const encoding = encodingOf(request.contentType);
  const bytes = unpacked(request);
  return encoding === 'protobuf' ? decodeProtobuf(bytes) : decodeJson(bytes);
}

function unpacked({ contentEncoding, body, maxBytes }: OtlpRequest): Uint8Array {
  const compressed = isGzip(contentEncoding);
  try {
    if (body.length > maxBytes) throw tooLarge(maxBytes);
    // No bytes are an empty request, compressed or not.
    return compressed && body.length > 0 ? gunzipped(body, maxBytes) : body;
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new OtlpError(cause.code, cause.message, { cause });
  }
}
