import { describe, expect, it } from 'vitest';
import { traceLine } from '../../src/panel/trace-filter.ts';

const A = `sha256:${'ab'.repeat(32)}`;
const filterOf = (text: string, zone = 'UTC') => traceLine(text, zone).filter;
const instead = (text: string) => traceLine(text, 'UTC').mistakes.map((one) => one.instead);

describe('the filter line of traces', () => {
  it('takes everything that a list can be filtered by', () => {
    const line = `label:og/* artifact:${A} candidate:absent certainty:ambiguous observed:bracketed decision:"HOLD it" conflict:yes unmapped:no`;
    expect(filterOf(line)).toEqual({
      from: null,
      to: null,
      label: 'og/*',
      artifact: A,
      candidate: 'absent',
      certainty: 'ambiguous',
      observed: 'bracketed',
      decision: 'HOLD it',
      conflict: true,
      unmapped: false,
    });
    expect(filterOf('')).toEqual({ from: null, to: null });
  });

  it('takes days and times in the zone of the page, and others with a zone of their own', () => {
    const line = 'after:2026-11-18 before:"2026-11-19 09:00"';
    expect(filterOf(line, 'Europe/Berlin')).toEqual({
      from: Date.parse('2026-11-17T23:00:00Z'),
      to: Date.parse('2026-11-19T08:00:00Z'),
    });
    expect(filterOf('before:2026-11-19T09:00:00.0001Z', 'Asia/Tokyo')).toMatchObject({
      to: Date.parse('2026-11-19T09:00:00.001Z'),
    });
  });

  it('does not guess at a time that comes twice', () => {
    const { filter, mistakes } = traceLine('after:2026-10-25T02:30', 'Europe/Berlin');
    expect(filter).toBeNull();
    expect(mistakes[0]!.said).toContain('2026-10-25T02:30:00+01:00');
  });

  it('takes an artifact without its prefix, and in upper case', () => {
    expect(filterOf(`artifact:${'AB'.repeat(32)}`)).toMatchObject({ artifact: A });
  });

  it.each([
    ['certanty:ambigous', 'certainty:ambiguous'],
    ['certainty:ambigous', 'certainty:ambiguous'],
    ['Label:og/a', 'label:og/a'],
    ['lable:og/a', 'label:og/a'],
    ['from:2026-11-17', 'after:2026-11-17'],
    ['observed:proven', null],
    ['conflict:yess', 'conflict:yes'],
    ['ambiguous', 'certainty:ambiguous'],
    ['conflict', 'conflict:yes'],
    ['HOLD', 'decision:HOLD'],
    ['og/eth*', 'label:og/eth*'],
    ['2026-11-17', 'after:2026-11-17'],
    [A, `artifact:${A}`],
    ['colour:red', null],
    [':', null],
  ])('says what may be meant: %s', (text, meant) => {
    expect(instead(text)).toEqual([meant]);
    expect(filterOf(text)).toBeNull();
  });

  it.each([
    ['label:', 'has no value'],
    ['label:"a b"', 'can match no label'],
    ['artifact:abc', 'names no artifact id'],
    ['candidate:none', 'or absent'],
    ['before:yesterday', 'names no day or time'],
    ['before:2026-02-30', 'names no day or time'],
    [`decision:${'x'.repeat(201)}`, 'longer than a decision'],
    ['label:a label:b', 'is the second label'],
    ['after:2026-11-18 before:2026-11-18', 'leaves no time'],
    ['unmapped:yes label:a', 'leaves nothing'],
  ])('refuses what can match nothing, and says so: %s', (text, said) => {
    const { filter, mistakes } = traceLine(text, 'UTC');
    expect(filter).toBeNull();
    expect(mistakes.at(-1)!.said).toContain(said);
  });

  it('tells of all mistakes in order of their places', () => {
    const { mistakes } = traceLine('foo decision:"x certainty:', 'UTC');
    expect(mistakes.map(({ at }) => at)).toEqual([0, 4]);
  });
});
