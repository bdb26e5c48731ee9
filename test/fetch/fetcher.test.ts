import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../src/fetch/fetch-failure.ts';
import { createFetcher } from '../../src/fetch/fetcher.ts';
import { type Reply, serve } from './loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';
import { dripping, hangingUpAfter, pouring, rawServer, saying } from './raw-server.ts';

const NOON = Date.UTC(2026, 10, 17, 12);

describe('a fetch', () => {
  it('asks for fresh JSON, once', async () => {
    const server = await serve(() => ({ body: '{"a":1}' }));
    const answer = await fetcher().get(`${server.origin}/a?b=c`, { signal: never() });
    expect(answer).toMatchObject({ status: 200, etag: null, seenSince: null });
    expect(answer.bytes.toString()).toBe('{"a":1}');
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

  it('opens no more connections to one host than it may', async () => {
    const server = await serve();
    const { get } = fetcher({ connectionsPerHost: 3 });
    const asking = Array.from({ length: 20 }, () => get(server.origin, { signal: never() }));
    expect(await Promise.all(asking)).toHaveLength(20);
    expect(server.connections).toBe(3);
  });

  it('keeps no connections to more hosts than it may', async () => {
    const server = await rawServer(
      saying('HTTP/1.1 200 OK\r\nkeep-alive: timeout=600\r\ncontent-length: 0\r\n\r\n'),
    );
    const { get } = fetcher({
      allowHosts: ['a.example', 'b.example', 'c.example'],
      keptConnections: 2,
      lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const ask = async (host: string) => {
      await get(`http://${host}:${server.port}/`, { signal: never() });
      await setImmediate();
    };
    await ask('a.example');
    await ask('b.example');
    const closed = server.nextClose();
    await ask('c.example');
    await closed;
    for (const host of ['a.example', 'b.example']) await ask(host);
    expect(server.connections).toBe(3);
  });

  it('asks anew where the connection it kept was closed meanwhile', async () => {
    let asked = 0;
    const server = await rawServer((socket) => {
      asked += 1;
      if (asked === 2) socket.end();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    const { get } = fetcher();
    for (let reading = 0; reading < 2; reading++) {
      const answer = await get(server.origin, { signal: never() });
      expect(answer.bytes.toString()).toBe('{}');
      await setImmediate();
    }
    expect(server.connections).toBe(2);
    expect(server.requests).toHaveLength(3);
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

  it.each([
    ['announced', 'HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n'],
    ['unannounced', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['with an error status', 'HTTP/1.1 500 x\r\n\r\n'],
  ])('it should, and takes little more than the cap of ten gigabytes, %s', async (_how, head) => {
    let socket: Socket | null = null;
    const server = await rawServer((asking, request) => {
      socket = asking;
      pouring(head, Buffer.alloc(1024 * 1024))(asking, request);
    });
    const hungUp = server.nextClose();
    await failureOf(fetcher().get(server.origin, { signal: never() }));
    await hungUp;
    // The cap is 4 MiB; the rest is what the system had buffered on the way.
    expect(socket!.bytesWritten).toBeLessThan(20 * 1024 * 1024);
  });

  it('nothing, at exactly the cap', async () => {
    const server = await serve(() => ({ body: 'x'.repeat(1000) }));
    const answer = await fetcher({ maxBytes: 1000 }).get(server.origin, { signal: never() });
    expect(answer.bytes).toHaveLength(1000);
  });

  it('too-large, where a little gzip unpacks to a lot, and room is taken for the cap alone', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const server = await serve(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const { get } = fetcher({ maxBytes: 1024 * 1024 });
    const before = process.memoryUsage().arrayBuffers;
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('too-large, where a lot of gzip unpacks to nothing', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n';
    const server = await rawServer(pouring(head, gzipSync('')));
    const hungUp = server.nextClose();
    const { get } = fetcher({ maxBytes: 1000 });
    expect((await failureOf(get(server.origin, { signal: never() }))).code).toBe('too-large');
    await hungUp;
  });

  it.each(['gzip', 'br'])(
    'bad-encoding, where the body is not the %s it claims',
    async (encoding) => {
      const server = await serve(() => ({ headers: { 'content-encoding': encoding }, body: '{}' }));
      const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
      expect(error.code).toBe('bad-encoding');
    },
  );

  it('timeout, however slowly the answer goes on, and hangs up', async () => {
    const server = await rawServer(() => {});
    const { get } = fetcher({ timeoutMs: 100 });
    const body = 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n';
    for (const speak of [() => {}, dripping(body)]) {
      server.speak = speak;
      const hungUp = server.nextClose();
      const error = await failureOf(get(server.origin, { signal: never() }));
      expect(error.code).toBe('timeout');
      expect(error.message).toContain('within 100 ms');
      await hungUp;
    }
  });

  it('timeout, where a TLS handshake never ends', async () => {
    const server = await rawServer(() => {});
    const { get } = fetcher({ timeoutMs: 100 });
    const error = await failureOf(get(`https://${server.host}/`, { signal: never() }));
    expect(error.code).toBe('timeout');
  });

  it('timeout, where all connections are taken', async () => {
    const server = await rawServer(() => {});
    const { get, download } = fetcher({ timeoutMs: 300, connectionsPerHost: 1 });
    // It has limits of its own, and so the one connection for as long as the test lasts.
    const taking = new AbortController();
    const long = { headMs: 60_000, idleMs: 60_000, timeoutMs: 60_000, leastBytes: 1 };
    const bounds = { ...long, maxBytes: 10, onChunk: () => {} };
    const taken = download(server.origin, { ...bounds, signal: taking.signal });
    const asking = [1, 2, 3].map(() => failureOf(get(server.origin, { signal: never() })));
    const codes = (await Promise.all(asking)).map(({ code }) => code);
    expect(codes).toEqual(['timeout', 'timeout', 'timeout']);
    expect(server.requests).toHaveLength(1);
    taking.abort(new Error('not wanted'));
    await expect(taken).rejects.toThrow('not wanted');
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

  it('reset, where the other side breaks off', async () => {
    const server = await rawServer(
      hangingUpAfter('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    );
    const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
    expect(error.code).toBe('reset');
  });

  it('a FetchError that says nothing of labels', async () => {
    const server = await serve(() => ({ status: 503 }));
    const error = await failureOf(fetcher().get(server.origin, { signal: never() }));
    expect(error.message).toBe(`${server.origin}/ answered with status 503. It may work later.`);
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

describe('a conditional fetch', () => {
  const asked = (etag: string | null, reply: Reply) =>
    serve(() => reply).then(async (server) => {
      const { get } = fetcher({ now: () => NOON });
      return { server, answer: get(server.origin, { signal: never(), etag }) };
    });

  it('tells "not modified", with its age', async () => {
    const { server, answer } = await asked('"v1"', { status: 304, headers: { age: '7' } });
    expect(await answer).toMatchObject({ status: 304, etag: '"v1"', seenSince: NOON - 8000 });
    expect(server.requests[0]!.headers['if-none-match']).toBe('"v1"');
  });

  it.each([
    ['"v1"', 'W/"v1"'],
    ['W/"v1"', '"v1"'],
    ['v1', 'v1'],
  ])('of %s takes "not modified" of %s', async (etag, said) => {
    const { answer } = await asked(etag, { status: 304, headers: { etag: said } });
    expect(await answer).toMatchObject({ status: 304, etag: said });
  });

  it('takes no "not modified" of another version than it asked about', async () => {
    const { answer } = await asked('"v1"', { status: 304, headers: { etag: '"v2"' } });
    expect((await failureOf(answer)).code).toBe('http-status');
  });

  it('takes no "not modified" that it did not ask for', async () => {
    const { answer } = await asked(null, { status: 304 });
    expect((await failureOf(answer)).code).toBe('http-status');
  });

  it.each([
    ['W/"v1"', 'W/"v1"'],
    ['two words', null],
    ['"'.padEnd(300, 'x'), null],
    ['', null],
  ])('can ask next time about the version %j: %j', async (etag, next) => {
    const { answer } = await asked(null, { headers: { etag } });
    expect((await answer).etag).toBe(next);
  });
});
