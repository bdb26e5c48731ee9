import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pageOn } from '../../../src/sandbox/story/page.ts';

function printed(write: (page: ReturnType<typeof pageOn>) => void): string[] {
  const lines: string[] = [];
  write(pageOn((line) => lines.push(stripVTControlCharacters(line))));
  return lines;
}

describe('the page that the story is told on', () => {
  it('breaks paragraphs at spaces, within 80 columns', () => {
    const lines = printed((page) => page.say('certain and uncertain '.repeat(20).trim()));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join(' ')).toBe('certain and uncertain '.repeat(20).trim());
  });

  it('leaves a word whole that is longer than a line', () => {
    const id = 'x'.repeat(100);
    expect(printed((page) => page.say(`the id ${id} stands`))).toEqual(['the id', id, 'stands']);
  });

  it('shows the name of a fact once, and all its values under each other', () => {
    expect(printed((page) => page.fact('moved', 'one', '→ other'))).toEqual([
      '  moved         one',
      '                → other',
    ]);
  });

  it('underlines headings, and parts paragraphs from what is above them', () => {
    const lines = printed((page) => {
      page.heading('Tuesday');
      page.say('One transfer:');
      page.item('CLEAR', '12 EUR');
      page.say('It was cleared.');
    });
    expect(lines.slice(0, 4)).toEqual(['', 'Tuesday', '───────', 'One transfer:']);
    expect(lines.slice(4)).toEqual([
      expect.stringMatching(/^ {2}CLEAR +12 EUR$/),
      '',
      'It was cleared.',
    ]);
  });
});
