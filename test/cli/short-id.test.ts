import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idPart, shortId } from '../../src/cli/short-id.ts';
import { widthOf } from '../../src/cli/width.ts';

const ID = `${'0af7651916cd43dd'.repeat(2)}-b7ad6b7169203331`;

describe('an id where columns are few', () => {
  it('shows both its ends', () => {
    expect(shortId(ID, 17)).toBe('0af76519…69203331');
    expect(shortId(ID, 9)).toBe('0af7…3331');
    expect(shortId(ID, 10)).toBe('0af76…3331');
  });

  it('is whole where it fits', () => {
    expect(shortId(ID, ID.length)).toBe(ID);
    expect(shortId('case-4711', 9)).toBe('case-4711');
  });

  it('never takes more columns than there are, and what it shows fits it', () => {
    const ids = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ids, fc.integer({ min: 9, max: 60 }), (id, width) => {
        fc.pre(!id.includes('…'));
        const short = shortId(id, width);
        expect(widthOf(short)).toBeLessThanOrEqual(width);
        if (short === id) return;
        const part = idPart(short);
        if (part === null) expect([...short].length).toBeLessThan(7);
        else expect(id.startsWith(part.prefix) && id.endsWith(part.suffix)).toBe(true);
      }),
    );
  });
});

describe('a part of an id', () => {
  it.each([
    ['0af765', { prefix: '0af765', suffix: '' }],
    ['0af7…3331', { prefix: '0af7', suffix: '3331' }],
    ['0af7...3331', { prefix: '0af7', suffix: '3331' }],
    ['…69203331', { prefix: '', suffix: '69203331' }],
    ['a...b…cdefg', { prefix: 'a...b', suffix: 'cdefg' }],
  ])('of %s is what it begins and ends with', (text, part) => {
    expect(idPart(text)).toEqual(part);
  });

  it.each(['', '0af76', '0af…33', '...', 'x'.repeat(201)])('is not %s', (text) => {
    expect(idPart(text)).toBeNull();
  });
});
