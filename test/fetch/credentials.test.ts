import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bearers } from '../../src/fetch/credentials.ts';
import { createFetcher } from '../../src/fetch/fetcher.ts';
import { serve } from './loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';

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

  it('for a host by its name alone never goes over plain http', async () => {
    const bearerFor = bearers({ 'hub.example': { bearer: SECRET } }, () => true);
    expect(await bearerFor(new URL('https://hub.example/'))).toBe(SECRET);
    expect(await bearerFor(new URL('https://hub.example:443/'))).toBe(SECRET);
    for (const other of [
      'http://hub.example/',
      'http://hub.example:443/',
      'https://hub.example:8443/',
      'https://hub.example./',
      'https://a.hub.example/',
    ]) {
      expect(await bearerFor(new URL(other)), other).toBeNull();
    }
  });

  it('for a port goes over plain http only where the host may be asked so', async () => {
    const credentials = { 'hub.example:8080': { bearer: SECRET } };
    const url = new URL('http://hub.example:8080/');
    expect(await bearers(credentials, () => true)(url)).toBe(SECRET);
    expect(await bearers(credentials, () => false)(url)).toBeNull();
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
