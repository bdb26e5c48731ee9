/**
 * The other side of encode.ts: one Blob ID a message. Encoding is seconds of pure computing, so it
 * never runs on the event loop. Imports packages only: Node runs this file as it is, both as
 * TypeScript in `src/` and compiled in `dist/`.
 */
import { parentPort } from 'node:worker_threads';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { WalrusClient } from '@mysten/walrus';

// The client asks for a chain to talk to; encoding talks to none.
const suiClient = new SuiGrpcClient({ network: 'mainnet', baseUrl: 'http://127.0.0.1:1' });
const walrus = new WalrusClient({ network: 'mainnet', suiClient });

parentPort!.on('message', async ({ bytes, nShards }: { bytes: Uint8Array; nShards: number }) => {
  try {
    const { blobId } = await walrus.computeBlobMetadata({ bytes, numShards: nShards });
    parentPort!.postMessage({ blobId });
  } catch (cause) {
    parentPort!.postMessage({ cause });
  }
});
