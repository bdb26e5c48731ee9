import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELAYS_MS,
  LONGEST_RETRY_AFTER_MS,
  retryDelay,
  slowDownPause,
} from '../../src/alert/retry.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const retryAfter = fc.option(fc.nat(3 * DAY));

describe('the next attempt', () => {
  it.each([
    [1, 5 * SECOND],
    [2, 5 * MINUTE],
    [3, 30 * MINUTE],
    [4, 2 * HOUR],
    [5, 5 * HOUR],
    [6, 10 * HOUR],
    [7, 14 * HOUR],
    [8, 20 * HOUR],
    [9, 24 * HOUR],
    [10, null],
  ])('after %i is in %s ms', (attempts, delay) => {
    expect(retryDelay(attempts, null, 0.5)).toBe(delay);
  });

  it('is within 10 to 20 % of that, and never before the receiver asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), retryAfter, random, (attempts, asked, r) => {
        const delay = retryDelay(attempts, asked, r);
        const plain = DELAYS_MS[attempts];
        if (plain === undefined) {
          expect(delay).toBeNull();
          return;
        }
        const wished = Math.min(asked ?? 0, DAY);
        expect(delay).toBeGreaterThanOrEqual(Math.max(plain * 0.8, wished));
        expect(delay).toBeLessThanOrEqual(Math.max(plain * 1.2, wished));
        expect(Number.isInteger(delay)).toBe(true);
      }),
    );
  });

  it('is spread, both earlier and later', () => {
    expect(retryDelay(1, null, 0)).toBeLessThanOrEqual(4500);
    expect(retryDelay(1, null, 0.999)).toBeGreaterThanOrEqual(5500);
  });

  it('waits no longer than a day because it was asked to', () => {
    expect(retryDelay(1, 365 * DAY, 0)).toBe(LONGEST_RETRY_AFTER_MS);
    expect(slowDownPause(1, 365 * DAY, 0)).toBe(LONGEST_RETRY_AFTER_MS);
  });
});

describe('the pause of a receiver that asks for less', () => {
  it('doubles up to five minutes', () => {
    const pauses = [1, 2, 3, 4, 9, 10, 1000].map((times) => slowDownPause(times, null, 0.5));
    expect(pauses).toEqual([1, 2, 4, 8, 256, 300, 300].map((seconds) => seconds * SECOND));
  });

  it('is never shorter than it asks for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(DAY), random, (times, asked, r) => {
        expect(slowDownPause(times, asked, r)).toBeGreaterThanOrEqual(asked);
      }),
    );
  });
});
