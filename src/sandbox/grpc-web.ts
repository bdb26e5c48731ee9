/**
 * The gRPC-web protocol, as the side that answers unary calls (grpc/doc/PROTOCOL-WEB.md): frames of
 * one flag byte, four bytes of length and a message; trailers in a frame of their own, or in the
 * headers where there is no message. The `-text` content types are the same in base64.
 */
import type { Context } from 'hono';

/** A message's codec, as `GrpcTypes` of @mysten/sui/grpc has one for each. */
export interface Codec<Message> {
  fromBinary(bytes: Uint8Array): Message;
  toBinary(message: Message): Uint8Array;
}

/** The status codes that are used here (grpc/doc/statuscodes.md). */
export const STATUS = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

export type StatusName = keyof typeof STATUS;

/** An answer other than OK. */
export class GrpcRefusal extends Error {
  override name = 'GrpcRefusal';
  readonly status: StatusName;
  /** Trailers beside the status. */
  readonly trailers: Record<string, string>;

  constructor(status: StatusName, message: string, trailers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.trailers = trailers;
  }
}

const TRAILER_FLAG = 0x80;

/** Answers one unary call. @param answer throws GrpcRefusal for another status than OK */
export async function answerUnary<Question, Answer>(
  context: Context,
  codecs: { question: Codec<Question>; answer: Codec<Answer> },
  answer: (question: Question) => Answer,
): Promise<Response> {
  const isText = context.req.header('content-type')?.includes('-text') ?? false;
  try {
    const body = Buffer.from(await context.req.arrayBuffer());
    const framed = isText ? Buffer.from(body.toString('latin1'), 'base64') : body;
    const question = codecs.question.fromBinary(framed.subarray(5, 5 + framed.readUInt32BE(1)));
    const message = codecs.answer.toBinary(answer(question));
    const frames = Buffer.concat([frame(0, message), frame(TRAILER_FLAG, 'grpc-status: 0\r\n')]);
    const payload = isText ? Buffer.from(frames.toString('base64')) : frames;
    return new Response(new Uint8Array(payload), {
      headers: { 'content-type': contentType(isText) },
    });
  } catch (error) {
    if (error instanceof GrpcRefusal) return refusal(error, isText);
    throw error;
  }
}

/** A status without a message: it stands in the headers. */
export function refusal({ status, message, trailers }: GrpcRefusal, isText = false): Response {
  return new Response(null, {
    headers: {
      'content-type': contentType(isText),
      'grpc-status': `${STATUS[status]}`,
      'grpc-message': encodeURIComponent(message),
      ...trailers,
    },
  });
}

/** What follows as `grpc-status-details-bin`: a google.rpc.Status whose one detail is a RetryInfo. */
export function retryInfo(status: StatusName, delayMs: number): Record<string, string> {
  const duration = Buffer.concat([
    varintField(1, Math.floor(delayMs / 1000)),
    varintField(2, (delayMs % 1000) * 1_000_000),
  ]);
  const any = Buffer.concat([
    bytesField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    bytesField(2, bytesField(1, duration)),
  ]);
  const details = Buffer.concat([varintField(1, STATUS[status]), bytesField(3, any)]);
  return { 'grpc-status-details-bin': details.toString('base64').replace(/=+$/, '') };
}

function contentType(isText: boolean): string {
  return isText ? 'application/grpc-web-text+proto' : 'application/grpc-web+proto';
}

function frame(flag: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function varintField(field: number, value: number): Buffer {
  const bytes = [field << 3];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function bytesField(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, content.length]), content]);
}
