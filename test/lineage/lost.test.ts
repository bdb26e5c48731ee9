import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attribution,
  attribute,
  type Lost,
  type Span,
  viewOf,
} from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { histories, lostStretches, span, spansWithin } from './histories.ts';
import { trueHistories } from './true-histories.ts';

function attributed(readings: readonly Reading[], at: Span, lost: readonly Lost[] = []) {
  return attribute(viewOf(readings, at, lost));
}

/** A label read every 100 ms for 10 ms; what was read in (450, 750) is lost. */
const LOST: Lost[] = [{ from: 450, to: 750 }];
const reading = (requestedAt: number, artifactId: string | null): Reading => ({
  id: `at ${requestedAt}`,
  requestedAt,
  receivedAt: requestedAt + 10,
  recordedAt: requestedAt + 10,
  artifactId,
});
const read = (told: Record<number, string>) =>
  Object.entries(told).map(([at, artifactId]) => reading(Number(at), artifactId));
const SAME = read({ 300: 'A', 400: 'A', 800: 'A', 900: 'A' });
const OTHER = read({ 300: 'A', 400: 'A', 800: 'B', 900: 'B' });

const told = (start: number, end: number, readings = SAME) => {
  const { observed, artifactId, candidates } = attributed(readings, { start, end }, LOST);
  return { observed, artifactId, candidates };
};
const UNOBSERVED = { observed: 'unobserved', artifactId: null, candidates: [] };
const A = { artifactId: 'A', candidates: ['A'] };

describe('where what was read in a stretch of time is lost', () => {
  test('a trace within it, or that reaches into it, is unobserved', () => {
    for (const [start, end] of [
      [500, 600],
      [440, 451],
      [320, 320 + 600],
      [749, 760],
    ] as const) {
      expect(told(start, end)).toEqual(UNOBSERVED);
      expect(told(start, end, OTHER)).toEqual(UNOBSERVED);
    }
  });

  test('a trace after it is unobserved until a question asked since is answered', () => {
    expect(told(800, 805)).toEqual(UNOBSERVED);
    expect(told(809, 820)).toEqual(UNOBSERVED);
    expect(told(810, 820)).toEqual({ observed: 'bracketed', ...A });
  });

  test('what a reading before it confirmed stays confirmed', () => {
    expect(told(320, 400)).toEqual({ observed: 'bracketed', ...A });
  });

  test('what none before it confirmed stays provisional: no later reading confirms across it', () => {
    expect(told(320, 401)).toEqual({ observed: 'provisional', ...A });
    expect(told(420, 450)).toEqual({ observed: 'provisional', ...A });
  });

  test('another artifact seen after it may have been there before it as well', () => {
    const both = { observed: 'ambiguous', artifactId: null, candidates: ['A', 'B'] };
    expect(told(420, 450, OTHER)).toEqual(both);
    expect(told(320, 400, OTHER)).toEqual({ observed: 'bracketed', ...A });
  });

  test('no reading is a ground across it', () => {
    const grounds = (start: number, end: number) => attributed(SAME, { start, end }, LOST).grounds;
    const [last, next] = [SAME[1]!, SAME[2]!].map(({ requestedAt, receivedAt }) => ({
      requestedAt,
      receivedAt,
    }));
    expect(grounds(420, 450)).toEqual({ before: last, after: null, maxGapMs: null });
    expect(grounds(500, 600)).toEqual({ before: null, after: null, maxGapMs: null });
    expect(grounds(760, 770)).toEqual({ before: null, after: next, maxGapMs: null });
  });

  test('a label that was not read since is unobserved from its beginning on', () => {
    const before = SAME.slice(0, 2);
    const since = (start: number) => attributed(before, { start, end: start }, LOST).observed;
    expect([since(449), since(451), since(10_000)]).toEqual([
      'provisional',
      'unobserved',
      'unobserved',
    ]);
  });

  test('a reading of it that is added later does not open it again', () => {
    const added = read({ 300: 'A', 400: 'A', 500: 'A', 600: 'A', 800: 'A' });
    expect(told(520, 590, added)).toEqual(UNOBSERVED);
    expect(told(420, 450, added)).toEqual({ observed: 'provisional', ...A });
  });

  test('a reading of the time before it that is added later confirms what ended before it', () => {
    const added = [...SAME.slice(0, 2), reading(430, 'A'), ...SAME.slice(2)];
    expect(told(415, 430, added)).toEqual({ observed: 'bracketed', ...A });
  });
});

const CERTAINTY = ['unobserved', 'ambiguous', 'provisional', 'bracketed'];
const rank = ({ observed }: Attribution) => CERTAINTY.indexOf(observed);

describe('lost stretches', () => {
  /** Rule 9 by its consequences: each part of the history attributes alone, and nothing across. */
  function byParts(readings: readonly Reading[], at: Span, lost: readonly Lost[]) {
    const whole = attributed(readings, at);
    const reaches = lost.some(({ from, to }) => {
      const since = readings.find((one) => one.requestedAt >= to);
      return at.end > from && at.start < (since?.receivedAt ?? Infinity);
    });
    if (reaches) return { observed: 'unobserved', candidates: [], window: null };
    const part = readings.filter((one) =>
      lost.every(({ from, to }) =>
        at.end <= from ? one.receivedAt <= from : one.requestedAt >= to,
      ),
    );
    const alone = attributed(part, at);
    const { observed, candidates, window, grounds } = alone;
    // Alone it says the same, unless a later part shows that something else may have been there.
    if (observed === 'unobserved' || whole.observed !== 'ambiguous') {
      return { observed, candidates, window, grounds };
    }
    const { candidates: more, window: hull } = whole;
    return { observed: 'ambiguous', candidates: more, window: hull, grounds };
  }

  test('leave each part of the history to attribute alone, and nothing that reaches across', () => {
    fc.assert(
      fc.property(
        histories(9),
        lostStretches(3, { gap: 6, length: 6 }),
        span(24),
        (readings, lost, at) => {
          expect(attributed(readings, at, lost)).toMatchObject(byParts(readings, at, lost));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('make no attribution more certain, and add no candidate', () => {
    fc.assert(
      fc.property(
        histories(9),
        lostStretches(3, { gap: 6, length: 6 }),
        span(24),
        (readings, lost, at) => {
          const [whole, cut] = [attributed(readings, at), attributed(readings, at, lost)];
          expect(rank(cut)).toBeLessThanOrEqual(rank(whole));
          expect([[], whole.candidates]).toContainEqual(cut.candidates);
        },
      ),
    );
  });

  test('leave nothing bracketed that was not so, whatever happened within them', () => {
    fc.assert(
      fc.property(
        trueHistories,
        lostStretches(2, { gap: 10, length: 10 }),
        ({ readings, truthAt }, lost) => {
          const kept = readings.filter((one) =>
            lost.every(({ from, to }) => one.receivedAt <= from || one.requestedAt >= to),
          );
          for (const at of spansWithin(0, readings.at(-1)!.receivedAt + 3)) {
            const { observed, artifactId } = attributed(kept, at, lost);
            if (observed !== 'bracketed') continue;
            for (let t = at.start; t <= at.end; t++) expect(truthAt(t)).toBe(artifactId);
          }
        },
      ),
    );
  });
});
