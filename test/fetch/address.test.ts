import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressProblem, allowList, parseHost } from '../../src/fetch/address.ts';
import { serve } from '../sources/loopback-server.ts';
import { failureOf, fetcher, never } from './opened.ts';

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

describe('an address that is not allowed', () => {
  it.each(REFUSED)('%s is refused, and nobody is connected to', async (address) => {
    const server = await serve();
    const url = address.replace('PORT', String(server.port));
    // Whatever the machine says of its own name: loopback.
    const lookup = answering([{ address: '127.0.0.1', family: 4 }]);
    const asking = fetcher({ allowHosts: [], lookup }).get(url, { signal: never() });
    const error = await failureOf(asking);
    expect(error.code).toBe('refused-address');
    expect(error.message).not.toContain('secret');
    expect(server.connections).toBe(0);
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
  it.each(privately)(
    'that resolves to %s is refused as it is connected to',
    async (address, family) => {
      const lookup = answering([{ address, family }]);
      const asking = fetcher({ lookup }).get('https://hub.example/', { signal: never() });
      const error = await failureOf(asking);
      expect(error.code).toBe('refused-address');
      expect(error.message).toContain('UNDERLABEL_ALLOW_HOSTS');
    },
  );

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

function answering(addresses: { address: string; family: number }[]): LookupFunction {
  return (_host, _options, callback) => callback(null, addresses);
}
