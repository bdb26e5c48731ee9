import { describe, expect, it } from 'vitest';
import { type Line, linesOf } from '../../src/cli/ndjson.ts';

/** Lines of bytes that arrive `size` at a time. */
async function lines(bytes: Buffer | string, size = 3, maxBytes = 100) {
  const whole = Buffer.from(bytes as string);
  async function* chunks() {
    for (let i = 0; i < whole.length; i += size) yield whole.subarray(i, i + size);
  }
  const found: Line[] = [];
  for await (const line of linesOf(chunks(), maxBytes)) found.push(line);
  return found;
}

describe('lines of a file', () => {
  it('are numbered from 1, whatever pieces they arrive in', async () => {
    for (const size of [1, 2, 100]) {
      expect(await lines('ä\n\nb', size)).toEqual([
        { number: 1, text: 'ä', problem: null },
        { number: 2, text: '', problem: null },
        { number: 3, text: 'b', problem: null },
      ]);
    }
  });

  it('end at a line feed only, as JSON may hold a raw line separator', async () => {
    expect(await lines('"a\u2028b"\n')).toEqual([{ number: 1, text: '"a\u2028b"', problem: null }]);
  });

  it('begin after a byte order mark', async () => {
    expect((await lines('\ufeff{}\n\ufeff{}')).map(({ text }) => text)).toEqual(['{}', '\ufeff{}']);
  });

  it('are passed over where they are too long or not UTF-8, and counted all the same', async () => {
    const bytes = Buffer.concat([
      Buffer.from('aaaaaa\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('b'),
    ]);
    expect(await lines(bytes, 2, 5)).toEqual([
      { number: 1, text: null, problem: 'too-long' },
      { number: 2, text: null, problem: 'not-utf-8' },
      { number: 3, text: 'b', problem: null },
    ]);
  });
});
