/**
 * A burst of changes, from the push of each reading to a webhook's receiver: the service in a process
 * of its own, readings over HTTP, the receiver here. The floor is the round trip of bare POSTs of the
 * same size, to the same receiver, at the same rate.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { inFolder, quantile } from './folder.ts';
import type { Figure } from './main.ts';

const LABELS = 1_000;
/** Over which the burst is spread. */
const BURST_MS = 1_000;
/** Requests under way at a time, each on a connection of its own. */
const CONNECTIONS = 32;
/** As many as the service sends at a time, at most. */
const BARE_CONNECTIONS = 64;
const JSON_TYPE = { 'content-type': 'application/json' };

export function alerts(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const receiver = await receive();
    const service = await serve(folder, receiver.host);
    const api = new Pool(service.url, { connections: CONNECTIONS });
    await put(api, '/api/v1/channels/bench', { kind: 'webhook', url: `http://${receiver.host}/` });
    await paced(0, (i) => put(api, `/api/v1/labels/bench-${i}`, { source: { kind: 'push' } }));
    // The first sighting of each label warms up: a service runs for days, and compiles its code once.
    for (const blob of ['a', 'b']) await burst(api, receiver, blob);
    const { delays, sent } = await burst(api, receiver, 'c');
    await api.close();
    await service.stop();
    const bare = await roundTrips(receiver);
    receiver.close();
    const note = `${LABELS} changes pushed in ${Math.round(sent)} ms, events of ${receiver.body.length} B`;
    return [0.5, 0.99].map((q) => {
      const [value, floor] = [quantile(delays, q), quantile(bare, q)];
      return { name: `alerts.p${q * 100}`, value, unit: 'ms', floor, ratio: value / floor, note };
    });
  });
}

interface Receiver {
  host: string;
  /** Called with what each request held. */
  onEvent: (event: { time: string; subject: string }) => void;
  /** Of the newest request. */
  body: Buffer;
  close(): void;
}

async function receive(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      receiver.body = Buffer.concat(chunks);
      receiver.onEvent(JSON.parse(receiver.body.toString()));
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const receiver: Receiver = { host, onEvent: () => {}, body: Buffer.alloc(0), close };
  return receiver;
}

async function serve(folder: string, allowHost: string) {
  const bin = join(import.meta.dirname, '../../dist/bin.js');
  const service = spawn(process.execPath, [bin, 'serve', '--port', '0', '--data', folder], {
    // What somebody set here, or wrote down here, is no concern of this one.
    cwd: folder,
    env: { UNDERLABEL_ALLOW_HOSTS: allowHost, UNDERLABEL_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(service.stdout), 'line')) as [string];
  return {
    url: line.replace(/^underlabel ready at /, ''),
    async stop() {
      service.kill('SIGTERM');
      await once(service, 'exit');
    },
  };
}

/** A changed reading of each label. @returns ms from each recording to its arrival, ascending; ms all pushes took */
async function burst(api: Pool, receiver: Receiver, blob: string) {
  const delays: number[] = [];
  const arrived = new Promise<void>((all) => {
    receiver.onEvent = ({ time }) => {
      if (delays.push(Date.now() - Date.parse(time)) === LABELS) all();
    };
  });
  const blobId = Buffer.alloc(32, blob).toString('base64url');
  const files = [{ path: 'model.onnx', blobId }];
  const sent = await paced(BURST_MS, (i) =>
    ask(api, 'POST', `/api/v1/labels/bench-${i}/observations`, { files }),
  );
  await arrived;
  return { delays: delays.sort((a, b) => a - b), sent };
}

/** @returns ms each, ascending */
async function roundTrips(receiver: Receiver): Promise<number[]> {
  const pool = new Pool(`http://${receiver.host}`, { connections: BARE_CONNECTIONS });
  const { body } = receiver;
  const took: number[] = [];
  receiver.onEvent = () => {};
  for (const isWarm of [false, true]) {
    await paced(BURST_MS, async () => {
      const began = performance.now();
      const response = await pool.request({ path: '/', method: 'POST', headers: JSON_TYPE, body });
      await response.body.dump();
      if (isWarm) took.push(performance.now() - began);
    });
  }
  await pool.close();
  return took.sort((a, b) => a - b);
}

/** One for each label, evenly over so many ms. @returns ms it took in all */
async function paced(ms: number, work: (i: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  const all = Array.from({ length: LABELS }, async (_, i) => {
    await new Promise((due) => setTimeout(due, (i * ms) / LABELS));
    await work(i);
  });
  await Promise.all(all);
  return performance.now() - began;
}

function put(api: Pool, path: string, body: unknown): Promise<void> {
  return ask(api, 'PUT', path, body);
}

async function ask(api: Pool, method: 'PUT' | 'POST', path: string, body: unknown): Promise<void> {
  const sent = { path, method, headers: JSON_TYPE, body: JSON.stringify(body) };
  const response = await api.request(sent);
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${text}`);
}
