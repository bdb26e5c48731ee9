/**
 * Every way a hub can lie, break or babble that somebody has thought of, by name. What can be taken
 * for an artifact names another one than the label has: believed, it would show as a change.
 */
import { gzipSync } from 'node:zlib';
import { breakingAfter, hangingUpAfter, pouring, type Speak, saying } from '../fetch/raw-server.ts';
import { blobNamed } from '../http/service-under-test.ts';

export interface Hostile {
  name: string;
  speak: Speak;
  /** What the failed reading is filed under; null where the answer says what was said before. */
  code: string | null;
  /** What its error text says. */
  words: string | RegExp;
}

export const TRUE_ID = blobNamed('true');
export const LIE_ID = blobNamed('lie');
export const TRUTH = { files: [{ path: 'model.onnx', blobId: TRUE_ID }] };
export const LIE = { files: [{ path: 'model.onnx', blobId: LIE_ID }] };
export const LIE_TEXT = JSON.stringify(LIE);
/** The version that every good answer carries. */
export const ETAG = '"good"';

type Headers = Record<string, string | string[]>;

/** A whole answer. Text and bytes go as they are, all else as JSON. */
export function http(status: number, content: unknown = LIE, headers: Headers = {}): Speak {
  const raw = typeof content === 'string' || content instanceof Uint8Array;
  const body = Buffer.from(raw ? content : JSON.stringify(content));
  const lines = head(`HTTP/1.1 ${status} x`, { 'content-length': `${body.length}`, ...headers });
  return saying(Buffer.concat([Buffer.from(lines), body]));
}

function head(first: string, headers: Headers): string {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  return `${first}\r\n${lines.join('')}\r\n`;
}

const ok = (headers: Headers = {}) => head('HTTP/1.1 200 OK', headers);
const LENGTH = { 'content-length': `${LIE_TEXT.length}` };
const CHUNKED = { 'transfer-encoding': 'chunked' };
const GZIP = { 'content-encoding': 'gzip' };
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const megabyte = Buffer.alloc(1024 * 1024, ' ');
const TEN_GIGABYTES = `${10 * 1024 ** 3}`;
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

export type Row = [
  name: string,
  speak: Speak,
  code: string | null,
  words?: string | RegExp | undefined,
];
export const named = (rows: Row[]): Hostile[] =>
  rows.map(([name, speak, code, words = '']) => ({ name, speak, code, words }));

/** Answers that are no HTTP, or not all of it. */
const BROKEN: Row[] = [
  ['a reset before a word', breakingAfter(''), 'reset'],
  ['a reset in the headers', breakingAfter('HTTP/1.1 200 OK\r\ncontent-le'), 'reset'],
  ['a reset in the body', breakingAfter(ok({ 'content-length': '100' }) + LIE_TEXT), 'reset'],
  ['a hang-up before a word', hangingUpAfter(''), 'reset'],
  ['a hang-up in the first line', hangingUpAfter('HTTP/1.1 2'), 'reset'],
  ['a hang-up in the headers', hangingUpAfter('HTTP/1.1 200 OK\r\ncontent-type: a'), 'reset'],
  ['half a body', hangingUpAfter(ok(LENGTH) + LIE_TEXT.slice(0, 20)), 'reset'],
  [
    'a whole body, shorter than it says',
    hangingUpAfter(ok({ 'content-length': '1000' }) + LIE_TEXT),
    'reset',
  ],
  ['chunks broken off', hangingUpAfter(ok(CHUNKED) + chunk(LIE_TEXT)), 'reset'],
  ['a chunk broken off', hangingUpAfter(`${ok(CHUNKED)}ff\r\n${LIE_TEXT}`), 'reset'],
  ['a chunk of no length', hangingUpAfter(`${ok(CHUNKED)}zz\r\n${LIE_TEXT}\r\n0\r\n\r\n`), 'reset'],
  ['half a body without a length', hangingUpAfter(ok() + LIE_TEXT.slice(0, 20)), 'not-json'],
  [
    'half a body of HTTP/1.0',
    hangingUpAfter(`HTTP/1.0 200 OK\r\n\r\n${LIE_TEXT.slice(1)}`),
    'not-json',
  ],
  ['a bare body, as HTTP/0.9 has it', hangingUpAfter(LIE_TEXT), 'reset'],
  ['the greeting of another protocol', hangingUpAfter('SSH-2.0-OpenSSH_9.6\r\n'), 'reset'],
  ['a version of HTTP that is none', hangingUpAfter(`HTTP/9.9 200 OK\r\n\r\n${LIE_TEXT}`), 'reset'],
  ['HTTP/2 unasked', hangingUpAfter(Buffer.from('00001204000000000000', 'hex')), 'reset'],
  ['a TLS alert', hangingUpAfter(Buffer.from('15030100020228', 'hex')), 'reset'],
  ['NUL bytes', hangingUpAfter(Buffer.alloc(100)), 'reset'],
  [
    'a header without a colon',
    hangingUpAfter(`HTTP/1.1 200 OK\r\nwhat\r\n\r\n${LIE_TEXT}`),
    'reset',
  ],
  ['a header with a NUL', hangingUpAfter(`HTTP/1.1 200 OK\r\na: \0\r\n\r\n${LIE_TEXT}`), 'reset'],
  ['two lengths', http(200, LIE, { 'content-length': ['5', '6'] }), 'reset'],
  ['a length below nought', http(200, LIE, { 'content-length': '-1' }), 'reset'],
  ['a length that is no number', http(200, LIE, { 'content-length': 'NaN' }), 'reset'],
  ['a length and chunks', http(200, chunk(LIE_TEXT), CHUNKED), 'reset'],
  ['less length than body', http(200, LIE, { 'content-length': '20' }), 'not-json'],
  ['100 Continue, unasked', saying('HTTP/1.1 100 Continue\r\n\r\n'), 'reset'],
  [
    'another protocol to go on with',
    http(101, '', { connection: 'upgrade', upgrade: 'h2c' }),
    'reset',
  ],
  [
    'interim answers without end',
    pouring('', 'HTTP/1.1 102 Wait\r\n\r\n'.repeat(200)),
    'reset',
    'interim',
  ],
  [
    'early hints without end',
    pouring('', 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'.repeat(100)),
    'reset',
    'interim',
  ],
];

/** More than anybody can want. */
const ENDLESS: Row[] = [
  [
    'ten gigabytes, announced',
    pouring(ok({ 'content-length': TEN_GIGABYTES }), megabyte),
    'too-large',
  ],
  ['a body without end', pouring(ok(), megabyte), 'too-large'],
  ['chunks without end', pouring(ok(CHUNKED), chunk(megabyte.toString())), 'too-large'],
  ['an error page without end', pouring(head('HTTP/1.1 500 x', {}), megabyte), 'http-status'],
  ['a header too long', http(200, LIE, { 'x-long': 'x'.repeat(20_000) }), 'too-large', 'headers'],
  [
    'headers too many',
    http(200, LIE, { 'x-many': Array.from({ length: 5000 }, () => 'x') }),
    'too-large',
    'headers',
  ],
  [
    'headers without end',
    pouring('HTTP/1.1 200 OK\r\n', 'x-more: x\r\n'.repeat(200)),
    'too-large',
    'headers',
  ],
  [
    'trailers without end',
    pouring(`${ok(CHUNKED)}${chunk(LIE_TEXT)}0\r\n`, 'x-more: x\r\n'.repeat(200)),
    'too-large',
    'headers',
  ],
  ['a gzip bomb', http(200, bomb, GZIP), 'too-large'],
  ['a gzip bomb of many members', pouring(ok(GZIP), gzipSync(megabyte)), 'too-large'],
  ['a gzip bomb with an error status', http(500, bomb, GZIP), 'http-status'],
  [
    'a gzip bomb with the length of what is in it',
    http(200, bomb, { ...GZIP, 'content-length': `${64 * 1024 ** 2}` }),
    'too-large',
  ],
];

/** Bodies that are not in the encoding they claim. */
const ENCODED: Row[] = [
  ['no gzip under that name', http(200, LIE, GZIP), 'not-json', 'gzip'],
  ['half a gzip', http(200, gzipSync(LIE_TEXT).subarray(0, 40), GZIP), 'not-json', 'gzip'],
  [
    'a gzip whose checksum is wrong',
    http(200, spoilt(gzipSync(LIE_TEXT)), GZIP),
    'not-json',
    'gzip',
  ],
  ['an empty gzip', http(200, '', GZIP), 'not-json'],
  ['gzip under no name', http(200, gzipSync(LIE_TEXT)), 'not-json'],
  ['gzip in gzip under one name', http(200, gzipSync(gzipSync(LIE_TEXT)), GZIP), 'not-json'],
  [
    'gzip in gzip under both names',
    http(200, gzipSync(gzipSync(LIE_TEXT)), { 'content-encoding': 'gzip, gzip' }),
    'not-json',
    '"gzip, gzip"',
  ],
  [
    'gzip in gzip, named line by line',
    http(200, gzipSync(gzipSync(LIE_TEXT)), { 'content-encoding': ['gzip', 'gzip'] }),
    'not-json',
  ],
  ['brotli, unasked', http(200, LIE, { 'content-encoding': 'br' }), 'not-json', '"br"'],
  ['deflate, unasked', http(200, LIE, { 'content-encoding': 'deflate' }), 'not-json'],
  [
    'an encoding of endless name',
    http(200, LIE, { 'content-encoding': 'x'.repeat(9000) }),
    'not-json',
  ],
  ['gzip broken off', hangingUpAfter(ok({ ...GZIP, 'content-length': '900' })), 'reset'],
];

function spoilt(gzip: Buffer): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt32LE(0, copy.length - 8);
  return copy;
}

const status = (code: number, as: string, headers: Headers = {}): Row => [
  `status ${code}${Object.entries(headers).map(([name, value]) => `, ${name}: ${`${value}`.slice(0, 50)}`)}`,
  http(code, LIE, headers),
  as,
  `status ${code}`,
];

/** Statuses, each with a body that would be an artifact. */
const STATUSES: Row[] = [
  ...[201, 202, 203, 205, 206, 226, 299].map((code) => status(code, 'http-status')),
  ['status 204', http(204, ''), 'http-status', 'status 204'],
  status(206, 'http-status', { 'content-range': 'bytes 0-9/100' }),
  ...[300, 301, 302, 303, 307, 308].map((code) => status(code, 'redirect')),
  ...[
    '/m.json',
    'm.json',
    '//127.0.0.1:1/m.json',
    'http://127.0.0.1:1/m.json',
    'http://localhost/m.json',
    'http://[::1]/m.json',
    'http://169.254.169.254/latest/meta-data/',
    'https://example.com/m.json',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
  ].map((location) => status(302, 'redirect', { location })),
  ['304 of another version', http(304, '', { etag: '"other"' }), 'http-status', 'status 304'],
  status(401, 'unauthorized'),
  status(401, 'unauthorized', { 'www-authenticate': 'Basic realm="x"' }),
  status(403, 'unauthorized'),
  ...[400, 402, 404, 405, 406, 407, 408, 409, 410, 418, 421, 451].map((code) =>
    status(code, 'http-status'),
  ),
  status(429, 'rate-limited'),
  ...[500, 501, 502, 503, 504, 511, 599, 600, 999].map((code) => status(code, 'http-status')),
];

const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
const asked = 'left alone for';
/** Anything but that it asks to be left alone. */
const NOT_ASKED = new RegExp(`^(?!.*${asked})`, 's');

const RETRY: Row[] = (
  [
    ['30', `${asked} 30 s`],
    ['00030', `${asked} 30 s`],
    [inAnHour, new RegExp(`${asked} 3[0-6]\\d\\d s`)],
    ['Fri, 01 Jan 2100 00:00:00 GMT', `${asked} 86400 s`],
    ['Tue, 17 Nov 1998 12:00:00 GMT', NOT_ASKED],
    ['0', NOT_ASKED],
    ['999999999999', `${asked} 86400 s`],
    ['9'.repeat(400), `${asked} 86400 s`],
    ['-5', NOT_ASKED],
    ['NaN', NOT_ASKED],
    ['Infinity', NOT_ASKED],
    ['1e9', NOT_ASKED],
    ['0x10', NOT_ASKED],
    ['3.5', NOT_ASKED],
    ['soon', NOT_ASKED],
    ['Xyz, 99 Foo 2026 99:99:99 GMT', NOT_ASKED],
    ['', NOT_ASKED],
  ] as [string, string | RegExp][]
).flatMap(([value, words]) =>
  [429, 503].map((code): Row => {
    const name = value === inAnHour ? 'a date in an hour' : JSON.stringify(value.slice(0, 40));
    const as = code === 429 ? 'rate-limited' : 'http-status';
    return [`${code}, Retry-After: ${name}`, http(code, '', { 'retry-after': value }), as, words];
  }),
);

const aged = (age: string | string[], content: unknown = LIE): Speak =>
  http(200, content, { age, etag: '"aged"' });

/** What a cache saw before the last reading says nothing about now. */
const CACHED: Row[] = [
  ...['0', '1', '60', '3600', '99999999999999999999', '9'.repeat(400)].map(
    (age): Row => [`a cache's answer of Age ${age.slice(0, 25)}`, aged(age), 'stale', 'cache'],
  ),
  ["a cache's answer of two ages", aged(['3600', '0']), 'stale'],
  ["a cache's old absence", aged('3600', { absent: true }), 'stale'],
  ["a cache's old 'not modified'", http(304, '', { age: '3600', etag: ETAG }), 'stale'],
  ...['-5', '1.5', 'NaN', 'soon', ''].map(
    (age): Row => [`an Age of ${JSON.stringify(age)}, which is none`, aged(age, TRUTH), null],
  ),
];

/** What is still understood, whatever is around it. */
const HARMLESS: Row[] = [
  ['the truth, with more after it', saying(truth(), LIE_TEXT), null],
  ['the truth, with an unasked answer after it', saying(truth(), `${ok(LENGTH)}${LIE_TEXT}`), null],
  ["'not modified'", http(304, ''), null],
  ["'not modified', with a body that is none of it", http(304, LIE), null],
  ['the truth as HTML', http(200, TRUTH, { 'content-type': 'text/html' }), null],
  ['the truth with a byte order mark', http(200, `\ufeff${JSON.stringify(TRUTH)}`), null],
  [
    'the truth beside a prototype that lies',
    http(200, `{"__proto__":${LIE_TEXT},${JSON.stringify(TRUTH).slice(1)}`),
    null,
  ],
  [
    'the truth in gzip with more after it',
    http(200, Buffer.concat([gzipSync(JSON.stringify(TRUTH)), Buffer.alloc(9)]), GZIP),
    null,
  ],
];

function truth(): string {
  const text = JSON.stringify(TRUTH);
  return ok({ 'content-length': `${text.length}` }) + text;
}

/** Whatever the source: the transport fails, or the status says it all. */
export const ANSWERS: Hostile[] = named([
  ...BROKEN,
  ...ENDLESS,
  ...ENCODED,
  ...STATUSES,
  ...RETRY,
  ...CACHED,
  ...HARMLESS,
]);
