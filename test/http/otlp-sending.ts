/** Requests to the receiver in either encoding, and its answers taken apart. */
import { gzipSync } from 'node:zlib';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { AnyValue, OtlpSpan } from '../../src/ingest/otlp/span.ts';
import { asJson, asProtobuf, spanWith } from '../ingest/otlp/requests.ts';

export type Encoding = 'protobuf' | 'json';
export const ENCODINGS: Encoding[] = ['protobuf', 'json'];
export const TYPE = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

export interface Answer {
  status: number;
  headers: Headers;
  /** Of a success: null where there is no partial success. */
  partial: { rejected: number; message: string } | null;
  /** Of a refusal. */
  refusal: { code: number; message: string } | null;
}

export const bodyOf = (spans: readonly OtlpSpan[], encoding: Encoding): Uint8Array =>
  encoding === 'protobuf' ? asProtobuf(spans) : asJson(spans);

let made = 0;
/** An inference with ids of its own. */
export function chat(more: Partial<OtlpSpan> & { said?: { [key: string]: AnyValue } } = {}) {
  const { said, ...rest } = more;
  const number = (++made).toString(16).padStart(8, '0');
  return spanWith({
    traceId: `${'ab'.repeat(12)}${number}`,
    spanId: `${'cd'.repeat(4)}${number}`,
    ...rest,
    attributes: { ...said, 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
  });
}

export const idOf = ({ traceId, spanId }: OtlpSpan) => `${traceId}-${spanId}`;

export async function post(
  url: string,
  body: Uint8Array | string,
  encoding: Encoding,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': TYPE[encoding], ...headers },
    body: body as Uint8Array<ArrayBuffer>,
  });
  return answerOf(response.status, response.headers, Buffer.from(await response.arrayBuffer()));
}

export const send = (url: string, spans: readonly OtlpSpan[], encoding: Encoding = 'protobuf') =>
  post(url, bodyOf(spans, encoding), encoding);

export const sendGzip = (url: string, body: Uint8Array, encoding: Encoding = 'protobuf') =>
  post(url, gzipSync(body), encoding, { 'content-encoding': 'gzip' });

/** @throws where the body is not what its Content-Type says */
export function answerOf(status: number, headers: Headers, body: Buffer): Answer {
  const type = headers.get('content-type');
  if (type !== TYPE.protobuf && type !== TYPE.json) throw new Error(`Content-Type ${type}`);
  const isJson = type === TYPE.json;
  const fields = isJson ? JSON.parse(body.toString()) : fieldsOf(body);
  if (status !== 200) {
    const [code, message] = isJson ? [fields.code, fields.message] : [fields[1], text(fields[2])];
    return { status, headers, partial: null, refusal: { code, message } };
  }
  const inner = isJson ? fields.partialSuccess : fields[1] && fieldsOf(fields[1]);
  const rejected = inner && Number((isJson ? inner.rejectedSpans : inner[1]) ?? 0);
  const message = inner && (isJson ? inner.errorMessage : text(inner[2]));
  return { status, headers, partial: inner ? { rejected, message } : null, refusal: null };
}

// biome-ignore lint/suspicious/noExplicitAny: by their numbers, integers and undecoded bytes
function fieldsOf(bytes: Uint8Array): any {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, number | Uint8Array> = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    fields[number] = wire === WireType.Varint ? Number(reader.int64()) : reader.bytes();
  }
  return fields;
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
