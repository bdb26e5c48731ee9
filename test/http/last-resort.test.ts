/** What no app can answer still ends as every answer does. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { lastResort } from '../../src/http/last-resort.ts';
import { listen } from '../../src/http/listen.ts';
import { rawRequest } from './raw-request.ts';

/** What a client gets, and what was told of it. */
async function answered(answer: () => Response) {
  const printed = vi.spyOn(console, 'error');
  onTestFinished(() => printed.mockRestore());
  const told: [unknown, string][] = [];
  const app = lastResort(answer, (error, request) => told.push([error, request]));
  const { url, close } = await listen(app.fetch, '127.0.0.1', 0);
  onTestFinished(close);
  const got = await rawRequest(url, '/where', { method: 'POST' });
  expect(printed).not.toHaveBeenCalled();
  return { got, told };
}

const body = () => new Response('a body', { headers: { 'x-made': 'of \x01' } });
const none = () => new Response(null, { status: 303, headers: { location: '/\x7f' } });
const broken = () => {
  throw new TypeError('nobody foresaw it');
};
it.each([
  ['an answer whose head can not be written', body],
  ['a way that can not be written', none],
  ['an error that came through', broken],
])('%s is a problem like any other', async (_, answer) => {
  const { got, told } = await answered(answer);
  expect(got.status).toBe(500);
  expect(got.json.type).toBe('urn:underlabel:problem:internal');
  expect(got.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
  });
  expect(got.headers).not.toHaveProperty('location');
  expect(told).toEqual([[expect.any(TypeError), 'POST /where']]);
});

it('a stream whose head can not be written is let go of', async () => {
  const cancelled = vi.fn();
  const stream = () => new ReadableStream({ cancel: cancelled });
  const { got } = await answered(() => new Response(stream(), { headers: { 'x-made': '\x02' } }));
  expect([got.status, cancelled.mock.calls.length]).toEqual([500, 1]);
});

it('a request that is none is answered in the same way', async () => {
  const { url, close } = await listen(lastResort(broken, () => {}).fetch, '127.0.0.1', 0);
  onTestFinished(close);
  const got = await rawRequest(url, '/', { headers: { host: 'a b' } });
  expect([got.status, got.headers['x-content-type-options']]).toEqual([400, 'nosniff']);
});
