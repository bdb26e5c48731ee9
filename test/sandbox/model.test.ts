import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASES, describeTransfer } from '../../src/sandbox/cases.ts';
import { parseWeights, score, weightsFile } from '../../src/sandbox/model.ts';

const before = parseWeights(weightsFile('1.02'));
const after = parseWeights(weightsFile('1.03'));
const transfers = fc.record({
  amount: fc.double({ min: 0, max: 1e9, noNaN: true }),
  accountAgeDays: fc.nat(20_000),
  newPayee: fc.boolean(),
  abroad: fc.boolean(),
  failedLogins: fc.nat(50),
  hour: fc.nat(23),
});

describe('the risk gate', () => {
  it('holds from its threshold on, and nothing below it', () => {
    fc.assert(
      fc.property(transfers, (input) => {
        const { decision, score: risk } = score(before, input);
        expect(risk).toBeGreaterThanOrEqual(0);
        expect(risk).toBeLessThanOrEqual(1);
        expect(decision).toBe(risk >= 0.5 ? 'HOLD' : 'CLEAR');
      }),
    );
  });

  it('sees more risk in more money', () => {
    fc.assert(
      fc.property(transfers, fc.double({ min: 0, max: 1e6, noNaN: true }), (input, more) => {
        const larger = { ...input, amount: input.amount + more };
        expect(score(after, larger).score).toBeGreaterThanOrEqual(score(after, input).score);
      }),
    );
  });

  it('decides seven of the fixed cases otherwise in 1.03, in both directions', () => {
    const flips = CASES.map((input) => [score(before, input), score(after, input)] as const)
      .filter(([was, is]) => was.decision !== is.decision)
      .map(([was, is]) => `${was.decision} ${was.score} → ${is.decision} ${is.score}`);
    expect(flips).toMatchInlineSnapshot(`
      [
        "CLEAR 0.3608 → HOLD 0.5813",
        "CLEAR 0.3914 → HOLD 0.6127",
        "CLEAR 0.2987 → HOLD 0.5116",
        "CLEAR 0.3904 → HOLD 0.6117",
        "HOLD 0.5136 → CLEAR 0.3669",
        "CLEAR 0.3599 → HOLD 0.5804",
        "CLEAR 0.3457 → HOLD 0.5651",
      ]
    `);
  });

  it('has cases that are all different, also in words', () => {
    expect(new Set(CASES.map((input) => JSON.stringify(input))).size).toBe(24);
    expect(new Set(CASES.map(describeTransfer)).size).toBe(24);
  });
});
