import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attribute, viewOf } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { histories, readingsOf, type Step, spansWithin } from './histories.ts';
import { oracleOf } from './oracle.ts';

/** The first span on which the heart and the oracle differ. */
function disagreement(readings: readonly Reading[]) {
  const horizon = (readings.at(-1)?.receivedAt ?? 0) + 2;
  const oracle = oracleOf(readings, horizon);
  for (const span of spansWithin(0, horizon)) {
    const { observed, candidates, window } = attribute(viewOf(readings, span));
    const [said, allowed] = [{ observed, candidates, window }, oracle(span)];
    if (JSON.stringify(said) !== JSON.stringify(allowed)) return { readings, span, said, allowed };
  }
  return null;
}

/** Every sequence of at most `most` of these. */
function* sequences(of: readonly Step[], most: number): Generator<Step[]> {
  yield [];
  if (most === 0) return;
  for (const rest of sequences(of, most - 1)) {
    for (const step of of) yield [...rest, step];
  }
}

describe('attribution, against every history the rules allow', () => {
  test('names the same candidates in the same order for every tiny history and span', () => {
    const choices = [0, 1].flatMap((gap) =>
      [0, 1, 2].flatMap((length) =>
        ['A', 'B', null].map((artifactId) => ({ gap, length, artifactId })),
      ),
    );
    for (const told of sequences(choices, 3)) {
      const found = disagreement(readingsOf(told));
      if (found) expect(found).toBeNull();
    }
  });

  test('names the same candidates in the same order for histories of up to five readings', () => {
    fc.assert(
      fc.property(histories(5), (readings) => {
        expect(disagreement(readings)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

describe('the oracle itself', () => {
  const told = (requestedAt: number, receivedAt: number, artifactId: string | null): Reading => ({
    id: `at ${requestedAt}`,
    requestedAt,
    receivedAt,
    recordedAt: receivedAt,
    artifactId,
  });

  test('allows both artifacts strictly inside the window of a change, and one at its borders', () => {
    const oracle = oracleOf([told(0, 0, 'A'), told(3, 4, 'B'), told(6, 6, 'B')], 8);
    expect(oracle({ start: 0, end: 0 }).candidates).toEqual(['A']);
    expect(oracle({ start: 0, end: 1 }).candidates).toEqual(['A', 'B']);
    expect(oracle({ start: 3, end: 4 }).candidates).toEqual(['A', 'B']);
    expect(oracle({ start: 4, end: 6 })).toEqual({
      observed: 'bracketed',
      candidates: ['B'],
      window: null,
    });
  });

  test('refuses a label that shows two artifacts at one instant', () => {
    const oracle = oracleOf([told(0, 2, 'A'), told(2, 2, 'B'), told(2, 4, 'A')], 6);
    expect(oracle({ start: 2, end: 2 }).candidates).toEqual(['B']);
  });
});
