/** A service that answers what the contract says, on loopback; or whatever else a test has it answer. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Reading } from '../../src/lineage/reading.ts';
import { type History, publishedAt } from './published.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface StandIn {
  url: string;
  /** What was asked, below `/api/v1/`. */
  asked: string[];
  /** The headers of the last question. */
  headers: IncomingMessage['headers'];
  /** Of each label; another one is unknown. */
  labels: Map<string, History>;
  /** Answers in its place while it is set. */
  instead: Handler | null;
  /** The instant that its Date says; null: the real one. */
  now: (() => number) | null;
}

export async function standIn(labels: Record<string, History> = {}): Promise<StandIn> {
  const service: StandIn = {
    url: '',
    asked: [],
    headers: {},
    labels: new Map(Object.entries(labels)),
    instead: null,
    now: null,
  };
  const server = createServer((request, response) => {
    service.asked.push(decodeURIComponent(request.url!.replace('/api/v1/', '')));
    service.headers = request.headers;
    if (service.now) response.setHeader('date', new Date(service.now()).toUTCString());
    (service.instead ?? answerOf(service))(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

function answerOf({ labels }: StandIn): Handler {
  return (request, response) => {
    const path = request.url!.replace('/api/v1/', '');
    const history = labels.get(decodeURIComponent(/^labels\/([^/?]+)/.exec(path)![1]!));
    if (history) return json(publishedAt(path, history))(request, response);
    const type = 'urn:underlabel:problem:unknown-label';
    json({ type, title: 'There is no such label', status: 404, detail: 'no' }, 404)(
      request,
      response,
    );
  };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Read each `everyMs` until `until`, each reading 10 ms long. */
export function readEvery(
  everyMs: number,
  until: number,
  under: (reading: number) => string | null,
  count = 5,
): Reading[] {
  return Array.from({ length: count }, (_, i) => {
    const receivedAt = until - (count - 1 - i) * everyMs;
    const instants = { requestedAt: receivedAt - 10, receivedAt, recordedAt: receivedAt };
    return { id: `r${i}`, ...instants, artifactId: under(i) };
  });
}
