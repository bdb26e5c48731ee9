/**
 * The Blob ID of bytes, computed here: what an aggregator or a hub says an ID is, is only its word.
 *
 * The ID commits to the erasure coding of the bytes (RS2 over n_shards), so it takes about a second
 * even for an empty blob and grows with size: 4 s for 50 MB, 50 s and 2.5 GB of memory for 1 GB.
 * One worker does it, one blob at a time; side by side they would only share the same cores and
 * multiply the memory.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BlobId } from '../lineage/manifest.ts';

/** Shards of the Walrus network, on mainnet and testnet alike. Another number gives other IDs. */
export const N_SHARDS = 1000;

/** The encoder is 32-bit WebAssembly: from 2 GiB on it traps. (Walrus itself takes about 13.6 GiB.) */
export const MAX_ENCODABLE_BYTES = 2 ** 31 - 1;

// The memory of a WebAssembly instance never shrinks: after a blob of this size its worker is let go.
const LARGE_BYTES = 16 * 2 ** 20;

export type EncodeErrorCode = 'too-large' | 'encoder';

/** Why the Blob ID of some bytes can't be had. */
export class EncodeError extends Error {
  override name = 'EncodeError';
  readonly code: EncodeErrorCode;

  constructor(code: EncodeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

let worker: Worker | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * The Walrus Blob ID of `bytes`. Calls wait for each other; bytes are copied when their turn comes,
 * so leave them unchanged until then.
 * @param options.nShards shards of the network the ID is for, 1000 by default
 * @param options.signal gives up, also in the middle of encoding
 * @throws EncodeError `too-large` before any work is done; `encoder` where encoding failed
 * @throws the signal's reason, once it is aborted
 */
export function blobIdOf(
  bytes: Uint8Array,
  options: { nShards?: number; signal?: AbortSignal } = {},
): Promise<BlobId> {
  if (bytes.byteLength > MAX_ENCODABLE_BYTES) return Promise.reject(tooLarge(bytes.byteLength));
  const turn = last.then(() => encode(bytes, options.nShards ?? N_SHARDS, options.signal));
  last = turn.catch(() => {});
  return options.signal ? untilAborted(turn, options.signal) : turn;
}

function tooLarge(bytes: number): EncodeError {
  return new EncodeError(
    'too-large',
    `${bytes} bytes can't be encoded here: the encoder ends below 2 GiB (${MAX_ENCODABLE_BYTES} bytes). ` +
      'Their Blob ID stays unverified; compute it with the Walrus command line instead.',
  );
}

/** Rejects at the abort, also while other blobs are still before this one. */
async function untilAborted<T>(turn: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([turn, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function encode(bytes: Uint8Array, nShards: number, signal?: AbortSignal): Promise<BlobId> {
  signal?.throwIfAborted();
  // Moved over, not cloned: cloning a view would clone the whole buffer under it.
  const copy = new Uint8Array(bytes);
  worker ??= startWorker();
  worker.ref();
  try {
    return await ask(worker, { bytes: copy, nShards }, signal);
  } catch (error) {
    dismiss();
    throw error;
  } finally {
    if (bytes.byteLength > LARGE_BYTES) dismiss();
    worker?.unref();
  }
}

function startWorker(): Worker {
  const file = `./encode-worker${extname(import.meta.filename)}`;
  // The process's own flags (`--input-type`, `--inspect-brk` …) are not for its workers.
  const started = new Worker(new URL(file, import.meta.url), { execArgv: [] });
  started.on('error', () => {}); // whoever waits hears of it; with nobody waiting it must not throw
  started.on('exit', () => {
    if (worker === started) worker = null;
  });
  return started;
}

function dismiss(): void {
  void worker?.terminate();
  worker = null;
}

type Answer = { blobId: BlobId } | { cause: unknown };

function ask(
  encoder: Worker,
  question: { bytes: Uint8Array<ArrayBuffer>; nShards: number },
  signal?: AbortSignal,
): Promise<BlobId> {
  const { promise, resolve, reject } = Promise.withResolvers<BlobId>();
  const onAnswer = (answer: Answer) =>
    'blobId' in answer ? resolve(answer.blobId) : reject(failed(answer.cause));
  const onError = (cause: unknown) => reject(failed(cause));
  const onExit = () => reject(failed(new Error('the encoder stopped without an answer')));
  const onAbort = () => reject(signal?.reason);
  encoder.on('message', onAnswer).on('error', onError).on('exit', onExit);
  signal?.addEventListener('abort', onAbort);
  encoder.postMessage(question, [question.bytes.buffer]);
  return promise.finally(() => {
    encoder.off('message', onAnswer).off('error', onError).off('exit', onExit);
    signal?.removeEventListener('abort', onAbort);
  });
}

function failed(cause: unknown): EncodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EncodeError(
    'encoder',
    `The Blob ID could not be computed: ${reason}. Nothing is known of these bytes; try again, with more memory free.`,
    { cause },
  );
}
