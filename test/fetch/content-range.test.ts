import { expect, it } from 'vitest';
import { contentRange } from '../../src/fetch/content-range.ts';
import { EchoWatch } from '../../src/fetch/echo.ts';

it.each([
  ['bytes 5-9/10', { part: { first: 5, last: 9 }, total: 10 }],
  ['bytes 0-0/*', { part: { first: 0, last: 0 }, total: null }],
  ['bytes */10', { part: null, total: 10 }],
  ['bytes */0', { part: null, total: 0 }],
  ['Bytes 5-9/10', { part: { first: 5, last: 9 }, total: 10 }],
  ['bytes */*', null],
  ['bytes 9-5/10', null],
  ['bytes 5-10/10', null],
  ['bytes -5/10', null],
  ['bytes 5-/10', null],
  ['bytes=5-9/10', null],
  ['bytes 5-9', null],
  ['items 5-9/10', null],
  ['bytes 5-9/10, bytes 0-1/10', null],
  ['bytes 0-9007199254740992/*', null],
  [`bytes 0-1/${'9'.repeat(400)}`, null],
  ['', null],
  [['bytes 5-9/10', 'bytes 0-1/10'], null],
  [undefined, null],
])('the range %j is read as %j', (header, expected) => {
  expect(contentRange(header)).toEqual(expected);
});

it('a credential is found in an answer wherever it is cut, and nothing else is', () => {
  const text = Buffer.from('so: top-secret!');
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const watch = new EchoWatch('top-secret');
      const pieces = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
      expect(pieces.map((piece) => watch.found(piece))).toContain(true);
      const other = new EchoWatch('top-secrets');
      expect(pieces.map((piece) => other.found(piece))).not.toContain(true);
    }
  }
  const short = new EchoWatch('x');
  expect([Buffer.from('ab'), Buffer.from('x')].map((piece) => short.found(piece))).toEqual([
    false,
    true,
  ]);
  expect(new EchoWatch(null).found(text)).toBe(false);
});
