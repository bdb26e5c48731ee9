import { describe, expect, it } from 'vitest';
import { asQuery, bucketMs, steps, timelineRange } from '../../src/panel/timeline-range.ts';
import { HOUR_MS } from '../../src/store/trace-count.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const EXTENT = { from: NOW - 2 * HOUR_MS, to: NOW };
const NONE = { from: undefined, to: undefined, range: undefined };

describe('the time that a timeline shows', () => {
  it('is all there is, where that isn’t long', () => {
    expect(timelineRange(NONE, 'UTC', EXTENT)).toMatchObject({ ...EXTENT, preset: 'all' });
  });

  it('is the last week, where there is more', () => {
    const long = { from: NOW - 9000 * HOUR_MS, to: NOW };
    const found = timelineRange(NONE, 'UTC', long);
    expect(found).toMatchObject({ from: NOW - 168 * HOUR_MS, to: NOW, preset: '7d' });
  });

  it('is what the URL says, in the zone of the page', () => {
    const query = { ...NONE, from: '2026-11-20 09:00', to: '2026-11-21' };
    const { from, to, preset } = timelineRange(query, 'Europe/Berlin', EXTENT);
    expect(asQuery({ from, to })).toEqual({
      from: '2026-11-20T08:00:00.000Z',
      to: '2026-11-20T23:00:00.000Z',
    });
    expect(preset).toBeNull();
  });

  it('is the usual one, and says why, where the URL can’t be read', () => {
    const { preset, given } = timelineRange({ ...NONE, from: 'soon' }, 'UTC', EXTENT);
    expect(preset).toBe('all');
    expect(given.from.problem).toContain('is no time');
    const turned = timelineRange({ ...NONE, from: '2026-11-21', to: '2026-11-20' }, 'UTC', EXTENT);
    expect(turned.given.problem).toContain('after the beginning');
  });

  it('is never nothing, however far one zooms in', () => {
    let range = EXTENT;
    for (let i = 0; i < 60; i++) {
      const { from, to } = steps(range, NOW).in;
      range = { from: Date.parse(from), to: Date.parse(to) };
    }
    expect(range.to - range.from).toBeGreaterThanOrEqual(1000);
  });

  it('is cut into few enough parts to be told apart', () => {
    for (const hours of [0.001, 0.1, 1, 24, 168, 720, 100_000]) {
      const count = (hours * HOUR_MS) / bucketMs({ from: NOW - hours * HOUR_MS, to: NOW });
      expect(count).toBeLessThanOrEqual(48);
    }
  });
});
