/** What can't be seen is spelled out at each surface: where their rules agree, and where they differ on purpose. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shown } from '../../src/cli/plain.ts';
import { visible as inReports } from '../../src/diff/rendering/visible.ts';
import { visible as onPages } from '../../src/panel/visible.ts';

const NONCHARACTER = /\p{Noncharacter_Code_Point}/u;
const texts = fc.string({ unit: 'binary', maxLength: 50 });

describe('what can not be seen in a text', () => {
  it('reads the same at the command line and in a report, which leaves out what XML has no place for as well', () => {
    fc.assert(
      fc.property(texts, (text) => {
        if (!NONCHARACTER.test(text)) expect(inReports(text)).toBe(shown(text));
      }),
    );
    expect([shown('a\uffff'), inReports('a\uffff')]).toEqual(['a\uffff', 'a\\u{ffff}']);
  });

  it('is spelled out of each character by itself', () => {
    const text = '\x00\t\n\r\x7f\x9f\u200b\u202e\u2028\ud800\ue000\u{f0000}';
    const plain =
      '\\u{0}\\t\\n\\u{d}\\u{7f}\\u{9f}\\u{200b}\\u{202e}\\u{2028}\\u{d800}\\u{e000}\\u{f0000}';
    expect([shown(text), inReports(text)]).toEqual([plain, plain]);
    expect(onPages(text)).toBe(
      '⟨U+0000⟩⇥⏎⟨U+000D⟩⟨U+007F⟩⟨U+009F⟩⟨U+200B⟩⟨U+202E⟩⟨U+2028⟩⟨U+D800⟩⟨U+E000⟩⟨U+F0000⟩',
    );
  });

  it('is not what joins two emoji, on a page', () => {
    expect(onPages('👩\u200d🚀 a\u200db')).toBe('👩\u200d🚀 a⟨U+200D⟩b');
    expect(shown('👩\u200d🚀')).toBe('👩\\u{200d}🚀');
  });
});
