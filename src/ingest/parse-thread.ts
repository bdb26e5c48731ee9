/** One thread that parses bodies, in the order they come. It keeps no process alive while it is idle. */
import type { Worker } from 'node:worker_threads';
import { whenGone, workerBeside } from '../threads/worker-beside.ts';
import type { NativeRequest, ParsedBatch } from './native.ts';
import type { OtlpRequest } from './otlp/read-otlp.ts';
import {
  type PackedBatch,
  type PackedSpans,
  type ParseAnswer,
  type ParseRequest,
  unpackBatch,
  unpackError,
  unpackSpans,
} from './parse-message.ts';
import type { ParsedSpans } from './spans/parsed-spans.ts';

type Packed = PackedBatch | PackedSpans;

export class ParseThread {
  /** It never answers again: it was ended, or it died. */
  ended = false;
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Packed>[] = [];

  constructor() {
    this.#worker = workerBeside(import.meta.url, 'parse-worker');
    this.#worker.unref();
    this.#worker.on('message', (answer: ParseAnswer) => this.#settle(answer));
    const failed = () => void this.end();
    whenGone(this.#worker, failed, (cause) => this.#fail(cause));
  }

  /** @param request its body is moved to the thread where it has its buffer to itself */
  async native(request: NativeRequest): Promise<ParsedBatch> {
    return unpackBatch((await this.#ask({ kind: 'native', ...request })) as PackedBatch);
  }

  /** @param request its body is moved to the thread where it has its buffer to itself */
  async otlp(request: OtlpRequest): Promise<ParsedSpans> {
    return unpackSpans((await this.#ask({ kind: 'otlp', ...request })) as PackedSpans);
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }

  /** Answers come in the order of the requests, each of its request's kind. */
  #ask(request: ParseRequest): Promise<Packed> {
    const body = withBufferOfItsOwn(request.body);
    this.#worker.postMessage({ ...request, body }, [body.buffer]);
    const waiting = Promise.withResolvers<Packed>();
    this.#waiting.push(waiting);
    this.#worker.ref();
    return waiting.promise;
  }

  #settle(answer: ParseAnswer): void {
    const { resolve, reject } = this.#waiting.shift()!;
    if (answer.kind === 'native' || answer.kind === 'otlp') resolve(answer);
    else reject(unpackError(answer));
    if (this.#waiting.length === 0) this.#worker.unref();
  }

  #fail(cause: unknown): void {
    this.ended = true;
    const message =
      'the thread that parses traces ended before it answered, so none of them were stored; send them again';
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(message, { cause }));
  }
}

/** Moving a view would take everything else in its buffer along. */
function withBufferOfItsOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return alone ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
