import { type LookupFunction, Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addressProblem, allowList, guardedLookup, parseHost } from '../../src/fetch/address.ts';
import type { FetcherOptions } from '../../src/fetch/fetcher.ts';
import { serve } from './loopback-server.ts';
import { failureOf, fetcher, never, wanted } from './opened.ts';

/** PORT stands for a server that would answer. */
const REFUSED = [
  // Plain http to anywhere that isn't allowed.
  'http://example.com/',
  'http://127.0.0.1:PORT/',
  'http://8.8.8.8/',
  // Loopback, in every spelling a URL allows.
  'https://127.0.0.1:PORT/',
  'https://127.1:PORT/',
  'https://127.0.1:PORT/',
  'https://2130706433:PORT/',
  'https://0x7f000001:PORT/',
  'https://0x7f.0.0.1:PORT/',
  'https://0177.0.0.1:PORT/',
  'https://017700000001:PORT/',
  'https://127.0.0.1.:PORT/',
  'https://127.255.255.254:PORT/',
  'https://１２７.０.０.１:PORT/',
  'https://127%2e0%2e0%2e1:PORT/',
  'https://①②⑦.0.0.1:PORT/',
  'https://[::1]:PORT/',
  'https://[0:0:0:0:0:0:0:1]:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://[::ffff:7f00:1]:PORT/',
  'https://[::127.0.0.1]:PORT/',
  'https://[::ffff:0:127.0.0.1]:PORT/',
  'https://[64:ff9b::127.0.0.1]:PORT/',
  'https://[64:ff9b:1::7f00:1]:PORT/',
  'https://[2002:7f00:1::]:PORT/',
  'https://localhost:PORT/',
  'https://LOCALHOST:PORT/',
  'https://localhost.:PORT/',
  // This host, private networks, carrier-grade NAT.
  'https://0.0.0.0:PORT/',
  'https://0:PORT/',
  'https://[::]:PORT/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[fec0::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::a00:1]/',
  'https://[2002:c0a8:101::1]/',
  // Link-local and metadata services.
  'https://169.254.169.254/latest/meta-data/',
  'https://[::ffff:169.254.169.254]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://100.100.100.200/',
  'https://168.63.129.16/',
  'https://192.0.0.192/',
  // Multicast, broadcast, documentation, benchmarks, reserved.
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://240.0.0.1/',
  'https://192.0.2.1/',
  'https://198.51.100.1/',
  'https://203.0.113.1/',
  'https://198.18.0.1/',
  'https://192.88.99.1/',
  'https://[ff02::1]/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[2001::1]/',
  'https://[100::1]/',
  'https://[5f00::1]/',
  'https://[4000::1]/',
  // Not the web at all, or a secret in the address.
  'ftp://example.com/',
  'file:///etc/passwd',
  'data:application/json,{}',
  'gopher://example.com/',
  'https://user:secret@example.com/',
  'https://user@example.com/',
];

/** Redirects are not followed, so where they point is never even looked at. */
const REDIRECTED_TO = [
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://[::1]:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  'https://10.0.0.1/',
  '//127.0.0.1:PORT/',
  '/elsewhere',
  '?again',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/',
  'javascript:alert(1)',
  'not a url at all',
];

const METHODS = ['get', 'post', 'download', 'fetch'] as const;
type Method = (typeof METHODS)[number];

/** All ways to ask. */
function asking(method: Method, options: Partial<FetcherOptions>, url: string): Promise<unknown> {
  const { get, post, download, fetch } = fetcher(options);
  if (method === 'get') return get(url, { signal: never() });
  if (method === 'download') return download(url, { ...wanted(), onChunk: () => {} });
  if (method === 'fetch') return fetch(url);
  return post(url, { body: Buffer.from('x'), headers: {}, signal: never() });
}

describe.each(METHODS)('an address that is not allowed: %s', (method) => {
  it.each(REFUSED)('%s is refused, and nobody is connected to', async (address) => {
    const server = await serve();
    const connect = vi.spyOn(Socket.prototype, 'connect');
    onTestFinished(() => connect.mockRestore());
    // Whatever the machine says of its own name: loopback.
    const lookup = vi.fn(answering([{ address: '127.0.0.1', family: 4 }]));
    const url = address.replace('PORT', String(server.port));
    const error = await failureOf(asking(method, { allowHosts: [], lookup }, url));
    expect(error.code).toBe('refused-address');
    expect(error.message).not.toContain('secret');
    // A name is looked up as it would be connected to; all else doesn't get that far.
    expect(connect.mock.calls.length).toBe(lookup.mock.calls.length);
    expect(server.connections).toBe(0);
  });
});

describe.each(METHODS)('a redirect: %s', (method) => {
  it.each(REDIRECTED_TO)('to %s is not followed', async (target) => {
    const elsewhere = await serve();
    const location = target.replace('PORT', String(elsewhere.port));
    const server = await serve(() => ({ status: 307, headers: { location } }));
    const answer = asking(method, { allowHosts: ['127.0.0.1'] }, server.origin);
    if (method === 'post') expect(await answer).toMatchObject({ status: 307 });
    else expect((await failureOf(answer)).code).toBe('redirect');
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.connections).toBe(0);
  });
});

describe('a name', () => {
  const privately: [string, number][] = [
    ['10.0.0.1', 4],
    ['169.254.169.254', 4],
    ['::1', 6],
    ['::ffff:127.0.0.1', 6],
    ['fd00::1', 6],
  ];
  describe.each(METHODS)('%s', (method) => {
    it.each(privately)(
      'that resolves to %s is refused as it is connected to',
      async (address, family) => {
        const server = await serve();
        const lookup = answering([{ address, family }]);
        const url = `https://hub.example:${server.port}/`;
        const error = await failureOf(asking(method, { lookup }, url));
        expect(error.code).toBe('refused-address');
        expect(error.message).toContain('UNDERLABEL_ALLOW_HOSTS');
        expect(server.connections).toBe(0);
      },
    );
  });

  it('that resolves to public and private addresses is connected to at the public ones', () => {
    const found = [
      { address: '127.0.0.1', family: 4 },
      { address: '8.8.8.8', family: 4 },
      { address: '::ffff:10.0.0.1', family: 6 },
    ];
    expect(guarded(answering(found))).toEqual([[{ address: '8.8.8.8', family: 4 }]]);
  });

  it('that was public when it was first looked up gains nothing by being private the next time', () => {
    let asked = 0;
    const moving: LookupFunction = (_host, _options, callback) => {
      asked += 1;
      const address = asked === 1 ? '8.8.8.8' : '127.0.0.1';
      callback(null, [{ address, family: 4 }]);
    };
    const [first, second] = guarded(moving, 2);
    expect(first).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(second).toMatchObject({ code: 'refused-address' });
    expect(asked).toBe(2);
  });

  it('is checked at each connection, so that it gains nothing by moving afterwards', async () => {
    const server = await serve();
    let asked = 0;
    const lookup: LookupFunction = (_host, _options, callback) => {
      asked += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const { get } = fetcher({ lookup });
    for (const attempt of [1, 2]) {
      const asking = get(`https://hub.example:${server.port}/`, { signal: never() });
      expect((await failureOf(asking)).code).toBe('refused-address');
      expect(asked).toBe(attempt);
    }
    expect(server.connections).toBe(0);
  });

  it('that is allowed may be private and plain http', async () => {
    const server = await serve(() => ({ body: '{}' }));
    const lookup = answering([{ address: '127.0.0.1', family: 4 }]);
    const { get } = fetcher({ allowHosts: ['hub.example'], lookup });
    const answer = await get(`http://HUB.example:${server.port}/`, { signal: never() });
    expect(answer.bytes.toString()).toBe('{}');
  });

  it('that is allowed with a port is allowed on that port only', async () => {
    const server = await serve(() => ({ body: '{}' }));
    const { get } = fetcher({ allowHosts: [`127.0.0.1:${server.port}`] });
    await expect(get(server.origin, { signal: never() })).resolves.toMatchObject({ status: 200 });
    const other = await failureOf(get('http://127.0.0.1:1/', { signal: never() }));
    expect(other.code).toBe('refused-address');
  });
});

describe('public addresses', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('%s may be connected to', (address) => {
    expect(addressProblem(address)).toBeNull();
  });
});

describe('the list of allowed hosts', () => {
  it.each([
    ['Example.COM', { name: 'example.com', port: null }],
    ['example.com:443', { name: 'example.com', port: 443 }],
    [' 127.1 ', { name: '127.0.0.1', port: null }],
    ['::1', { name: '[::1]', port: null }],
    ['[::1]:8080', { name: '[::1]', port: 8080 }],
    ['https://example.com', null],
    ['example.com/path', null],
    ['user@example.com', null],
    ['', null],
    ['a b', null],
  ])('reads %j', (text, expected) => {
    expect(parseHost(text)).toEqual(expected);
  });

  it('says which entry is no host', () => {
    expect(() => allowList(['fine.example', 'http://no'])).toThrow('"http://no" is not a host');
  });
});

/** What a connection is given to go to, at each of several look-ups: addresses, or why none. */
function guarded(lookup: LookupFunction, times = 1): unknown[] {
  const given: unknown[] = [];
  for (let time = 0; time < times; time++) {
    guardedLookup(lookup)('hub.example', { all: true }, (error, addresses) => {
      given.push(error ?? addresses);
    });
  }
  return given;
}

function answering(addresses: { address: string; family: number }[]): LookupFunction {
  return (_host, _options, callback) => callback(null, addresses);
}
