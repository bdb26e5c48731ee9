import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedAttempt, standingOf, worstOf } from '../../src/walrus/standing.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import { A, B, mismatch, unavailable, verified } from './attempts.ts';

/** One run after the other, a second apart. */
function runs(...all: VerificationAttempt[][]): RecordedAttempt[] {
  return all.flatMap((run, i) => run.map((attempt) => ({ ...attempt, recordedAt: i * 1000 })));
}

const stateOf = (...all: VerificationAttempt[][]) => standingOf(runs(...all)).state;

describe('how a blob stands', () => {
  it('is unchecked, and nothing is known, before anybody tried', () => {
    expect(standingOf([])).toEqual({
      state: 'unchecked',
      because: null,
      verified: null,
      retrievable: 'unknown',
      last: null,
    });
  });

  it('is verified by one aggregator, after another had nothing', () => {
    expect(stateOf([unavailable(), verified({ aggregator: B })])).toBe('verified');
  });

  it('stays verified when its bytes can no longer be had, and that is told apart', () => {
    const standing = standingOf(runs([verified()], [unavailable()]));
    expect(standing).toMatchObject({ state: 'verified', retrievable: 'no' });
    expect(standing.verified?.recordedAt).toBe(0);
    expect(standing.last?.recordedAt).toBe(1000);
  });

  it('is a mismatch where one aggregator serves other bytes, whatever another serves', () => {
    const standing = standingOf(runs([mismatch(), verified({ aggregator: B })]));
    expect(standing).toMatchObject({ state: 'mismatch', retrievable: 'yes' });
    expect(standing.because?.aggregator).toBe(A);
    expect(standing.verified?.aggregator).toBe(B);
  });

  it('stays a mismatch while that aggregator serves nothing', () => {
    expect(stateOf([mismatch()], [unavailable()], [verified({ aggregator: B })])).toBe('mismatch');
  });

  it('is verified again once that very aggregator serves the right bytes', () => {
    expect(stateOf([mismatch()], [verified()])).toBe('verified');
  });

  it('is a mismatch where one of two addresses of an origin serves other bytes', () => {
    const both = [mismatch(), verified()];
    expect(stateOf(both, both)).toBe('mismatch');
    expect(stateOf(both, [verified(), verified()])).toBe('verified');
  });

  it('does not call a blob gone that is too large for here', () => {
    const standing = standingOf(runs([unavailable({ code: 'too-large' })]));
    expect(standing).toMatchObject({ state: 'unavailable', retrievable: 'unknown' });
  });

  it('never hides a mismatch behind what others served', () => {
    const attempt = fc.record({
      make: fc.constantFrom(verified, mismatch, unavailable),
      aggregator: fc.constantFrom(A, B),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 12 }), (told) => {
        const all = runs(...told.map(({ make, aggregator }) => [make({ aggregator })]));
        const { state } = standingOf(all);
        const newest = [A, B].map((aggregator) =>
          all.findLast((each) => each.aggregator === aggregator && each.outcome !== 'unavailable'),
        );
        const lies = newest.some((each) => each?.outcome === 'mismatch');
        expect(state === 'mismatch').toBe(lies);
        if (state === 'verified') expect(all.some(({ outcome }) => outcome === state)).toBe(true);
      }),
    );
  });
});

describe('how several blobs stand', () => {
  it.each([
    [['verified', 'verified'], 'verified'],
    [['verified', 'unchecked'], 'unchecked'],
    [['unchecked', 'unavailable', 'verified'], 'unavailable'],
    [['verified', 'mismatch', 'unavailable'], 'mismatch'],
    [[], 'unchecked'],
  ] as const)('%j is %s', (states, worst) => {
    expect(worstOf(states)).toBe(worst);
  });
});
