/** A real HTTP server on loopback whose answers a test sets. Closed when the test ends. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Reply = {
  status?: number;
  headers?: Record<string, string>;
  /** Text or bytes as they are; anything else as JSON. */
  body?: unknown;
};
export type Handler = (request: IncomingMessage, response: ServerResponse) => Reply | undefined;

export interface Loopback {
  origin: string;
  host: string;
  port: number;
  requests: IncomingMessage[];
  connections: number;
  /** What to answer from now on; undefined where the handler answers by itself. */
  handler: Handler;
}

export async function serve(handler: Handler = () => ({})): Promise<Loopback> {
  const server = createServer((request, response) => {
    loopback.requests.push(request);
    const reply = loopback.handler(request, response);
    if (reply) answer(response, reply);
  });
  const loopback: Loopback = {
    origin: '',
    host: '',
    port: 0,
    requests: [],
    connections: 0,
    handler,
  };
  server.on('connection', () => {
    loopback.connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  loopback.port = (server.address() as AddressInfo).port;
  loopback.host = `127.0.0.1:${loopback.port}`;
  loopback.origin = `http://${loopback.host}`;
  return loopback;
}

function answer(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, headers).end(raw ? body : JSON.stringify(body));
}

/** Routes by path; what isn't listed is a bare 404. */
export function routes(table: Record<string, unknown>): Handler {
  return (request) => {
    const reply = table[request.url!] ?? table[request.url!.split('?')[0]!];
    return reply === undefined ? { status: 404, body: 'no such page' } : { body: reply };
  };
}
