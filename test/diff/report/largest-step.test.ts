import { describe, expect, test } from 'vitest';
import { largestStep } from '../../../src/diff/report/largest-step.ts';

describe('the largest step between two outputs', () => {
  test.each([
    ['0.25', '0.75', 0.5],
    ['{"p": [1, {"q": 2}], "r": 9}', '{"p": [1, {"q": -3}], "r": 10}', 5],
    ['{"p": 1}', '{"p": 1}', 0],
    ['[1, 2, 3]', '[1, 5]', 3],
  ])('of %s and %s is %d', (before, after, step) => {
    expect(largestStep(before, after)).toBe(step);
    expect(largestStep(after, before)).toBe(step);
  });

  test.each([
    ['"text"', '"other"'],
    ['{"p": 1}', '{"q": 2}'],
    ['{"p": 1}', '{"p": "2"}'],
    ['[1]', '{"0": 2}'],
    ['null', '1'],
    ['not json', '1'],
  ])('of %s and %s is none: no path has a number on both', (before, after) => {
    expect(largestStep(before, after)).toBeNull();
  });

  test('takes no number that a double cannot hold', () => {
    expect(largestStep('[1e400, 1]', '[2, 3]')).toBe(2);
    expect(largestStep('1e400', '-1e400')).toBeNull();
  });

  test('stays a number where two doubles lie further apart than one can say', () => {
    expect(largestStep('1e308', '-1.7e308')).toBe(Number.MAX_VALUE);
  });

  test('follows own keys only, whatever they are called', () => {
    expect(largestStep('{"__proto__": {"p": 1}}', '{"__proto__": {"p": 4}}')).toBe(3);
    expect(largestStep('{"constructor": {"length": 9}}', '{}')).toBeNull();
    expect(largestStep('{"toString": 1, "p": 1}', '{"p": 2}')).toBe(1);
  });

  test('is found at any depth without running out of stack', () => {
    const nested = (n: number) => `${'['.repeat(100_000)}${n}${']'.repeat(100_000)}`;
    expect(largestStep(nested(1), nested(8))).toBe(7);
  });

  test('is not searched for in outputs too long to read at once', () => {
    const long = `[1, "${'x'.repeat(300_000)}"]`;
    expect(largestStep(long, '[2]')).toBeNull();
  });
});
