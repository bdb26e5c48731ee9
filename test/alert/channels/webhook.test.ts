import { createServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeliveryError } from '../../../src/alert/channel.ts';
import { openChannel } from '../../../src/alert/channels/index.ts';
import { eventBody } from '../../../src/alert/cloud-event.ts';
import { newSecret } from '../../../src/alert/secret.ts';
import type { FetcherOptions } from '../../../src/fetch/fetcher.ts';
import { fetcher, never } from '../../fetch/opened.ts';
import { event } from '../events.ts';
import { type Reply, receiver } from '../receiver.ts';

const SECRET = newSecret();
const BODY = eventBody(event('underlabel.change.moved'));
const DAY = 24 * 3600 * 1000;

function send(url: string, options: Partial<FetcherOptions> = {}, signal = never()) {
  const means = { fetcher: fetcher(options), log: () => {} };
  const channel = openChannel({ kind: 'webhook', url }, means);
  return channel.send({ id: 'one', sentAt: Date.now(), body: BODY, secrets: [SECRET] }, signal);
}

/** What the sending failed with. */
async function failureOf(sent: Promise<void>): Promise<DeliveryError> {
  const error = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

/** Everything of an error that a log or an answer might show. */
function shown(error: DeliveryError): string {
  return `${error.stack} ${JSON.stringify({ ...error })} ${String(error.cause)}`;
}

describe('a webhook', () => {
  it('is a POST of the event to the whole address, signed as it was sent', async () => {
    const { url, received } = await receiver();
    await send(url);
    const { method, path, headers, body } = received.all[0]!;
    expect([method, path]).toEqual(['POST', '/hooks/in?token=hidden']);
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(headers['webhook-id']).toBe('one');
    expect(body).toEqual(BODY);
    new Webhook(SECRET).verify(body, headers as Record<string, string>);
  });

  it.each([200, 201, 202, 204, 299])('answered %i is delivered', async (status) => {
    const { url, received } = await receiver(() => status);
    await send(url);
    expect(received.all).toHaveLength(1);
  });

  it.each([
    [300, 'failed'],
    [304, 'failed'],
    [400, 'failed'],
    [401, 'failed'],
    [403, 'failed'],
    [404, 'failed'],
    [408, 'failed'],
    [410, 'gone'],
    [413, 'failed'],
    [429, 'slow-down'],
    [500, 'failed'],
    [501, 'failed'],
    [502, 'slow-down'],
    [503, 'failed'],
    [504, 'slow-down'],
    [599, 'failed'],
  ])('answered %i is %s, and it says so', async (status, code) => {
    const { url, host } = await receiver(() => status);
    const error = await failureOf(send(url));
    expect([error.code, error.reason, error.retryAfterMs]).toEqual([code, `http-${status}`, null]);
    expect(error.message).toMatch(new RegExp(`^${host} answered with status ${status}\\. .+\\.$`));
  });

  it.each([301, 302, 303, 307, 308])('answered %i is not followed', async (status) => {
    const elsewhere = await receiver();
    const headers = { location: elsewhere.url };
    const { url } = await receiver(() => ({ status, headers }));
    const error = await failureOf(send(url));
    expect([error.code, error.reason]).toEqual(['failed', `http-${status}`]);
    expect(error.message).toContain('give the final URL');
    expect(elsewhere.received.all).toEqual([]);
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['99999999999999999999', DAY],
    [new Date(Date.now() + 365 * DAY).toUTCString(), DAY],
    ['soon', null],
    ['-5', null],
  ])('told to come back after %s waits %s ms', async (header, ms) => {
    const reply: Reply = { status: 503, headers: { 'retry-after': header } };
    const { url } = await receiver(() => reply);
    expect((await failureOf(send(url))).retryAfterMs).toBe(ms);
  });

  it('that nobody listens at has failed', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    const error = await failureOf(send(`http://127.0.0.1:${port}/`));
    expect([error.code, error.reason]).toEqual(['failed', 'connect']);
  });

  it('that breaks off, or answers no HTTP, has failed', async () => {
    for (const answer of ['', 'SSH-2.0-OpenSSH\r\n']) {
      const server = createServer((socket) => socket.end(answer)).listen(0, '127.0.0.1');
      await new Promise((listening) => server.once('listening', listening));
      onTestFinished(() => void server.close());
      const { port } = server.address() as { port: number };
      const error = await failureOf(send(`http://127.0.0.1:${port}/`));
      expect([error.code, error.reason]).toEqual(['failed', 'reset']);
    }
  });

  it('that answers nothing in time has failed', async () => {
    const { url } = await receiver(() => 'hangs');
    const error = await failureOf(send(url, { timeoutMs: 50 }));
    expect([error.code, error.reason]).toEqual(['failed', 'timeout']);
  });

  it('to a private address, or without TLS, is not sent unless the host is allowed', async () => {
    const { url, received } = await receiver();
    for (const forbidden of [url, 'http://hooks.example/', 'https://127.0.0.1:1/']) {
      const error = await failureOf(send(forbidden, { allowHosts: [] }));
      expect([error.code, error.reason]).toEqual(['failed', 'refused-address']);
      expect(error.message).toContain('UNDERLABEL_ALLOW_HOSTS');
    }
    expect(received.all).toEqual([]);
  });

  it('names no more of its address than the host, and no secret, whatever fails', async () => {
    const { url, host } = await receiver(() => 500);
    const hanging = await receiver(() => 'hangs');
    const failures = [
      send(url),
      send(url, { allowHosts: [] }),
      send(hanging.url, { timeoutMs: 20 }),
      send('http://127.0.0.1:1/hooks/in?token=hidden'),
      send('https://no-such-host.invalid/hooks/in?token=hidden', {
        lookup: (_name, _options, tell) => {
          tell(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), '', 4);
        },
      }),
    ];
    for (const failure of await Promise.all(failures.map(failureOf))) {
      const text = shown(failure);
      for (const hidden of ['hooks/in', 'token', 'hidden', SECRET.slice(6), 'v1,']) {
        expect(text).not.toContain(hidden);
      }
    }
    expect((await failureOf(send(url))).message).toContain(host);
  });

  it('that is broken off while it is sent fails with the reason of that', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { url } = await receiver(() => {
      controller.abort(reason);
      return 'hangs';
    });
    await expect(send(url, {}, controller.signal)).rejects.toBe(reason);
  });
});
