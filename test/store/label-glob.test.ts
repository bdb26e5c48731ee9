import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelGlob } from '../../src/store/label-glob.ts';

/** The rules said plainly, by trying everything. */
function matches(glob: string, name: string): boolean {
  if (glob === '') return name === '';
  if (glob[0] === '*') {
    return matches(glob.slice(1), name) || (name !== '' && matches(glob, name.slice(1)));
  }
  return name !== '' && (glob[0] === '?' || glob[0] === name[0])
    ? matches(glob.slice(1), name.slice(1))
    : false;
}

describe('a glob over label names', () => {
  test.each([
    ['og/*', 'og/eth-volatility', true],
    ['og/*', 'og/eth/latest', true],
    ['*', '', true],
    ['*volatility', 'og/eth-volatility', true],
    ['og/?', 'og/a', true],
    ['og/?', 'og/ab', false],
    ['og', 'og/a', false],
    ['OG/*', 'og/a', false],
    ['a.c', 'abc', false],
    ['ab*bc', 'abc', false],
    ['', 'og', false],
  ])('%j on %j: %j', (glob, name, expected) => {
    expect(labelGlob(glob).test(name)).toBe(expected);
  });

  test('means what its rules say', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '?'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
    fc.assert(
      fc.property(glob, name, (pattern, subject) => {
        expect(labelGlob(pattern).test(subject)).toBe(matches(pattern, subject));
      }),
      { numRuns: 5000 },
    );
  });

  test('never takes long to say no', () => {
    const began = performance.now();
    for (const glob of ['*a'.repeat(500), '*?'.repeat(500), '*a?a'.repeat(200)]) {
      expect(labelGlob(`${glob}*b`).test('a'.repeat(200))).toBe(false);
    }
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
