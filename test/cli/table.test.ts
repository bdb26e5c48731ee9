import { describe, expect, it } from 'vitest';
import { details, table, wrappedDetails } from '../../src/cli/table.ts';
import { cut, widthOf, wrapped } from '../../src/cli/width.ts';

describe('a table', () => {
  it('aligns its columns and leaves nothing after the last', () => {
    expect(
      table(
        ['A', 'LONG', 'C'],
        [
          ['wide cell', 'x', 'y'],
          ['z', { text: 'b', style: 'red' }, ''],
        ],
      ),
    ).toEqual(['A          LONG  C', 'wide cell  x     y', 'z          b     ']);
  });

  it('aligns letters that take two columns, or none', () => {
    const [, first, second] = table(
      ['A', 'B'],
      [
        ['漢字', 'x'],
        ['e\u0301abc', 'x'],
      ],
    );
    expect(first).toBe('漢字  x');
    expect(second).toBe('e\u0301abc  x');
  });
});

describe('details', () => {
  it('stand under each other', () => {
    expect(
      details([
        ['a', '1'],
        ['longer', '2'],
      ]),
    ).toEqual(['a       1', 'longer  2']);
  });
});

describe('fitting a text', () => {
  it('cuts to the width with an ellipsis, never through a letter', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('漢字漢字', 4)).toBe('漢…');
    expect(cut('abc', 4)).toBe('abc');
  });

  it('wraps at spaces, and anywhere where there are none', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    for (const line of wrapped('漢字'.repeat(30), 7)) expect(widthOf(line)).toBeLessThanOrEqual(7);
  });
});

describe('details that break', () => {
  it('go on under their values within 80 columns, and cut no word', () => {
    const id = `sha256:${'a'.repeat(64)}`;
    const lines = wrappedDetails([
      ['why', 'word '.repeat(40).trim()],
      ['artifact', `it is ${id} now`],
    ]);
    expect(lines).toEqual([
      `why       ${'word '.repeat(14).trim()}`,
      `          ${'word '.repeat(14).trim()}`,
      `          ${'word '.repeat(12).trim()}`,
      'artifact  it is',
      `          ${id}`,
      '          now',
    ]);
  });
});
