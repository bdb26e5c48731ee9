import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { GrpcTypes, SuiGrpcClient } from '@mysten/sui/grpc';
import { describe, expect, it } from 'vitest';
import { serve } from './loopback-server.ts';
import { failureOf, fetcher } from './opened.ts';
import { breakingAfter, dripping, pouring, rawServer, saying } from './raw-server.ts';

describe('fetch', () => {
  it('posts bytes, and streams the answer with its headers as it comes', async () => {
    let sent = Buffer.alloc(0);
    const rest = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      request.on('data', (chunk) => {
        sent = Buffer.concat([sent, chunk]);
      });
      request.on('end', async () => {
        response.writeHead(200, {
          'content-type': 'application/grpc-web+proto',
          'grpc-status': '0',
        });
        response.write(Uint8Array.of(0, 1, 2));
        await rest.promise;
        response.end(Uint8Array.of(0x80, 3));
      });
      return undefined;
    });
    const { fetch } = fetcher();
    const answer = await fetch(`${server.origin}/sui.rpc.v2.LedgerService/BatchGetObjects?a=b`, {
      method: 'POST',
      headers: new globalThis.Headers({
        'content-type': 'application/grpc-web+proto',
        'x-grpc-web': '1',
      }),
      body: Uint8Array.of(0, 255, 128),
    });
    expect([answer.status, answer.ok, answer.url]).toEqual([
      200,
      true,
      `${server.origin}/sui.rpc.v2.LedgerService/BatchGetObjects?a=b`,
    ]);
    expect(answer.headers.get('grpc-status')).toBe('0');
    const reader = answer.body!.getReader();
    expect((await reader.read()).value).toEqual(Uint8Array.of(0, 1, 2));
    rest.resolve();
    expect((await reader.read()).value).toEqual(Uint8Array.of(0x80, 3));
    expect((await reader.read()).done).toBe(true);
    expect([...sent]).toEqual([0, 255, 128]);
    const [{ method, headers }] = server.requests as [(typeof server.requests)[0]];
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      'content-length': '3',
      'content-type': 'application/grpc-web+proto',
      'x-grpc-web': '1',
      'accept-encoding': 'identity',
      'user-agent': 'underlabel',
    });
  });

  it('gives statuses that are errors to the caller, and bodies in every form', async () => {
    const server = await serve(() => ({ status: 404, body: { a: 1 } }));
    const { fetch } = fetcher();
    for (const input of [server.origin, new URL(server.origin), new Request(server.origin)]) {
      const answer = await fetch(input);
      expect([answer.status, await answer.json()]).toEqual([404, { a: 1 }]);
    }
    server.handler = () => ({ status: 204 });
    expect((await fetch(server.origin)).body).toBeNull();
  });

  it('takes a Request with its method, headers and body', async () => {
    const server = await serve();
    const headers = { 'x-a': 'b' };
    await fetcher().fetch(new Request(server.origin, { method: 'PUT', headers, body: 'hello' }));
    expect(server.requests[0]).toMatchObject({ method: 'PUT', headers });
  });

  it('uses its connection again', async () => {
    const server = await serve(() => ({ body: 'hello' }));
    const { fetch } = fetcher();
    for (let asked = 0; asked < 3; asked++) {
      expect(await (await fetch(server.origin)).text()).toBe('hello');
      await setImmediate();
      await setImmediate();
    }
    expect(server.connections).toBe(1);
  });
});

describe('a gRPC-web client over fetch', () => {
  const frame = (kind: number, content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([Buffer.from([kind]), length, content]);
  };
  const headers = { 'content-type': 'application/grpc-web+proto' };
  const asking = (baseUrl: string) =>
    new SuiGrpcClient({
      network: 'testnet',
      baseUrl,
      fetch: fetcher().fetch,
    }).ledgerService.getServiceInfo({});

  it('reads answers and their trailers', async () => {
    const info = GrpcTypes.GetServiceInfoResponse.toBinary({ chain: 'stand-in', epoch: 7n });
    const trailers = Buffer.from('grpc-status: 0\r\nx-note: kept\r\n');
    const body = Buffer.concat([frame(0, info), frame(0x80, trailers)]);
    const server = await serve(() => ({ headers, body }));
    const { response, status, trailers: read } = await asking(server.origin);
    expect(response).toMatchObject({ chain: 'stand-in', epoch: 7n });
    expect([status.code, read['x-note']]).toEqual(['OK', 'kept']);
  });

  it('reads refusals, in headers or in trailers', async () => {
    const refusal = { 'grpc-status': '8', 'grpc-message': 'slower' };
    const server = await serve(() => ({ headers: { ...headers, ...refusal } }));
    const expected = { code: 'RESOURCE_EXHAUSTED', message: 'slower' };
    await expect(asking(server.origin)).rejects.toMatchObject(expected);
    const trailers = Buffer.from('grpc-status: 8\r\ngrpc-message: slower\r\n');
    server.handler = () => ({ headers, body: frame(0x80, trailers) });
    await expect(asking(server.origin)).rejects.toMatchObject(expected);
  });

  it('says why nothing was asked', async () => {
    const refused = asking('https://10.0.0.1');
    await expect(refused).rejects.toThrow('UNDERLABEL_ALLOW_HOSTS');
  });
});

describe('fetch fails as', () => {
  it.each(['not a url', ''])("the web's own does, at %j", async (address) => {
    await expect(fetcher().fetch(address)).rejects.toBeInstanceOf(TypeError);
  });

  it('too-large, whether or not the length is announced', async () => {
    const { fetch } = fetcher({ webMaxBytes: 1000 });
    const server = await rawServer(
      saying('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n'),
    );
    let hungUp = server.nextClose();
    expect((await failureOf(fetch(server.origin))).code).toBe('too-large');
    await hungUp;
    server.speak = pouring('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(2 ** 16));
    hungUp = server.nextClose();
    const answer = await fetch(server.origin);
    expect((await failureOf(answer.arrayBuffer())).code).toBe('too-large');
    await hungUp;
  });

  it('timeout, before and in the middle of a body, also where nobody reads it', async () => {
    const server = await rawServer(() => {});
    const { fetch } = fetcher({ webTimeoutMs: 100 });
    let hungUp = server.nextClose();
    expect((await failureOf(fetch(server.origin))).code).toBe('timeout');
    await hungUp;
    server.speak = dripping('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    hungUp = server.nextClose();
    expect((await failureOf((await fetch(server.origin)).text())).code).toBe('timeout');
    await hungUp;
    hungUp = server.nextClose();
    await fetch(server.origin);
    await hungUp;
  });

  it('bad-encoding, where it comes packed: a bomb is never unpacked', async () => {
    const body = gzipSync(Buffer.alloc(2 ** 24));
    const server = await serve(() => ({ headers: { 'content-encoding': 'gzip' }, body }));
    expect((await failureOf(fetcher().fetch(server.origin))).code).toBe('bad-encoding');
  });

  it('reset, where the answer breaks off', async () => {
    const server = await rawServer(
      breakingAfter('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    );
    const answer = await fetcher().fetch(server.origin);
    expect((await failureOf(answer.text())).code).toBe('reset');
  });

  it('connect, where no TLS is spoken, and at a port that the web refuses', async () => {
    const server = await serve();
    const { fetch } = fetcher();
    expect((await failureOf(fetch(`https://${server.host}/`))).code).toBe('connect');
    const refused = await failureOf(fetch('http://127.0.0.1:25/'));
    expect(refused).toMatchObject({
      code: 'connect',
      message: expect.stringContaining('bad port'),
    });
  });
});

describe('a caller of fetch who aborts', () => {
  it('gets the reason back, and no connection stays', async () => {
    const reason = new Error('shutting down');
    const server = await rawServer(() => {});
    const { fetch } = fetcher();
    await expect(fetch(server.origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.connections).toBe(0);
    for (const words of ['', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf']) {
      const controller = new AbortController();
      const asked = Promise.withResolvers<void>();
      server.speak = (socket) => {
        socket.write(words);
        asked.resolve();
      };
      const hungUp = server.nextClose();
      const answer = fetch(server.origin, { signal: controller.signal }).then((response) =>
        response.text(),
      );
      await asked.promise;
      controller.abort(reason);
      await expect(answer).rejects.toBe(reason);
      await hungUp;
    }
  });

  it('of a body that is no longer wanted hangs up', async () => {
    const server = await rawServer(pouring('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(2 ** 16)));
    const hungUp = server.nextClose();
    const answer = await fetcher().fetch(server.origin);
    await answer.body!.cancel();
    await hungUp;
  });
});

describe('a credential in fetch', () => {
  const SECRET = 'top-secret';

  it("goes to its host alone, and a caller's own goes before it", async () => {
    const [trusted, other] = [await serve(), await serve()];
    const { fetch } = fetcher({ credentials: { [trusted.host]: { bearer: SECRET } } });
    await fetch(trusted.origin);
    await fetch(trusted.origin, { headers: { authorization: 'Basic own' } });
    await fetch(other.origin);
    const sent = [...trusted.requests, ...other.requests].map(
      ({ headers }) => headers.authorization,
    );
    expect(sent).toEqual([`Bearer ${SECRET}`, 'Basic own', undefined]);
  });

  it('is not taken back, neither in a header nor in a body', async () => {
    const server = await serve(() => ({ headers: { 'grpc-message': SECRET } }));
    const { fetch } = fetcher({ credentials: { [server.host]: { bearer: SECRET } } });
    expect((await failureOf(fetch(server.origin))).code).toBe('echoed-credential');
    server.handler = () => ({ body: `you sent ${SECRET}` });
    const answer = await fetch(server.origin);
    expect((await failureOf(answer.text())).code).toBe('echoed-credential');
  });
});
