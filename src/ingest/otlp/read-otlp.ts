/** All that is done to a request's body, in one go and without waiting: made to run in a thread. */
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodingOf, isGzip } from './encoding.ts';
import type { Decoded } from './intake.ts';
import { gunzipped, tooLarge } from './unpack.ts';

export interface OtlpRequest {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** As sent. */
  body: Uint8Array;
  /** Before decompression and after it. */
  maxBytes: number;
}

/** @throws OtlpError */
export function readOtlp({ contentType, contentEncoding, body, maxBytes }: OtlpRequest): Decoded {
  const encoding = encodingOf(contentType);
  const compressed = isGzip(contentEncoding);
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  // No bytes are an empty request, compressed or not.
  const bytes = compressed && body.length > 0 ? gunzipped(body, maxBytes) : body;
  return encoding === 'protobuf' ? decodeProtobuf(bytes) : decodeJson(bytes);
}
