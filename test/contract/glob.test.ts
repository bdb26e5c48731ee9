import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../src/contract/glob.ts';

/** The rules said plainly, by dynamic programming: which prefixes of `text` the glob so far matches. */
function matches(glob: string, text: string): boolean {
  const characters = [...text];
  let reach = [true, ...characters.map(() => false)];
  for (const token of glob.match(/\*{2,}|[\s\S]/gu) ?? []) {
    const next = reach.map(() => false);
    for (let end = 0; end < reach.length; end++) {
      const before = end > 0 ? characters[end - 1]! : '';
      if (token.startsWith('**')) next[end] = reach[end]! || (end > 0 && next[end - 1]!);
      else if (token === '*') {
        next[end] = reach[end]! || (end > 0 && before !== '/' && next[end - 1]!);
      } else if (end > 0) {
        next[end] = reach[end - 1]! && (token === '?' ? before !== '/' : token === before);
      }
    }
    reach = next;
  }
  return reach.at(-1)!;
}

describe('a glob', () => {
  it.each([
    ['*.onnx', 'model.onnx', true],
    ['*.onnx', 'deep/model.onnx', false],
    ['**.onnx', 'deep/model.onnx', true],
    ['**/x', 'a/b/x', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'a😀c', true],
    ['model.onnx', 'modelXonnx', false],
    ['a+(b)[c]{1}|^$-\\', 'a+(b)[c]{1}|^$-\\', true],
    ['**a*b', 'xa/yab', true],
    ['**ab*', 'ab/ab', true],
    ['a*b', 'abab', true],
    ['', '', true],
    ['', 'a', false],
    ['*', 'two\nlines', true],
    ['og/*', 'og/eth-volatility', true],
    ['OG/*', 'og/eth-volatility', false],
  ])('%j on %j: %j', (glob, text, expected) => {
    expect(globToRegExp(glob).test(text)).toBe(expected);
  });

  it('means what its rules say, for any glob and any text', () => {
    const glob = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '*', '**', '?', '.'),
      maxLength: 12,
    });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
    fc.assert(
      fc.property(glob, text, (pattern, subject) => {
        expect(globToRegExp(pattern).test(subject)).toBe(matches(pattern, subject));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    '*a'.repeat(250),
    '**a'.repeat(160),
    '**a*'.repeat(120),
    '?*'.repeat(250),
    '**'.repeat(250),
  ])('never takes long to say no (%#)', (pattern) => {
    const began = performance.now();
    globToRegExp(`${pattern}b`).test('a'.repeat(1024));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
