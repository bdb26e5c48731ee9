import { describe, expect, it } from 'vitest';
import type { Axis } from '../../src/panel/charts/time-axis.ts';
import { marksOf } from '../../src/panel/charts/timeline-marks.ts';
import type { PicturedRun } from '../../src/store/label-picture.ts';

const AXIS: Axis = { from: 0, to: 1000, left: 0, width: 1000 };

/** Runs of so long each, with windows of 10 between them. */
function runs(length: number, count: number): PicturedRun[] {
  return Array.from({ length: count }, (_, i) => {
    const firstSeenAt = i * (length + 10);
    const isLast = i === count - 1;
    return {
      id: `1-${i + 1}`,
      artifactId: `sha256:${i % 2}`,
      firstSeenAt,
      lastConfirmedAt: firstSeenAt + length,
      after: i === 0 ? null : firstSeenAt - 10,
      until: isLast ? null : firstSeenAt + length + 10,
      ...{ observations: 2, maxGapMs: length },
    };
  });
}

describe('what can be told apart on a timeline', () => {
  it('is a band for each tenure, and a window wherever a change lies', () => {
    const marks = marksOf({ runs: runs(300, 3), crowded: [] }, AXIS);
    expect(marks.map(({ kind, x, width }) => [kind, x, width])).toEqual([
      ['band', 0, 300],
      ['band', 310, 300],
      ['window', 300, 10],
      ['band', 620, 300],
      ['window', 610, 10],
    ]);
  });

  it('is how many changes there are, where tenures are too short to be seen', () => {
    const axis = { ...AXIS, to: 1000 * 20 };
    const marks = marksOf({ runs: runs(10, 1000), crowded: [] }, axis);
    expect(marks.length).toBeLessThan(60);
    const told = marks.map((mark) =>
      mark.kind === 'crowd' ? mark.changes : mark.kind === 'band' ? 1 : 0,
    );
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });

  it('is never nothing: a window that is narrower than a line is drawn as one', () => {
    const axis = { ...AXIS, to: 1_000_000 };
    const marks = marksOf({ runs: runs(200_000, 2), crowded: [] }, axis);
    const window = marks.find(({ kind }) => kind === 'window')!;
    expect(window.width).toBeGreaterThanOrEqual(3);
  });
});
