/** Where events are delivered: it checks signatures, drops what it knows, and sometimes fails the first attempt. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { type CloudEventJson, cloudEvent } from '../../src/contract/event.ts';
import type { Findings } from './findings.ts';
import { type Listening, listen } from './listen.ts';
import type { Moments } from './moments.ts';
import type { Random } from './random.ts';

export interface Received {
  event: CloudEventJson;
  /** Among all attempts: the first one, and the one that was taken. */
  firstAttempt: number;
  takenAttempt: number;
}

export interface Receiver extends Listening {
  url: string;
  /** Set once the channel is made. */
  secret: string;
  /** False: every attempt is answered well. */
  mayFail: boolean;
  /** In the order they were taken, each id once. */
  received: Map<string, Received>;
  attempts: number;
  /** Attempts failed on purpose. */
  refused: number;
  /** Attempts of what was taken before: the service did not live to note it. */
  repeats: number;
}

export async function openReceiver(
  random: Random,
  moments: Moments,
  findings: Findings,
): Promise<Receiver> {
  const firstAttempts = new Map<string, number>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    moments.emit('delivery');
    const body = await text(request).catch(() => null);
    if (body === null) return;
    const attempt = receiver.attempts++;
    const event = verified(body, request);
    if (!event) return void response.writeHead(400).end();
    const isFirst = !firstAttempts.has(event.id);
    if (isFirst) firstAttempts.set(event.id, attempt);
    await pause(random.chance(0.5) ? 0 : random.between(0, 40));
    if (receiver.mayFail && isFirst && random.chance(0.15)) return refuse(response);
    take(event, firstAttempts.get(event.id)!, attempt);
    response.writeHead(random.pick([200, 202, 204])).end();
  }

  function verified(body: string, { headers }: IncomingMessage): CloudEventJson | null {
    try {
      const parsed = new Webhook(receiver.secret).verify(body, headers as Record<string, string>);
      const event = cloudEvent.parse(parsed);
      if (event.id === headers['webhook-id']) return event;
      findings.note(
        `a delivery had the webhook-id '${headers['webhook-id']}' and held ${event.id}`,
      );
    } catch (error) {
      findings.note(`a delivery can't be read: ${(error as Error).message}: ${body.slice(0, 300)}`);
    }
    return null;
  }

  function refuse(response: ServerResponse): void {
    receiver.refused++;
    if (random.chance(0.5)) response.writeHead(random.pick([500, 503])).end();
    else response.destroy();
  }

  function take(event: CloudEventJson, firstAttempt: number, takenAttempt: number): void {
    const known = receiver.received.get(event.id);
    if (!known) return void receiver.received.set(event.id, { event, firstAttempt, takenAttempt });
    receiver.repeats++;
    if (JSON.stringify(known.event) === JSON.stringify(event)) return;
    findings.note(`the event ${event.id} was told anew with other words`);
  }

  const listening = await listen((request, response) => void handle(request, response));
  const receiver: Receiver = {
    ...listening,
    url: `http://${listening.host}/hook`,
    secret: '',
    mayFail: true,
    received: new Map(),
    attempts: 0,
    refused: 0,
    repeats: 0,
  };
  return receiver;
}
