import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConditionalCache } from '../../src/fetch/conditional-cache.ts';
import { retryAfter } from '../../src/fetch/fetch-failure.ts';
import { createFetcher } from '../../src/fetch/fetcher.ts';
import { serve } from '../sources/loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';

const NOON = Date.UTC(2026, 10, 17, 12);

describe('a fetch', () => {
  it('asks for fresh JSON, once', async () => {
    const server = await serve(() => ({ body: '{"a":1}' }));
    const answer = await fetcher().get(`${server.origin}/a?b=c`, { signal: never() });
    expect(answer).toMatchObject({ status: 200, notModified: false });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.url).toBe('/a?b=c');
    expect(server.requests[0]!.headers).toMatchObject({
      accept: 'application/json',
      'cache-control': 'no-cache',
      'user-agent': 'underlabel',
    });
  });

  it('unpacks gzip', async () => {
    const server = await serve(() => ({
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('{"packed":true}'),
    }));
    const answer = await fetcher().get(server.origin, { signal: never() });
    expect(answer.bytes.toString()).toBe('{"packed":true}');
  });

  it('reuses its connection', async () => {
    const server = await serve();
    const { get } = fetcher();
    for (let asked = 0; asked < 3; asked++) {
      await get(server.origin, { signal: never() });
      // The client hands its connection back once the answer's last event has passed.
      await setImmediate();
    }
    expect(server.connections).toBe(1);
  });

  it.each([
    [{}, null],
    [{ age: '0' }, NOON - 1000],
    [{ age: '30' }, NOON - 31_000],
    [{ age: '-5' }, null],
    [{ age: 'soon' }, null],
    [{ age: '1.5' }, null],
    [{ age: '9'.repeat(400) }, NOON - 2 ** 31 * 1000 - 1000],
  ] as [Record<string, string>, number | null][])(
    'with headers %j was seen since %j',
    async (headers, since) => {
      const server = await serve(() => ({ headers }));
      const answer = await fetcher({ now: () => NOON }).get(server.origin, { signal: never() });
      expect(answer.seenSince).toBe(since);
    },
  );
});

describe('a fetch fails as', () => {
  it.each([
    [301, 'redirect'],
    [302, 'redirect'],
    [307, 'redirect'],
    [304, 'http-status'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'http-status'],
    [429, 'rate-limited'],
    [500, 'http-status'],
    [503, 'http-status'],
    [204, 'http-status'],
    [206, 'http-status'],
  ])('%i: %s', async (status, code) => {
    const server = await serve(() => ({ status, headers: { location: '/elsewhere' } }));
    const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`status ${status}`);
    expect(server.requests).toHaveLength(1);
  });

  it('a status, with what was said beside it', async () => {
    const server = await serve(() => ({ status: 503, body: 'down for a while' }));
    const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
    expect(error.body?.toString()).toBe('down for a while');
  });

  it('a status, even where its body is far too long', async () => {
    const server = await serve(() => ({ status: 429, body: 'x'.repeat(5000) }));
    const { get } = fetcher({ maxBytes: 1000 });
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('rate-limited');
  });

  it('too-large, past the cap, whether or not the length is announced', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/announced') return { body: 'x'.repeat(1001) };
      response.write('x'.repeat(700));
      response.end('x'.repeat(301));
      return undefined;
    });
    const { get } = fetcher({ maxBytes: 1000 });
    for (const path of ['/announced', '/chunked']) {
      const error = await failureOf(get(server.origin + path, { signal: never() }));
      expect(error.code).toBe('too-large');
    }
  });

  it('nothing, at exactly the cap', async () => {
    const server = await serve(() => ({ body: 'x'.repeat(1000) }));
    const answer = await fetcher({ maxBytes: 1000 }).get(server.origin, { signal: never() });
    expect(answer.bytes).toHaveLength(1000);
  });

  it('too-large, where a little gzip unpacks to a lot', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const server = await serve(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const { get } = fetcher({ maxBytes: 1024 * 1024 });
    const before = process.memoryUsage().arrayBuffers;
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('too-large, where a lot of gzip unpacks to nothing', async () => {
    const empty = gzipSync('');
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(Buffer.concat(Array.from({ length: 200 }, () => empty)));
      return undefined;
    });
    const { get } = fetcher({ maxBytes: 1000 });
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('too-large');
  });

  it.each([
    ['gzip', 'not gzip at all'],
    ['gzip', gzipSync('{"a":1}').subarray(0, 15)],
    ['br', '{}'],
  ])(
    'bad-encoding, where the body is not what its encoding %s says (%#)',
    async (encoding, body) => {
      const server = await serve(() => ({ headers: { 'content-encoding': encoding }, body }));
      const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
      expect(error.code).toBe('bad-encoding');
    },
  );

  it('timeout, where nothing comes, or only a trickle', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/silent') return undefined;
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
      return undefined;
    });
    const { get } = fetcher({ timeoutMs: 150 });
    for (const path of ['/silent', '/trickle']) {
      const error = await failureOf(get(server.origin + path, { signal: never() }));
      expect(error.code).toBe('timeout');
      expect(error.message).toContain('within 150 ms');
    }
  });

  it('timeout, where the name never resolves', async () => {
    const { get } = fetcher({ timeoutMs: 100, lookup: () => {} });
    const error = await failureOf(get('https://hub.example/', { signal: never() }));
    expect(error.code).toBe('timeout');
  });

  it('dns, where there is no such name', async () => {
    const { get } = fetcher({
      lookup: (_host, _options, callback) => {
        callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
      },
    });
    const error = await failureOf(get('https://hub.example/', { signal: never() }));
    expect(error.code).toBe('dns');
  });

  it('connect, where nobody listens or no TLS is spoken', async () => {
    const server = await serve();
    const { get } = fetcher();
    const plain = await failureOf(get(`https://${server.host}/`, { signal: never() }));
    expect(plain.code).toBe('connect');
    const closed = await failureOf(get('http://127.0.0.1:1/', { signal: never() }));
    expect(closed.code).toBe('connect');
  });

  it.each([
    ['', 'before a word'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'half way through'],
    ['this is not HTTP\r\n\r\n', 'with something that is not HTTP'],
  ])('reset, where the other side breaks off (%j: %s)', async (words) => {
    const origin = await rude(words);
    const error = await failureOf(fetcher().get(origin, { signal: never() }));
    expect(error.code).toBe('reset');
  });
});

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

describe('a caller who aborts', () => {
  it('gets the reason back, not a failed reading', async () => {
    const server = await serve(() => undefined);
    const { get } = fetcher();
    const reason = new Error('shutting down');
    await expect(get(server.origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    server.handler = () => {
      controller.abort(reason);
      return undefined;
    };
    await expect(get(server.origin, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('closing', () => {
  it('ends what is under way', async () => {
    const server = await serve(() => undefined);
    const made = createFetcher({ allowHosts: ['127.0.0.1'], credentials: {} });
    const asked = new Promise<void>((arrived) => {
      server.handler = () => {
        arrived();
        return undefined;
      };
    });
    const failure = failureOf(made.get(server.origin, { signal: never() }));
    await asked;
    await made.close();
    expect((await failure).code).toBe('reset');
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30],
    ['0', 0],
    ['999999', 86_400],
    ['Tue, 17 Nov 2026 12:01:00 GMT', 60],
    ['Tue, 17 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 86_400],
    ['-5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfter(header, NOON)).toBe(seconds);
  });

  it('comes with the error', async () => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
    expect(error.retryAfterSeconds).toBe(120);
  });
});

describe('a credential', () => {
  const SECRET = 'eyJhbGciOi.top-secret.signature';

  it('goes to its exact host and to no other', async () => {
    const [trusted, other] = [await serve(), await serve()];
    const { get } = fetcher({ credentials: { [trusted.host]: { bearer: SECRET } } });
    await get(trusted.origin, { signal: never() });
    await get(other.origin, { signal: never() });
    expect(trusted.requests[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('does not follow a redirect', async () => {
    const other = await serve();
    const trusted = await serve(() => ({ status: 302, headers: { location: other.origin } }));
    const { get } = fetcher({ credentials: { [trusted.host]: { bearer: SECRET } } });
    await failureOf(get(trusted.origin, { signal: never() }));
    expect(other.requests).toHaveLength(0);
  });

  it.each(['127.0.0.1', 'localhost', '127.0.0.2', 'hub.example'])(
    'for %s does not go to another port or name',
    async (host) => {
      const server = await serve();
      const { get } = fetcher({ credentials: { [host]: { bearer: SECRET } } });
      await get(server.origin, { signal: never() });
      expect(server.requests[0]!.headers.authorization).toBeUndefined();
    },
  );

  it.each(['127.0.0.1', 'api.hub.example', 'example'])(
    'for %s does not go to hub.example on the same port',
    async (host) => {
      const server = await serve();
      const { get } = fetcher({
        allowHosts: ['hub.example'],
        credentials: { [`${host}:${server.port}`]: { bearer: SECRET } },
        lookup: (_host, _options, callback) =>
          callback(null, [{ address: '127.0.0.1', family: 4 }]),
      });
      await get(`http://hub.example:${server.port}/`, { signal: never() });
      expect(server.requests[0]!.headers.authorization).toBeUndefined();
    },
  );

  it('is read from its file anew each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'underlabel-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const bearerFile = join(folder, 'token');
    const server = await serve();
    const { get } = fetcher({ credentials: { [server.host]: { bearerFile } } });
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('file');
    for (const token of ['first', 'second']) {
      await writeFile(bearerFile, `${token}\n`);
      await get(server.origin, { signal: never() });
      expect(server.requests.at(-1)!.headers.authorization).toBe(`Bearer ${token}`);
    }
    await writeFile(bearerFile, 'two words');
    const error = await failureOf(get(server.origin, { signal: never() }));
    expect(error.message).not.toContain('two words');
    expect(server.requests).toHaveLength(2);
  });

  it('never stands in an error, and neither does the query', async () => {
    const server = await serve((request) => {
      const echo = request.headers.authorization;
      return { status: Number(request.url!.slice(1, 4)), body: { echo } };
    });
    const { get } = fetcher({ credentials: { [server.host]: { bearer: SECRET } } });
    for (const status of [200, 302, 401, 403, 404, 429, 500]) {
      const url = `${server.origin}/${status}?signature=hidden`;
      const error = await failureOf(get(url, { signal: never() }));
      const everything = JSON.stringify([
        error.message,
        error.stack,
        `${error.body}`,
        `${error.cause}`,
      ]);
      expect(everything).not.toContain(SECRET);
      expect(everything).not.toContain('hidden');
    }
  });

  it("that can't be sent is refused at the start, unshown", () => {
    const bearer = 'line\nbreak';
    const make = () => createFetcher({ allowHosts: [], credentials: { 'a.example': { bearer } } });
    expect(make).toThrow('a.example');
    expect(make).not.toThrow('break');
  });
});

describe('a conditional fetch', () => {
  it('takes "not modified" for the same body', async () => {
    const server = await serve((request) =>
      request.headers['if-none-match'] === '"v1"'
        ? { status: 304, headers: { age: '7' } }
        : { headers: { etag: '"v1"' }, body: '{"v":1}' },
    );
    const conditional = new ConditionalCache();
    const { get } = fetcher({ now: () => NOON });
    for (const notModified of [false, true, true]) {
      conditional.startReading();
      const answer = await get(server.origin, { signal: never(), conditional });
      expect(answer).toMatchObject({ status: 200, notModified });
      expect(answer.seenSince).toBe(notModified ? NOON - 8000 : null);
      expect(answer.bytes.toString()).toBe('{"v":1}');
    }
  });

  it('forgets what the last reading did not ask for', async () => {
    const server = await serve(() => ({ headers: { etag: '"v1"' }, body: '{}' }));
    const conditional = new ConditionalCache();
    const { get } = fetcher();
    for (const path of ['/a', '/b', '/a']) {
      conditional.startReading();
      await get(server.origin + path, { signal: never(), conditional });
    }
    const asked = server.requests.map((request) => request.headers['if-none-match']);
    expect(asked).toEqual([undefined, undefined, undefined]);
  });

  it('never remembers what was not an answer', async () => {
    const server = await serve(() => ({ status: 404, headers: { etag: '"no"' }, body: '{}' }));
    const conditional = new ConditionalCache();
    const { get } = fetcher();
    const ask = { signal: never(), conditional, alsoStatus: [404] };
    await get(server.origin, ask);
    await get(server.origin, ask);
    expect(server.requests[1]!.headers['if-none-match']).toBeUndefined();
  });
});

/** A server that says these words to whoever asks, and hangs up. */
async function rude(words: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(words));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}
