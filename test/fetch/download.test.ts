import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DownloadHead, FetcherOptions } from '../../src/fetch/fetcher.ts';
import { type Reply, serve } from './loopback-server.ts';
import { failureOf, fetcher, never, wanted } from './opened.ts';
import {
  breakingAfter,
  dripping,
  hangingUpAfter,
  pouring,
  rawServer,
  saying,
} from './raw-server.ts';

type Wishes = Partial<Parameters<ReturnType<typeof fetcher>['download']>[1]>;

/** A download whose pieces are kept. */
function downloading(url: string, wishes: Wishes = {}, options: Partial<FetcherOptions> = {}) {
  const chunks: Buffer[] = [];
  const heads: DownloadHead[] = [];
  const done = fetcher(options).download(url, {
    ...wanted(),
    onHead: (head) => void heads.push(head),
    onChunk: (chunk) => void chunks.push(chunk),
    ...wishes,
  });
  return { done, heads, text: () => Buffer.concat(chunks).toString() };
}

const from = (reply: Reply) => serve(() => reply);

describe('a download', () => {
  it('hands on the bytes, and tells how the answer began', async () => {
    const headers = { etag: 'unquoted', 'retry-after': '7', 'content-length': '5' };
    const server = await from({ headers, body: 'hello' });
    const { done, heads, text } = downloading(`${server.origin}/a?b=c`);
    const head = { status: 200, contentLength: 5, range: null, etag: 'unquoted' };
    expect(await done).toEqual({ ...head, retryAfterSeconds: 7, saysItsEnd: true, bytes: 5 });
    expect(heads).toMatchObject([head]);
    expect(text()).toBe('hello');
    expect(server.requests[0]!.url).toBe('/a?b=c');
    expect(server.requests[0]!.headers).toMatchObject({
      'accept-encoding': 'identity',
      'cache-control': 'no-cache',
      'user-agent': 'underlabel',
    });
    expect(server.requests[0]!.headers.range).toBeUndefined();
  });

  it.each([
    [{ from: 5 }, 'bytes=5-'],
    [{ from: 0, to: 9 }, 'bytes=0-9'],
    [{ to: 9 }, 'bytes=0-9'],
  ])('asks for the part %j as %s', async (part, range) => {
    const server = await from({
      status: 206,
      headers: { 'content-range': 'bytes 5-6/7' },
      body: 'xy',
    });
    const { done } = downloading(server.origin, part);
    expect(await done).toMatchObject({
      status: 206,
      range: { part: { first: 5, last: 6 }, total: 7 },
    });
    expect(server.requests[0]!.headers.range).toBe(range);
  });

  it('takes no part that it did not ask for', async () => {
    const server = await from({
      status: 206,
      headers: { 'content-range': 'bytes 0-1/2' },
      body: 'xy',
    });
    const { done } = downloading(server.origin, { alsoStatus: [206] });
    expect((await failureOf(done)).code).toBe('http-status');
  });

  it('takes other statuses where it is told to', async () => {
    const headers = { 'content-range': 'bytes */5' };
    const server = await from({ status: 416, headers, body: 'no' });
    const { done, text } = downloading(server.origin, { from: 9, alsoStatus: [416] });
    expect(await done).toMatchObject({ status: 416, range: { part: null, total: 5 } });
    expect(text()).toBe('no');
  });

  it.each([
    ['content-length: 5\r\n\r\nhello', true, 5],
    ['transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', true, null],
    ['\r\nhello', false, null],
  ])('tells whether the answer says where it ends: %j', async (rest, saysItsEnd, contentLength) => {
    const server = await rawServer(hangingUpAfter(`HTTP/1.1 200 OK\r\n${rest}`));
    const { done, text } = downloading(server.origin);
    expect(await done).toMatchObject({ saysItsEnd, contentLength, bytes: 5 });
    expect(text()).toBe('hello');
  });

  it('reads no faster than the pieces are taken, and waits for the last one', async () => {
    let socket: Socket | null = null;
    const piece = Buffer.alloc(1024 * 1024);
    const server = await rawServer((asking, request) => {
      socket = asking;
      pouring(`HTTP/1.1 200 OK\r\ncontent-length: ${64 * piece.length}\r\n\r\n`, piece)(
        asking,
        request,
      );
    });
    const first = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    let taken = 0;
    const { done } = downloading(server.origin, {
      maxBytes: 64 * piece.length,
      onChunk: async (chunk) => {
        first.resolve();
        await free.promise;
        taken += chunk.length;
      },
    });
    await first.promise;
    for (let turn = 0; turn < 200; turn++) await setImmediate();
    expect(socket!.bytesWritten).toBeLessThan(32 * piece.length);
    free.resolve();
    expect((await done).bytes).toBe(64 * piece.length);
    expect(taken).toBe(64 * piece.length);
  });

  it('is not silent while it is us who take our time', async () => {
    const server = await from({ body: 'x'.repeat(300_000) });
    const slow = new Promise((resolve) => setTimeout(resolve, 120));
    const { done } = downloading(server.origin, { idleMs: 60, onChunk: () => slow.then(() => {}) });
    expect((await done).bytes).toBe(300_000);
  });

  it('cuts off what lies past the limit where it is told to', async () => {
    const server = await rawServer(
      pouring('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n', 'xyz'.repeat(20_000)),
    );
    const hungUp = server.nextClose();
    const { done, text } = downloading(server.origin, { maxBytes: 4, cutAtMax: true });
    expect(await done).toMatchObject({ bytes: 4, contentLength: 10737418240 });
    expect(text()).toBe('xyzx');
    await hungUp;
  });

  it('asks anew where the connection it kept was closed meanwhile', async () => {
    let asked = 0;
    const server = await rawServer((socket) => {
      asked += 1;
      if (asked === 2) socket.end();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    const { download } = fetcher();
    for (let reading = 0; reading < 2; reading++) {
      const { bytes } = await download(server.origin, { ...wanted(), onChunk: () => {} });
      expect(bytes).toBe(2);
      await setImmediate();
    }
    expect(server.requests).toHaveLength(3);
  });
});

describe('a download fails as', () => {
  it('a status, with the beginning of what was said beside it', async () => {
    const headers = { 'retry-after': '3' };
    const server = await from({ status: 503, headers, body: 'x'.repeat(100_000) });
    const error = await failureOf(downloading(server.origin).done);
    expect(error).toMatchObject({ code: 'http-status', status: 503, retryAfterSeconds: 3 });
    expect(error.body).toHaveLength(4096);
  });

  it.each([
    ['announced', 'HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n'],
    ['chunked without end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['without any length', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('too-large, at ten gigabytes %s, and hangs up', async (_how, head) => {
    let socket: Socket | null = null;
    const chunked = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(2 ** 20),
      Buffer.from('\r\n'),
    ]);
    const server = await rawServer((asking, request) => {
      socket = asking;
      pouring(head, chunked)(asking, request);
    });
    const hungUp = server.nextClose();
    const { done, text } = downloading(server.origin);
    expect((await failureOf(done)).code).toBe('too-large');
    await hungUp;
    expect(text().length).toBeLessThanOrEqual(1_000_000);
    expect(socket!.bytesWritten).toBeLessThan(20 * 2 ** 20);
  });

  it('nothing, at exactly the limit', async () => {
    const server = await from({ body: 'x'.repeat(1000) });
    expect((await downloading(server.origin, { maxBytes: 1000 }).done).bytes).toBe(1000);
  });

  it.each(['gzip', 'br', 'identity, gzip'])(
    'bad-encoding, where it comes as %s',
    async (encoding) => {
      const server = await from({
        headers: { 'content-encoding': encoding },
        body: gzipSync('hello'),
      });
      const { done, text } = downloading(server.origin);
      expect((await failureOf(done)).code).toBe('bad-encoding');
      expect(text()).toBe('');
    },
  );

  it('reset, where it breaks off, once all that came is taken', async () => {
    const server = await rawServer(
      breakingAfter('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    );
    const { done, text } = downloading(server.origin);
    expect((await failureOf(done)).code).toBe('reset');
    expect(text()).toBe('half');
  });

  it.each([
    ['no head comes', () => {}, 'headMs'],
    ['its body stops', saying('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), 'idleMs'],
    ['an error text stops', saying('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'), 'idleMs'],
  ] as const)('timeout, where %s', async (_what, speak, limit) => {
    const server = await rawServer(speak);
    const hungUp = server.nextClose();
    const error = await failureOf(downloading(server.origin, { [limit]: 80 }).done);
    expect(error.code).toBe('timeout');
    expect(error.message).toContain('for 80 ms');
    await hungUp;
  });

  it('timeout, where it trickles', async () => {
    const server = await rawServer(dripping('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'));
    const trickling = downloading(server.origin, { idleMs: 150, leastBytes: 1000 });
    expect((await failureOf(trickling.done)).message).toContain('for 150 ms');
    const hungUp = server.nextClose();
    const slow = downloading(server.origin, { idleMs: 1000, timeoutMs: 150 });
    expect((await failureOf(slow.done)).message).toContain('within 150 ms');
    await hungUp;
  });

  it('what took its pieces or its head threw, as it was thrown', async () => {
    const server = await from({ body: 'hello' });
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const failing = () => Promise.reject(full);
    await expect(downloading(server.origin, { onChunk: failing }).done).rejects.toBe(full);
    await expect(downloading(server.origin, { onHead: failing }).done).rejects.toBe(full);
  });
});

describe('a download with a credential', () => {
  const SECRET = 'top-secret';

  it('sends it to its host alone', async () => {
    const [trusted, other] = [await serve(), await serve()];
    const options = { credentials: { [trusted.host]: { bearer: SECRET } } };
    for (const { origin } of [trusted, other]) await downloading(origin, {}, options).done;
    expect(trusted.requests[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('takes none that comes back', async () => {
    const server = await from({ headers: { etag: SECRET }, body: `you sent ${SECRET}` });
    const options = { credentials: { [server.host]: { bearer: SECRET } } };
    const { done, heads, text } = downloading(server.origin, {}, options);
    expect((await failureOf(done)).code).toBe('echoed-credential');
    expect(heads).toMatchObject([{ etag: null }]);
    expect(text()).toBe('');
    server.handler = () => ({ status: 500, body: `you sent ${SECRET}` });
    const error = await failureOf(downloading(server.origin, {}, options).done);
    expect(error).toMatchObject({ status: 500 });
    expect(error.body!.toString()).toBe('');
  });
});

describe('a caller who aborts a download', () => {
  it.each([
    ['before', 'HTTP/1.1 200 OK\r\n'],
    ['in the middle of', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'],
  ])('%s its body gets the reason back, and no connection stays', async (_when, words) => {
    const reason = new Error('shutting down');
    const controller = new AbortController();
    const server = await rawServer((socket) => {
      socket.write(words, () => {
        if (!words.includes('half')) controller.abort(reason);
      });
    });
    const hungUp = server.nextClose();
    const onChunk = () => controller.abort(reason);
    const { done } = downloading(server.origin, { signal: controller.signal, onChunk });
    await expect(done).rejects.toBe(reason);
    await hungUp;
  });

  it('before it begins connects to nobody', async () => {
    const server = await serve();
    const reason = new Error('shutting down');
    const { done } = downloading(server.origin, { signal: AbortSignal.abort(reason) });
    await expect(done).rejects.toBe(reason);
    expect(server.connections).toBe(0);
    expect(never().aborted).toBe(false);
  });
});
