/** Where the labels are read: each is a manifest that says what the script put under it, or fails as it was told. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Listening, listen } from './listen.ts';
import type { Moments } from './moments.ts';
import type { Random } from './random.ts';
import type { FaultKind, LabelTruth } from './truth.ts';

export interface Hub extends Listening {
  /** Where this label is read. */
  urlOf(label: LabelTruth): string;
  /** Has `move` called while the next read of this label is under way. */
  moveAmidRead(label: LabelTruth, move: () => void): void;
  reads: number;
}

export async function openHub(
  labels: readonly LabelTruth[],
  random: Random,
  moments: Moments,
): Promise<Hub> {
  const moves = new Map<LabelTruth, () => void>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const label = labels[Number(/^\/labels\/(\d+)$/.exec(request.url!)?.[1])];
    if (!label) return void response.writeHead(404).end();
    hub.reads++;
    moments.emit('read');
    const move = moves.get(label);
    moves.delete(label);
    // What is answered is what was there at one instant of the read, be it the first or the last.
    const moveFirst = random.chance(0.5);
    if (moveFirst) move?.();
    const answer = answerOf(label, request.headers['if-none-match']);
    if (random.chance(0.5) || move) await pause(random.between(0, 12));
    if (!moveFirst) move?.();
    answer(response);
  }

  const listening = await listen((request, response) => void handle(request, response));
  const hub: Hub = {
    ...listening,
    reads: 0,
    urlOf: (label) => `http://${listening.host}/labels/${labels.indexOf(label)}`,
    moveAmidRead: (label, move) => void moves.set(label, move),
  };
  return hub;
}

function answerOf(label: LabelTruth, known?: string): (response: ServerResponse) => void {
  if (label.fault) return FAILING[label.fault.kind];
  const { files, under } = label.now;
  const etag = `"${under ?? 'absent'}"`;
  if (known === etag) return (response) => response.writeHead(304, { etag }).end();
  const body = JSON.stringify(files ? { files } : { absent: true });
  return (response) =>
    response.writeHead(200, { etag, 'content-type': 'application/json' }).end(body);
}

const FAILING: Record<FaultKind, (response: ServerResponse) => void> = {
  status: (response) =>
    response.writeHead(500).end('{"detail": "the hub fails as it was told to"}'),
  reset: (response) => response.destroy(),
  page: (response) => response.writeHead(200).end('<!doctype html><title>Sign in</title>'),
  half(response) {
    response.writeHead(200, { 'content-length': 200, etag: '"half"' }).write('{"files": [');
    setImmediate(() => response.destroy());
  },
};
