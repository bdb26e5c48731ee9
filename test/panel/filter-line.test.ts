import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lineCorrected,
  lineWith,
  lineWithout,
  MOST_LINE,
  readLine,
  written,
} from '../../src/panel/filter-line.ts';

const read = (text: string) => readLine(text).words.map(({ field, value }) => [field, value]);

describe('a filter line', () => {
  it('is read into fields and values, quoted where they have spaces', () => {
    expect(read('label:og/*  decision:"HOLD for \\"review\\"" after:2026-11-17T10:00')).toEqual([
      ['label', 'og/*'],
      ['decision', 'HOLD for "review"'],
      ['after', '2026-11-17T10:00'],
    ]);
  });

  it('knows the place of each word', () => {
    const { words } = readLine('  label:a decision:"b c"');
    expect(words.map(({ at, end, raw }) => [at, end, raw])).toEqual([
      [2, 9, 'label:a'],
      [10, 24, 'decision:"b c"'],
    ]);
  });

  it('reads words without a field as such', () => {
    expect(read('og/eth "two words"')).toEqual([
      ['', 'og/eth'],
      ['', 'two words'],
    ]);
  });

  it.each([
    ['decision:"HOLD', 'decision:HOLD'],
    ['decision:"HOLD for', 'decision:"HOLD for"'],
    ['decision:5"x', 'decision:"5\\"x"'],
    ['decision:"a"b', 'decision:"\\"a\\"b"'],
  ])('tells of a quote that is out of place, and what may be meant: %s', (text, instead) => {
    const { words, mistakes } = readLine(`label:a ${text}`);
    expect(words).toHaveLength(1);
    expect(mistakes).toMatchObject([{ at: 8, end: 8 + text.length, instead }]);
    expect(lineCorrected(`label:a ${text}`, mistakes[0]!)).toBe(`label:a ${instead}`);
    expect(readLine(instead).mistakes).toEqual([]);
  });

  it('is not read where it is longer than anybody types', () => {
    const { words, mistakes } = readLine('label:a '.repeat(MOST_LINE));
    expect(words).toEqual([]);
    expect(mistakes).toMatchObject([{ said: expect.stringContaining('longer than a filter') }]);
  });

  it('is read back as it was written, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a: "\\\n\t\u00a0\ud800☃𝒳'), maxLength: 60 }),
        (value) => {
          expect(read(`label:a ${written('decision', value)} conflict:yes`)).toEqual([
            ['label', 'a'],
            ['decision', value],
            ['conflict', 'yes'],
          ]);
        },
      ),
    );
  });

  it('leaves no character out, whatever was typed', () => {
    const noise = fc.stringMatching(/^[ab:"\\ ]{0,60}$/);
    fc.assert(
      fc.property(noise, (text) => {
        const { words, mistakes } = readLine(text);
        const raws = [...words, ...mistakes].sort((a, b) => a.at - b.at);
        for (const { at, end, raw } of raws) expect(text.slice(at, end)).toBe(raw);
        const rest = raws.reduceRight(
          (left, { at, end }) => left.slice(0, at) + left.slice(end),
          text,
        );
        expect(rest.trim()).toBe('');
      }),
    );
  });

  it('is narrowed and widened by a field', () => {
    const { words } = readLine('label:a decision:"b c"');
    expect(lineWith(words, 'label', 'x y')).toBe('decision:"b c" label:"x y"');
    expect(lineWith(words, 'certainty', 'ambiguous')).toBe(
      'label:a decision:"b c" certainty:ambiguous',
    );
    expect(lineWithout(words, 'decision')).toBe('label:a');
  });
});
