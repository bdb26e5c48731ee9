/** One thread that parses bodies, in the order they come. It keeps no process alive while it is idle. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { BodyError } from './json-body.ts';
import type { ParsedBatch } from './native.ts';
import { unpackBatch } from './packed-batch.ts';
import type { ParseAnswer } from './parse-worker.ts';

interface Waiting extends PromiseWithResolvers<ParsedBatch> {
  bytes: number;
}

export class ParseThread {
  /** It never answers again: it was ended, or it died. */
  ended = false;
  /** Of the bodies that have no answer yet. */
  waitingBytes = 0;
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];

  constructor() {
    const file = `./parse-worker${extname(import.meta.filename)}`;
    // The process's own flags (`--input-type`, `--inspect-brk` …) are not for its workers.
    const worker = new Worker(new URL(file, import.meta.url), { execArgv: [] });
    worker.unref();
    let reason: unknown;
    const onError = (error: unknown) => {
      reason = error;
      void this.end();
    };
    worker.on('message', (answer: ParseAnswer) => this.#settle(answer));
    worker.on('error', onError);
    worker.on('messageerror', onError);
    worker.on('exit', () => this.#fail(reason));
    this.#worker = worker;
  }

  /** @param body moved to the thread where it has its buffer to itself */
  parse(body: Uint8Array): Promise<ParsedBatch> {
    const bytes = body.byteLength;
    const own = withBufferOfItsOwn(body);
    this.#worker.postMessage(own, [own.buffer]);
    const waiting = { bytes, ...Promise.withResolvers<ParsedBatch>() };
    this.#waiting.push(waiting);
    this.waitingBytes += bytes;
    this.#worker.ref();
    return waiting.promise;
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }

  #settle(answer: ParseAnswer): void {
    const { bytes, resolve, reject } = this.#waiting.shift()!;
    this.waitingBytes -= bytes;
    if (this.#waiting.length === 0) this.#worker.unref();
    if ('batch' in answer) resolve(unpackBatch(answer.batch));
    else reject(errorOf(answer));
  }

  #fail(cause: unknown): void {
    this.ended = true;
    const message =
      'the thread that parses traces ended before it answered, so none of them were stored; send them again';
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(message, { cause }));
  }
}

function errorOf(answer: Exclude<ParseAnswer, { batch: unknown }>): unknown {
  // Zod's `ZodError` itself makes no Error, which is all that the app's error handler takes.
  if ('envelope' in answer) return new z.ZodRealError(answer.envelope);
  if ('body' in answer) return new BodyError(answer.body.code, answer.body.message);
  return answer.cause;
}

/** Moving a view would take everything else in its buffer along. */
function withBufferOfItsOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return alone ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
