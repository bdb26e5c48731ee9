import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/cli/exact-json.ts';
import { shown } from '../../src/cli/plain.ts';
import { shownJson } from '../../src/words/shown-json.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('a text from outside', () => {
  it('is shown with what can not be seen spelled out', () => {
    expect(shown('\x1b[31mHO\u202eLD\n\u{e0041}')).toBe('\\u{1b}[31mHO\\u{202e}LD\\n\\u{e0041}');
    expect(shown('ETH → 3 %, größer')).toBe('ETH → 3 %, größer');
  });

  it('never reaches the terminal with anything unseen in it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !UNSEEN.test(shown(text))));
  });
});

describe('JSON from outside', () => {
  it('is shown as the same JSON', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
        const text = shownJson(json);
        expect(JSON.parse(text)).toEqual(JSON.parse(json));
        expect(text).not.toMatch(UNSEEN);
      }),
    );
  });

  it('keeps its numbers as they were written', () => {
    const text = '{"a":[1.0,1e400,12345678901234567890],"b":"1.0","__proto__":2.50}';
    expect(JSON.stringify(parseExact(text))).toBe(text);
  });
});
