/** The app behind a port. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { bareAnswer } from './last-resort.ts';
import { ProblemError } from './problem.ts';

/** How long connections may take to finish once the service stops. */
const GRACE_MS = 5000;

/**
 * How long a connection stays open without a request. Exporters send every 5 s, which is also Node's
 * default: connections would end just as the next request is under way.
 */
const KEEP_ALIVE_MS = 75_000;
/** How long a request may take to come, its headers and the whole of it. */
const HEADERS_MS = 30_000;
const REQUEST_MS = 300_000;

type Fetch = Parameters<typeof getRequestListener>[0];

export interface Listening {
  url: string;
  /** Takes no more requests; resolves once those under way have ended. */
  close(): Promise<void>;
}

/** @param port 0 takes a free one. Rejects with the system's error where it can't be had */
export function listen(fetch: Fetch, hostname: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const limits = {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
    };
    const server = createServer(limits, getRequestListener(fetch, { errorHandler: unreadable }));
    endWhatIsAnswered(server);
    server.once('error', reject);
    server.listen(port, hostname, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({ url: urlOf(hostname, taken), close: () => closed(server) });
    });
  });
}

/** A request that never got as far as the app: its URL or its Host is none. */
function unreadable(error: unknown): Response {
  const detail = `the request can't be read: ${(error as Error).message}`;
  return bareAnswer(new ProblemError('bad-request', detail, { cause: error }));
}

/** Once the service stops, a connection whose last request is answered would only be waited for. */
function endWhatIsAnswered(server: Server): void {
  server.on('request', (_, response) => {
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
