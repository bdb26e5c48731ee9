/** What a request says of its body, and what the answer's body is therefore. */
import { OtlpError } from './otlp-error.ts';

export type OtlpEncoding = 'protobuf' | 'json';

export const CONTENT_TYPE = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
} as const satisfies Record<OtlpEncoding, string>;

/** @param contentType with any parameters @throws OtlpError unsupported-media-type */
export function encodingOf(contentType: string | undefined): OtlpEncoding {
  const [essence = ''] = (contentType ?? '').split(';', 1);
  const type = essence.trim().toLowerCase();
  if (type === CONTENT_TYPE.protobuf) return 'protobuf';
  if (type === CONTENT_TYPE.json) return 'json';
  const expected = `expected Content-Type: ${CONTENT_TYPE.protobuf} or ${CONTENT_TYPE.json}`;
  throw new OtlpError('unsupported-media-type', `${expected}, got ${quoted(type)}`);
}

/** An answer is in the request's encoding; to a request of no known one it is JSON, for people. */
export function answerEncodingOf(contentType: string | undefined): OtlpEncoding {
  try {
    return encodingOf(contentType);
  } catch {
    return 'json';
  }
}

/** Whether the body is compressed. @throws OtlpError unsupported-encoding */
export function isGzip(contentEncoding: string | undefined): boolean {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return false;
  if (encoding === 'gzip') return true;
  const problem = `Content-Encoding ${quoted(encoding)} is not read here`;
  throw new OtlpError('unsupported-encoding', `${problem}; send gzip, or none`);
}

function quoted(header: string): string {
  return header === '' ? 'none' : `'${header.slice(0, 80)}'`;
}
