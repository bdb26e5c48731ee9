/**
 * A hub in a process of its own, for benchmarks of the watch: `/manifest/N` never changes. It tells
 * its port to whoever forked it, and is told by them how to answer: 304 to whoever has the answer
 * already, or 200 always.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Mode = 304 | 200;

let mode: Mode = 304;
process.on('message', (told: Mode) => {
  mode = told;
});
process.on('disconnect', () => process.exit());

const server = createServer((request, response) => {
  const body = manifest(request.url ?? '');
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  if (mode === 304 && request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const headers = { 'content-type': 'application/json', ...(mode === 304 ? { etag } : {}) };
  response.writeHead(200, headers).end(body);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

function manifest(url: string): string {
  const files = ['model.onnx', 'config.json', 'README.md'].map((path) => {
    const blobId = createHash('sha256').update(`${url} ${path}`).digest('base64url');
    return { path, blobId, size: 1_048_576 };
  });
  return JSON.stringify({ files });
}
