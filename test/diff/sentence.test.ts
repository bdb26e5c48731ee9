import { describe, expect, test } from 'vitest';
import { sentenceOf } from '../../src/diff/sentence.ts';
import { compare, NEW, OLD, OTHER, type Telling, trace } from './traces.ts';

/** So many inputs with these decisions and outputs. */
interface Lot {
  inputs: number;
  before?: Telling;
  after?: Telling;
}

function sentence(...lots: Lot[]): string {
  const side = (name: 'before' | 'after', artifactId: string) =>
    lots.flatMap((lot, l) =>
      Array.from({ length: lot.inputs }, (_, i) =>
        trace(`${name} ${l} ${i}`, { input: `"${l} ${i}"`, artifactId, ...lot[name] }),
      ),
    );
  return sentenceOf(compare(side('before', OLD), side('after', NEW)));
}

describe('the sentence', () => {
  test('counts shared inputs, flips by kind and changed outputs, between two artifacts', () => {
    const said = sentence(
      {
        inputs: 5,
        before: { decision: 'CLEAR', output: '1' },
        after: { decision: 'HOLD', output: '2' },
      },
      {
        inputs: 1,
        before: { decision: 'HOLD', output: '1' },
        after: { decision: 'CLEAR', output: '2' },
      },
      {
        inputs: 12,
        before: { decision: 'HOLD', output: '1' },
        after: { decision: 'HOLD', output: '2' },
      },
      {
        inputs: 6,
        before: { decision: 'HOLD', output: '1' },
        after: { decision: 'HOLD', output: '1' },
      },
    );
    expect(said).toBe(
      '24 shared inputs: 6 flipped, 5 CLEAR→HOLD and 1 HOLD→CLEAR, between sha256:1a2b3c4d and sha256:9f8e7d6c; 18 outputs changed.',
    );
  });

  test('says that nothing flipped and nothing changed', () => {
    const told = { decision: 'HOLD', output: '1' };
    expect(sentence({ inputs: 1, before: told, after: told })).toBe(
      '1 shared input: no decision flipped, between sha256:1a2b3c4d and sha256:9f8e7d6c; no output changed.',
    );
  });

  test('says what there was not to compare', () => {
    expect(sentence({ inputs: 2, before: { output: '1' }, after: { output: '2' } })).toBe(
      '2 shared inputs: no decisions to compare, between sha256:1a2b3c4d and sha256:9f8e7d6c; 2 outputs changed.',
    );
    const told = { decision: 'HOLD' };
    expect(sentence({ inputs: 2, before: told, after: told })).toContain(
      '; no outputs to compare.',
    );
  });

  test('names the commonest three kinds of flip and counts the rest', () => {
    const lots = ['A', 'B', 'C', 'D', 'E'].map((decision, i) => ({
      inputs: 9 - i,
      before: { decision },
      after: { decision: 'HOLD' },
    }));
    expect(sentence(...lots)).toContain(
      '35 flipped, 9 A→HOLD, 8 B→HOLD, 7 C→HOLD and 11 in other ways, between',
    );
  });

  test('says a decision on one side only as (none)', () => {
    expect(sentence({ inputs: 2, after: { decision: 'HOLD' } })).toContain('2 (none)→HOLD');
  });

  test('says that runs of one input disagree, and that outputs changed partly', () => {
    const before = [
      trace('1', { decision: 'HOLD', output: '1' }),
      trace('2', { decision: 'CLEAR', output: '2' }),
    ];
    const after = [trace('3', { decision: 'HOLD', output: '1', artifactId: NEW })];
    expect(sentenceOf(compare(before, after))).toBe(
      '1 shared input: no decision flipped, 1 with runs that disagree, between sha256:1a2b3c4d and sha256:9f8e7d6c; no output changed, 1 partly.',
    );
  });

  test('names the artifacts of a side that spans several', () => {
    const before = [OLD, OTHER].map((artifactId) => trace(artifactId, { artifactId, output: '1' }));
    const after = [trace('a', { artifactId: NEW, output: '1' })];
    expect(sentenceOf(compare(before, after))).toContain(
      'between 2 artifacts (sha256:1a2b3c4d and sha256:55555555) and sha256:9f8e7d6c;',
    );
    const many = ['1', '2', '3', '4', '5'].map((digit) =>
      trace(digit, { artifactId: `sha256:${digit.repeat(64)}`, output: '1' }),
    );
    expect(sentenceOf(compare(many, after))).toContain(
      'between 5 artifacts (sha256:11111111, sha256:22222222, sha256:33333333 and 2 more) and',
    );
  });

  test('says where both sides ran on the same artifact', () => {
    const said = sentence({
      inputs: 1,
      before: { output: '1' },
      after: { output: '2', artifactId: OLD },
    });
    expect(said).toContain(', with sha256:1a2b3c4d on both sides;');
  });

  test('says plainly that there is not enough data', () => {
    expect(sentenceOf(compare([trace('1'), trace('2', { turn: 1 })], []))).toBe(
      'Not enough data: no input was run on both sides (2 inputs before and 0 after).',
    );
    expect(sentence({ inputs: 3 })).toBe(
      'Not enough data: 3 shared inputs, but no decision and no pair of outputs to compare.',
    );
  });

  test('keeps a hostile decision on the line and short', () => {
    const said = sentence({
      inputs: 1,
      before: { decision: `\u202eHOLD\n${'😂'.repeat(90)}` },
      after: { decision: 'CLEAR' },
    });
    expect(said).toContain(`1 \ufffdHOLD\ufffd${'😂'.repeat(34)}…→CLEAR,`);
  });

  test('never says that an artifact is the reason', () => {
    const said = sentence({ inputs: 1, before: { output: '1' }, after: { output: '2' } });
    expect(said).not.toMatch(/because|caus|due to|led to|reason/i);
  });
});
