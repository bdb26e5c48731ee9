/** The other side of parse-thread.ts: a body a message, each answered before the next is looked at. */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { BodyError, type BodyErrorCode } from './json-body.ts';
import { parseBatch } from './native.ts';
import { type PackedBatch, packBatch } from './packed-batch.ts';

/** An error loses its class between threads, so those that a body can cause are told apart here. */
export type ParseAnswer =
  | { batch: PackedBatch }
  | { body: { code: BodyErrorCode; message: string } }
  | { envelope: z.core.$ZodIssue[] }
  | { cause: unknown };

parentPort!.on('message', (bytes: Uint8Array) => {
  const answer = answerTo(bytes);
  const moved = 'batch' in answer ? [answer.batch.hashes.buffer] : [];
  parentPort!.postMessage(answer, moved);
});

function answerTo(bytes: Uint8Array): ParseAnswer {
  try {
    return { batch: packBatch(parseBatch(bytes)) };
  } catch (cause) {
    if (cause instanceof BodyError) return { body: { code: cause.code, message: cause.message } };
    return cause instanceof z.ZodError ? { envelope: cause.issues } : { cause };
  }
}
