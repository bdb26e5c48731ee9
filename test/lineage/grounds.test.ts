import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groundsOf, type Span, spanOf, viewOf } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { runsOf, stretchOf } from '../../src/lineage/timeline.ts';
import { histories, span } from './histories.ts';

function reading(requestedAt: number, receivedAt: number): Reading {
  const instants = { requestedAt, receivedAt, recordedAt: receivedAt };
  return { id: `at ${requestedAt}`, ...instants, artifactId: 'A' };
}

/** Readings take 10 ms, every 100 ms; one was missed. */
const readings = [reading(100, 110), reading(200, 210), reading(400, 410), reading(500, 510)];

function grounds(at: Span, of: readonly Reading[] = readings) {
  return viewOf(of, at).grounds;
}

describe('the grounds of an attribution', () => {
  test('are the last reading answered by the start, and the first one asked at the end or later', () => {
    expect(grounds({ start: 120, end: 190 })).toEqual({
      before: { requestedAt: 100, receivedAt: 110 },
      after: { requestedAt: 200, receivedAt: 210 },
      maxGapMs: 110,
    });
  });

  test('count a reading that touches the trace', () => {
    const { before, after } = grounds({ start: 210, end: 400 });
    expect([before?.receivedAt, after?.requestedAt]).toEqual([210, 400]);
  });

  test('state the longest time between two readings on the way', () => {
    expect(grounds({ start: 150, end: 450 }).maxGapMs).toBe(210);
    expect(grounds({ start: 450, end: 460 }).maxGapMs).toBe(110);
  });

  test('state no gap where one end is open', () => {
    expect(grounds({ start: 105, end: 150 })).toEqual({
      before: null,
      after: { requestedAt: 200, receivedAt: 210 },
      maxGapMs: null,
    });
    expect(grounds({ start: 450, end: 501 })).toEqual({
      before: { requestedAt: 400, receivedAt: 410 },
      after: null,
      maxGapMs: null,
    });
    expect(grounds({ start: 0, end: 1 }, [])).toEqual({
      before: null,
      after: null,
      maxGapMs: null,
    });
  });

  test('have no gap where one instantaneous reading is both', () => {
    expect(grounds({ start: 5, end: 5 }, [reading(5, 5)]).maxGapMs).toBe(0);
  });

  test('are the same where the readings strictly between the two are merged', () => {
    fc.assert(
      fc.property(histories(8), span(16), (history, at) => {
        const from = history.findLastIndex((one) => one.receivedAt <= at.start);
        const to = history.findIndex((one) => one.requestedAt >= at.end);
        fc.pre(from >= 0 && to > from);
        const merged = [
          stretchOf(history[from]!),
          ...runsOf(history.slice(from + 1, to).map(stretchOf)),
          stretchOf(history[to]!),
        ];
        expect(groundsOf(merged, at)).toEqual(grounds(at, history));
      }),
    );
  });
});

describe('what a trace covers', () => {
  test("is widened by the clocks' skew on both ends, and by the serving lag at its start", () => {
    const tolerance = { clockSkewMs: 2000, servingLagMs: 500 };
    expect(spanOf(10_000, 11_000, tolerance)).toEqual({ start: 7500, end: 13_000 });
  });
});
