import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serve } from './loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';

describe('a post', () => {
  const what = (words: string) => ({ body: Buffer.from(words), headers: {}, signal: never() });

  it('sends its body and headers once, and tells the status', async () => {
    let body = '';
    const server = await serve((request, response) => {
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(202).end('thanks'));
      return undefined;
    });
    const headers = { 'content-type': 'text/plain', 'webhook-id': 'a' };
    const posted = await fetcher().post(`${server.origin}/a?b=c`, { ...what('hello'), headers });
    expect(posted).toEqual({ status: 202, retryAfterSeconds: null });
    expect(body).toBe('hello');
    expect(server.requests).toHaveLength(1);
    const [{ method, url, headers: sent }] = server.requests as [(typeof server.requests)[0]];
    expect([method, url]).toEqual(['POST', '/a?b=c']);
    expect(sent).toMatchObject({ ...headers, 'user-agent': 'underlabel', 'content-length': '5' });
  });

  it.each([200, 204, 302, 400, 401, 404, 410, 429, 500, 503])(
    'answered with status %i was answered, and no redirect is followed',
    async (status) => {
      const headers = { location: '/elsewhere', 'retry-after': '7' };
      const server = await serve(() => ({ status, headers }));
      const posted = await fetcher().post(server.origin, what('x'));
      expect(posted).toEqual({ status, retryAfterSeconds: 7 });
      expect(server.requests).toHaveLength(1);
    },
  );

  it('does not wait for an answer that never ends', async () => {
    let closed: () => void;
    const dropped = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serve((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write('x'.repeat(1000)));
      };
      response.on('drain', more).on('close', () => closed());
      more();
      return undefined;
    });
    const posted = await fetcher().post(server.origin, what('x'));
    expect(posted.status).toBe(200);
    await dropped;
  });

  it('uses its connection again after a short answer', async () => {
    const server = await serve(() => ({ body: 'thanks' }));
    const { post } = fetcher();
    for (let sent = 0; sent < 3; sent++) {
      await post(server.origin, what('x'));
      await setImmediate();
      await setImmediate();
    }
    expect(server.connections).toBe(1);
  });

  it('never sends a credential that is configured for sources', async () => {
    const server = await serve();
    const { post } = fetcher({ credentials: { [server.host]: { bearer: 'secret' } } });
    await post(server.origin, what('x'));
    expect(server.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('fails where nothing is answered in time', async () => {
    const server = await serve(() => undefined);
    const posting = fetcher({ timeoutMs: 100 }).post(server.origin, what('x'));
    expect((await failureOf(posting)).code).toBe('timeout');
  });
});
