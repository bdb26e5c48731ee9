/** A TCP server on loopback that says whatever bytes a test wants, HTTP or not. Closed when the test ends. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Answers one request; nothing ends the connection but what this does. */
export type Speak = (socket: Socket, request: string) => void;

export interface RawServer {
  origin: string;
  host: string;
  port: number;
  /** The heads of the requests, in the order they came. */
  requests: string[];
  connections: number;
  speak: Speak;
  /** Resolves when a connection closes, from now on. */
  nextClose(): Promise<void>;
}

/** @param ended when to close it; a test that runs beside others gives its own */
export async function rawServer(speak: Speak, ended = onTestFinished): Promise<RawServer> {
  const open = new Set<Socket>();
  const closes: (() => void)[] = [];
  const listener = createServer((socket) => {
    server.connections += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      for (const tell of closes.splice(0)) tell();
    });
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      const end = heard.indexOf('\r\n\r\n');
      if (end < 0) return;
      const request = heard.slice(0, end);
      heard = '';
      server.requests.push(request);
      server.speak(socket, request);
    });
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const { port } = listener.address() as AddressInfo;
  ended(() => {
    for (const socket of open) socket.destroy();
    return new Promise<void>((closed) => listener.close(() => closed()));
  });
  const server: RawServer = {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    requests: [],
    connections: 0,
    speak,
    nextClose: () => new Promise((closed) => closes.push(closed)),
  };
  return server;
}

/** Says these words and keeps the connection open. */
export const saying =
  (...words: (string | Uint8Array)[]): Speak =>
  (socket) => {
    for (const word of words) socket.write(word);
  };

/** Says these words and hangs up. */
export const hangingUpAfter =
  (words: string | Uint8Array): Speak =>
  (socket) => {
    socket.end(words);
  };

/** Says these words and breaks the connection, once they are out. */
export const breakingAfter =
  (words: string): Speak =>
  (socket) => {
    if (words === '') socket.resetAndDestroy();
    else socket.write(words, () => setImmediate(() => socket.resetAndDestroy()));
  };

/** Says the first words, then the others again and again, as fast as they are taken, until hung up on. */
export const pouring =
  (first: string, again: string | Uint8Array): Speak =>
  (socket) => {
    socket.write(first);
    const pour = () => {
      while (!socket.destroyed && socket.write(again));
    };
    socket.on('drain', pour);
    pour();
  };

/** Says one character after the other, so that none is long in coming and the last one never does. */
export const dripping =
  (first: string, drop = 'x'): Speak =>
  (socket) => {
    socket.write(first);
    const drip = setInterval(() => socket.write(drop), 10);
    socket.on('close', () => clearInterval(drip));
  };
