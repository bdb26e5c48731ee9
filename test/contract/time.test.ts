import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../src/contract/time.ts';

const LATEST = 8.64e15;

describe('a time as it is written', () => {
  it('is what the language writes, for any instant there is', () => {
    const instant = fc.integer({ min: -LATEST, max: LATEST - 1 });
    const nearby = fc.tuple(instant, fc.array(fc.integer({ min: -90_000_000, max: 90_000_000 })));
    fc.assert(
      fc.property(nearby, ([first, steps]) => {
        for (const step of [0, ...steps]) {
          const ms = Math.max(-LATEST, Math.min(first + step, LATEST));
          expect(formatTime(ms)).toBe(new Date(ms).toISOString());
        }
      }),
    );
  });

  it('is refused where it is none', () => {
    expect(() => formatTime(Number.NaN)).toThrow(RangeError);
    expect(() => formatTime(9e15)).toThrow(RangeError);
  });
});
