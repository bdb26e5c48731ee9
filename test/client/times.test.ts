import { describe, expect, it } from 'vitest';
import { pause, refreshMs, staleAfterMs } from '../../src/client/pace.ts';
import { hrTimeOf, timeOf } from '../../src/client/times.ts';

describe('a time', () => {
  const at = Date.UTC(2026, 10, 17, 10);

  it('finer than a millisecond begins at or before it, and ends at or after', () => {
    expect(timeOf('2026-11-17T10:00:00.0000001Z')).toEqual({ floor: at, ceil: at + 1 });
    expect(timeOf('2026-11-17T10:00:00.000Z')).toEqual({ floor: at, ceil: at });
    expect(timeOf('2026-11-17t11:00:00+01:00')).toEqual({ floor: at, ceil: at });
    expect(timeOf(at + 0.25)).toEqual({ floor: at, ceil: at + 1 });
    expect(hrTimeOf([at / 1000, 1])).toEqual({ floor: at, ceil: at + 1 });
    expect(hrTimeOf([at / 1000, 2_000_000])).toEqual({ floor: at + 2, ceil: at + 2 });
  });

  it.each(['2026-11-17', '2026-11-17T10:00:00', '2026-11-31T25:00:00Z', '', 'now'])(
    'is not what %j is',
    (text) => expect(timeOf(text)).toBeNull(),
  );
});

describe('a label is asked for', () => {
  it('as often as it is read, within reason', () => {
    expect([1000, 30_000, 604_800_000].map(refreshMs)).toEqual([5000, 30_000, 300_000]);
    expect(staleAfterMs(30_000, 5000)).toBe(95_000);
  });

  it('some time after it was, and ever later while that fails', () => {
    expect(pause(30_000, 0, 0, 0)).toBe(27_000);
    expect(pause(30_000, 0, 0, 1)).toBe(33_000);
    expect([1, 2, 3, 4, 5, 99].map((failures) => pause(30_000, failures, 0, 0.5))).toEqual([
      30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    expect([1, 2, 3].map((failures) => pause(null, failures, 0, 0.5))).toEqual([1000, 2000, 4000]);
    expect(pause(30_000, 1, 120_000, 0.5)).toBe(120_000);
    expect(pause(30_000, 1, 1e12, 0.5)).toBe(300_000);
  });
});
