import { createServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serve } from './loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';

type Certificate = Awaited<ReturnType<typeof generate>>;

const DAY_MS = 86_400_000;
let good: Certificate;
let expired: Certificate;

beforeAll(async () => {
  good = await certificate({});
  const [notBeforeDate, notAfterDate] = [
    new Date(Date.now() - 2 * DAY_MS),
    new Date(Date.now() - DAY_MS),
  ];
  expired = await certificate({ notBeforeDate, notAfterDate });
});

/** For hub.example and 127.0.0.1, signed by itself. */
function certificate(dates: { notBeforeDate?: Date; notAfterDate?: Date }): Promise<Certificate> {
  const altNames = [
    { type: 2 as const, value: 'hub.example' },
    { type: 7 as const, ip: '127.0.0.1' },
  ];
  return generate([{ name: 'commonName', value: 'hub.example' }], {
    ...dates,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
}

const loopback: LookupFunction = (_host, _options, callback) => {
  callback(null, [{ address: '127.0.0.1', family: 4 }]);
};
const allowHosts = ['127.0.0.1', 'hub.example', 'other.example'];

async function tlsServer({ private: key, cert }: Certificate, location?: string) {
  const heard: (string | undefined)[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    heard.push(request.headers.authorization);
    if (location) response.writeHead(302, { location });
    response.end('{"secure":true}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  return { port: (server.address() as AddressInfo).port, heard };
}

describe('over TLS', () => {
  it.each(['hub.example', '127.0.0.1'])(
    '%s is asked, where its certificate is trusted',
    async (host) => {
      const { port } = await tlsServer(good);
      const { get, post } = fetcher({ allowHosts, lookup: loopback, ca: good.cert });
      const answer = await get(`https://${host}:${port}/`, { signal: never() });
      expect(answer.bytes.toString()).toBe('{"secure":true}');
      const what = { body: Buffer.from('x'), headers: {}, signal: never() };
      expect(await post(`https://${host}:${port}/`, what)).toMatchObject({ status: 200 });
    },
  );

  it.each([
    ['is signed by nobody who is trusted', 'hub.example', () => good, undefined],
    ['is for another name', 'other.example', () => good, () => good],
    ['has expired', 'hub.example', () => expired, () => expired],
  ])('nobody is told anything whose certificate %s', async (_what, host, shown, trusted) => {
    const server = await tlsServer(shown());
    const url = `https://${host}:${server.port}/`;
    const credentials = { [`${host}:${server.port}`]: { bearer: 'top-secret' } };
    const ca = trusted === undefined ? {} : { ca: trusted().cert };
    const { get, post } = fetcher({ allowHosts, credentials, lookup: loopback, ...ca });
    const what = { body: Buffer.from('x'), headers: {}, signal: never() };
    for (const ask of [() => get(url, { signal: never() }), () => post(url, what)]) {
      const error = await failureOf(ask());
      expect(error.code).toBe('connect');
      expect(error.message).toContain('certificate');
    }
    expect(server.heard).toEqual([]);
  });

  it('a credential goes along, and follows no redirect down to plain http', async () => {
    const plain = await serve();
    const server = await tlsServer(good, `http://hub.example:${plain.port}/`);
    const credentials = { [`hub.example:${server.port}`]: { bearer: 'top-secret' } };
    const { get } = fetcher({ allowHosts, credentials, lookup: loopback, ca: good.cert });
    const error = await failureOf(get(`https://hub.example:${server.port}/`, { signal: never() }));
    expect(error.code).toBe('redirect');
    expect(server.heard).toEqual(['Bearer top-secret']);
    expect(plain.connections).toBe(0);
  });
});
