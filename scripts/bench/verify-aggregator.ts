/** The other side of verify.ts: serves so many bytes under whatever Blob ID it is asked for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const bytes = Number(process.argv[2]);
const piece = Buffer.alloc(64 * 1024, 'not these bytes');

const server = createServer(async (_, response) => {
  response.writeHead(200, { 'content-length': bytes });
  for (let left = bytes; left > 0 && !response.destroyed; left -= piece.length) {
    const part = left < piece.length ? piece.subarray(0, left) : piece;
    if (!response.write(part)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
