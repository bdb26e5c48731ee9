/** The other side of blocks-ahead.ts: a connection that reads blocks and does nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { unpackedBlock } from '../traces/text-block.ts';
import type { BlocksAsked, BlocksUnpacked } from './blocks-ahead.ts';

const client = new Database(workerData as string, {
  readonly: true,
  fileMustExist: true,
  timeout: 5000,
});
const body = client.prepare<[number], Buffer>('SELECT body FROM blocks WHERE id = ?').pluck();

parentPort!.on('message', (asked: BlocksAsked) => {
  const parts: Buffer[] = [];
  const lengths: number[] = [];
  for (const block of asked) {
    const packed = body.get(block);
    if (!packed) continue;
    const bytes = unpackedBlock(packed);
    lengths.push(block, bytes.length);
    parts.push(bytes);
  }
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  parentPort!.postMessage({ bytes, lengths } satisfies BlocksUnpacked, [bytes.buffer]);
});
