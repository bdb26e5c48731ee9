/** Whether labels are confirmed in time, as far as the store tells, and which of them are not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OverdueList, unconfirmedAtStart } from '../../src/watch/deadline.ts';

const NOW = Date.parse('2026-11-17T10:00:00Z');
const LIMIT = 120_000;

/** Made an hour ago, asked 10 s ago, answered 9 s ago. */
const read = {
  createdAt: NOW - 3_600_000,
  lastAttemptAt: NOW - 10_000,
  lastSuccessAt: NOW - 9_000,
  consecutiveFailures: 0,
  current: { lastConfirmedAt: NOW - 10_000 },
};

describe('how long a label is unconfirmed, at a start', () => {
  it.each<[string, Partial<typeof read>, number]>([
    ['counts from when its last reading was asked', {}, 10_000],
    ['counts from when a cache saw it', { current: { lastConfirmedAt: NOW - 50_000 } }, 50_000],
    [
      'does not get shorter by readings that fail',
      { lastAttemptAt: NOW - 1000, consecutiveFailures: 3 },
      10_000,
    ],
    [
      'nor by a reading that was added from outside since',
      { current: { lastConfirmedAt: NOW - 1000 } },
      10_000,
    ],
    [
      'nor, after readings that failed, by one added since: but for how long the last one took',
      {
        current: { lastConfirmedAt: NOW - 500 },
        lastAttemptAt: NOW - 1000,
        consecutiveFailures: 3,
      },
      9_000,
    ],
  ])('%s', (_, over, expected) => {
    expect(unconfirmedAtStart({ ...read, ...over }, NOW, LIMIT)).toBe(expected);
  });

  it('counts from when it was made, where it was never read', () => {
    const never = { ...read, lastAttemptAt: null, lastSuccessAt: null, current: null };
    expect(unconfirmedAtStart(never, NOW, LIMIT)).toBe(3_600_000);
    const failed = { ...never, lastAttemptAt: NOW - 1000, consecutiveFailures: 7 };
    expect(unconfirmedAtStart(failed, NOW, LIMIT)).toBe(3_600_000);
    const onlyAdded = { ...never, current: { lastConfirmedAt: NOW - 1000 } };
    expect(unconfirmedAtStart(onlyAdded, NOW, LIMIT)).toBe(3_600_000);
  });

  it('is half its deadline where the clock stands before that: not overdue, and soon so unless read', () => {
    expect(unconfirmedAtStart(read, NOW - 10_001, LIMIT)).toBe(LIMIT / 2);
    expect(unconfirmedAtStart(read, NOW - 10_000, LIMIT)).toBe(0);
  });
});

describe('a list of overdue labels', () => {
  it('counts them all, and names the ten that wait longest', () => {
    const ages = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(ages, (all) => {
        const list = new OverdueList();
        for (const ms of all) list.add(`label ${ms}`, ms);
        const longest = [...all].sort((a, b) => b - a);
        expect(list.overdue).toEqual({
          count: all.length,
          oldestMs: longest[0] ?? 0,
          labels: longest.slice(0, 10).map((ms) => `label ${ms}`),
        });
      }),
    );
  });
});
