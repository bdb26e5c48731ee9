import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortText } from '../../src/alert/short-text.ts';

const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

describe('a text that is cut', () => {
  it.each([
    ['fits', 4, 'fits'],
    ['is longer', 7, 'is l…'],
    ['äöü', 6, 'äöü'],
    ['äöüß', 7, 'äö…'],
    ['😀😀😀', 11, '😀😀…'],
    ['\u0000\u0000', 11, '\u0000…'],
    ['half \ud83d', 20, 'half \ufffd'],
  ])('%j in %i bytes is %j', (text, most, short) => {
    expect(shortText(text, most)).toBe(short);
  });

  it('is whole or ends in an ellipsis, fits, and is well-formed', () => {
    const text = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ud800')),
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 60 }), (long, most) => {
        const short = shortText(long, most);
        expect(jsonBytes(short)).toBeLessThanOrEqual(most);
        expect(short.isWellFormed()).toBe(true);
        if (jsonBytes(long.toWellFormed()) <= most) expect(short).toBe(long.toWellFormed());
        else expect(long.toWellFormed().startsWith(short.slice(0, -1))).toBe(true);
      }),
    );
  });
});
