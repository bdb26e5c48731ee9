/** The barest way to Blob IDs: a thread that reads the next file, calls the encoder, and so on. */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { BlobEncoder } from '@mysten/walrus-wasm';

const { files, next } = workerData as { files: string[]; next: Int32Array };
// Started and compiled, as the pool is when it is measured.
new BlobEncoder(4).compute_metadata(new Uint8Array());
parentPort!.once('message', () => {
  for (let i = Atomics.add(next, 0, 1); i < files.length; i = Atomics.add(next, 0, 1)) {
    const [id] = new BlobEncoder(1000).compute_metadata(readFileSync(files[i]!));
    parentPort!.postMessage([i, Buffer.from(id).toString('base64url')]);
  }
});
parentPort!.postMessage('ready');
