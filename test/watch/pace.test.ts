/** When a label is read next, whatever its interval and however its source does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPause, pause } from '../../src/watch/pace.ts';

const every = fc.integer({ min: 1000, max: 7 * 86_400_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.nat({ max: 100_000 });
const FIVE_MINUTES = 5 * 60_000;
const HOUR = 3_600_000;

describe('the pause after a reading', () => {
  it('of a source that answers is its interval, give or take a tenth', () => {
    fc.assert(
      fc.property(every, random, (everyMs, dice) => {
        const ms = pause(everyMs, 0, 0, dice);
        expect(Number.isInteger(ms)).toBe(true);
        expect(Math.abs(ms - everyMs)).toBeLessThanOrEqual(everyMs * 0.1 + 0.5);
      }),
    );
  });

  it('uses all of that tenth, and favours no side of it', () => {
    expect(pause(100_000, 0, 0, 0)).toBe(90_000);
    expect(pause(100_000, 0, 0, 0.5)).toBe(100_000);
    expect(pause(100_000, 0, 0, 1 - Number.EPSILON)).toBe(110_000);
  });

  it('never gets shorter with one failure more, nor longer than five minutes or its interval', () => {
    fc.assert(
      fc.property(every, failures, random, (everyMs, failed, dice) => {
        const ms = pause(everyMs, failed, 0, dice);
        expect(pause(everyMs, failed + 1, 0, dice)).toBeGreaterThanOrEqual(ms);
        expect(ms).toBeLessThanOrEqual(Math.max(everyMs, FIVE_MINUTES) * 1.1 + 0.5);
        expect(ms).toBeGreaterThanOrEqual(everyMs * 0.9 - 0.5);
      }),
    );
  });

  it('doubles with each failure after the first', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((failed) => pause(10_000, failed, 0, 0.5));
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds * 1000));
  });

  it('is at least what the source asks for, up to an hour, and never less for it', () => {
    fc.assert(
      fc.property(every, failures, random, fc.nat(), (everyMs, failed, dice, retryAfter) => {
        const ms = pause(everyMs, failed, retryAfter, dice);
        expect(ms).toBeGreaterThanOrEqual(Math.min(retryAfter, HOUR));
        expect(ms).toBe(Math.max(pause(everyMs, failed, 0, dice), Math.min(retryAfter, HOUR)));
      }),
    );
  });
});

describe('the pause before the first reading after a start', () => {
  it('of labels that were never read spreads over five seconds, or their interval', () => {
    expect(firstPause(30_000, null, 1, 0)).toBe(0);
    expect(firstPause(30_000, null, 1, 0.9)).toBe(4500);
    expect(firstPause(1000, null, 1, 0.9)).toBe(900);
  });

  it.each([
    [0, 0, 30_000, 'just read: a whole interval'],
    [10_000, 0, 20_000, 'what is left of its interval'],
    [29_000, 0.5, 2500, 'almost due: among the overdue ones'],
    [60_000, 0, 0, 'overdue: at once'],
    [60_000, 0.5, 2500, 'overdue: spread over five seconds'],
    [-1e12, 0, 30_000, 'read in what is now the future: an interval, not an age'],
  ])('%i ms after the last attempt (%f) is %i: %s', (since, dice, expected) => {
    expect(firstPause(30_000, 1e12, 1e12 + since, dice)).toBe(expected);
  });

  it('is never negative and never longer than the interval', () => {
    const time = fc.integer({ min: -1e14, max: 1e14 });
    fc.assert(
      fc.property(every, fc.option(time), time, random, (everyMs, last, now, dice) => {
        const ms = firstPause(everyMs, last, now, dice);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(everyMs);
      }),
    );
  });
});
