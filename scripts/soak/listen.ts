/** A server of the harness: loopback, a free port. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** At once, open connections included. */
  close(): Promise<void>;
}

/** Connections stay open longer than any life of the service: none is closed just as it is used. */
const KEEP_ALIVE_MS = 600_000;

export async function listen(handle: RequestListener): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
