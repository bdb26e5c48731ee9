/** What can't be seen is spelled out, wherever a text from outside is shown; emoji stay what they are. */
import { describe, expect, it } from 'vitest';
import { cutText } from '../../src/panel/cut-text.ts';
import { visible, visibleBlock } from '../../src/panel/visible.ts';

const HIDDEN = [
  '\u3164', // Hangul filler
  '\u115f',
  '\uffa0',
  '\u034f', // combining grapheme joiner
  '\u17b4',
  '\u180b',
  '\ufe00',
  '\ufe0f',
  '\u200b',
  '\u2800', // Braille without dots
  '\u{e0100}',
  '\u{e01ef}',
];

describe('what can’t be seen', () => {
  it.each(HIDDEN)('is spelled out behind, before and within a word (%j)', (hidden) => {
    const spelled = `⟨U+${hidden.codePointAt(0)!.toString(16).toUpperCase()}⟩`.replace(
      '+34F',
      '+034F',
    );
    for (const show of [visible, visibleBlock, (text: string) => cutText(text, 1000).shown]) {
      expect(show(`CLEAR${hidden}`)).toBe(`CLEAR${spelled}`);
      expect(show(`${hidden}CLEAR`)).toBe(`${spelled}CLEAR`);
      expect(show(`CL${hidden}EAR`)).toBe(`CL${spelled}EAR`);
      expect(show(`4${hidden}2`)).toBe(`4${spelled}2`);
    }
  });

  it('leaves emoji as they are, with all that they are joined of', () => {
    for (const emoji of ['❤️', '👩‍🚀', '🏳️‍🌈', '👍🏽', '1️⃣', '#️⃣', '🧑‍🤝‍🧑', '🇩🇪']) {
      expect(visible(`a${emoji}b`)).toBe(`a${emoji}b`);
      expect(visibleBlock(`a${emoji}b`)).toBe(`a${emoji}b`);
    }
  });

  it('leaves emoji as they are wherever a long text is cut into pieces', () => {
    for (const emoji of ['❤️', '1️⃣', '🏳️']) {
      for (let before = 250; before < 260; before++) {
        const text = `${'x'.repeat(before)}${emoji}y`;
        expect(cutText(text, 10_000).shown).toBe(text);
      }
    }
  });

  it('is spelled out behind an emoji where it makes nothing of it', () => {
    expect(visible('❤️\ufe0f')).toBe('❤️⟨U+FE0F⟩');
    expect(visible('👍\u3164')).toBe('👍⟨U+3164⟩');
  });
});
