/** What goes wrong before a hub says a word, or while it takes its time: each fails by its name. */
import type { LookupFunction } from 'node:net';
import { expect, it } from 'vitest';
import { openSource } from '../../src/sources/index.ts';
import { fetcher, never } from '../fetch/opened.ts';
import { dripping, pouring, rawServer, type Speak } from '../fetch/raw-server.ts';
import { http, TRUTH } from './hostile-answers.ts';
import { failureOf } from './opened.ts';

/** Said of a host's addresses from now on. */
type Lookup = (answer: Parameters<LookupFunction>[2]) => void;

const failing =
  (code: string): Lookup =>
  (answer) =>
    answer(Object.assign(new Error('no'), { code }), []);
const at =
  (...addresses: string[]): Lookup =>
  (answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const LOOKUPS: [name: string, lookup: Lookup, code: string][] = [
  ['a name that is gone', failing('ENOTFOUND'), 'dns'],
  ['a name without an address', failing('ENODATA'), 'dns'],
  ['a name server that is busy', failing('EAI_AGAIN'), 'dns'],
  ['a name server that fails', failing('EAI_FAIL'), 'dns'],
  ['a name with no address at all', at(), 'dns'],
  ['a name server that never answers', () => {}, 'timeout'],
  ['a name that moved to loopback', at('127.0.0.1'), 'refused-address'],
  ['a name that moved to a private network', at('10.0.0.1'), 'refused-address'],
  ['a name that moved to a metadata service', at('169.254.169.254'), 'refused-address'],
  ['a name that moved to a private network of IPv6', at('fd00::1'), 'refused-address'],
  ['a name with private addresses only', at('127.0.0.1', '::1', '10.0.0.1'), 'refused-address'],
];

it.each(LOOKUPS)('%s', async (_name, lookup, code) => {
  const server = await rawServer(http(200, TRUTH));
  const means = {
    fetcher: fetcher({
      allowHosts: [],
      timeoutMs: 100,
      lookup: (_host, _options, answer) => lookup(answer),
    }),
    allowFiles: null,
  };
  const spec = { kind: 'manifest', url: `https://hub.example:${server.port}/m.json` } as const;
  const error = await failureOf(openSource(spec, means)!.read(never()));
  expect(error.code).toBe(code);
  expect(error.message).toContain('says nothing about the label');
  expect(error.raw).toBeNull();
  expect(server.connections).toBe(0);
});

const OK = 'HTTP/1.1 200 OK\r\n';
const SLOW: [name: string, speak: Speak][] = [
  ['silence', () => {}],
  ['an interim answer that never ends', dripping('HTTP/1.1 102 Wait\r\n', 'x: y\r\n')],
  ['a first line that never ends', dripping('HTTP/1.1 200 ')],
  ['a trickle of headers', dripping(OK, 'x: y\r\n')],
  ['a header that never ends', dripping(`${OK}x: `)],
  ['a trickle of a body', dripping(`${OK}content-length: 100000\r\n\r\n`, ' ')],
  ['a trickle of a body without a length', dripping(`${OK}\r\n`, ' ')],
  ['a trickle of chunks', dripping(`${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n')],
  ['a chunk that never begins', dripping(`${OK}transfer-encoding: chunked\r\n\r\n`, '0')],
  ['a trickle of trailers', dripping(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'x: y\r\n')],
  [
    'a flood of words beside a chunk',
    pouring(`${OK}transfer-encoding: chunked\r\n\r\n1;`, 'x'.repeat(1000)),
  ],
];

it.each(SLOW)('%s', async (_name, speak) => {
  const server = await rawServer(http(200, TRUTH));
  const means = { fetcher: fetcher({ timeoutMs: 300 }), allowFiles: null };
  const spec = { kind: 'manifest', url: `${server.origin}/m.json` } as const;
  const source = openSource(spec, means)!;
  const first = await source.read(never());
  server.speak = speak;
  const hungUp = server.nextClose();
  const error = await failureOf(source.read(never()));
  expect(error.code).toBe('timeout');
  expect(error.message).toContain('says nothing about the label');
  await hungUp;
  server.speak = http(200, TRUTH);
  expect((await source.read(never())).files).toEqual(first.files);
});
