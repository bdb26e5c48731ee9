/** A webhook's receiver on loopback, which a test tells what to answer. Gone when the test ends. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CloudEventJson } from '../../src/contract/event.ts';
import { Tally } from './tally.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  event: CloudEventJson;
}

/** A status, one with headers, or no answer ever. */
export type Reply = number | { status: number; headers: Record<string, string> } | 'hangs';

export interface Receiver {
  url: string;
  host: string;
  received: Tally<Received>;
  /** What to answer from now on; the answer may be held back. */
  reply: (received: Received) => Reply | Promise<Reply>;
}

export async function receiver(reply: Receiver['reply'] = () => 204): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const event = JSON.parse(body.toString()) as CloudEventJson;
    const { method, url, headers } = request;
    const got = { method: method!, path: url!, headers, body, event };
    receiving.received.add(got);
    const told = await receiving.reply(got);
    if (told === 'hangs') return;
    const { status, headers: more } =
      typeof told === 'number' ? { status: told, headers: {} } : told;
    response.writeHead(status, more).end();
  });
  const receiving: Receiver = { url: '', host: '', received: new Tally(), reply };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  receiving.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiving.url = `http://${receiving.host}/hooks/in?token=hidden`;
  return receiving;
}
