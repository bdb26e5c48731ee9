/**
 * The other side of encoder-thread.ts: one Blob ID a message. Encoding is seconds of pure computing,
 * so it never runs on the event loop, and reading a file here keeps its bytes away from there too.
 */
import { parentPort } from 'node:worker_threads';
import { BlobEncoder } from '@mysten/walrus-wasm';
import type { Refusal } from './encode-error.ts';
import { bytesOf } from './encoder-file.ts';

export interface Question {
  source: Uint8Array<ArrayBuffer> | { file: string; length: number };
  nShards: number;
}

/** An error loses its class between threads, so what is known to go wrong is told apart here. */
export type Answer = { blobId: string } | { refusal: Refusal } | { cause: unknown };

parentPort!.on('message', ({ source, nShards }: Question) => {
  parentPort!.postMessage(answerTo(source, nShards));
});

function answerTo(source: Question['source'], nShards: number): Answer {
  try {
    const bytes =
      source instanceof Uint8Array ? source : bytesOf(source.file, source.length, nShards);
    return bytes instanceof Uint8Array ? { blobId: blobIdOf(bytes, nShards) } : { refusal: bytes };
  } catch (cause) {
    return { cause };
  }
}

function blobIdOf(bytes: Uint8Array, nShards: number): string {
  const encoder = new BlobEncoder(nShards);
  const [blobId] = encoder.compute_metadata(bytes) as [blobId: number[]];
  // Not in a `finally`: a trap leaves nothing to free, and its thread is let go.
  encoder.free();
  return Buffer.from(blobId).toString('base64url');
}
