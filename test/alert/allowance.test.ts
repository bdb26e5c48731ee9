import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from '../../src/alert/allowance.ts';

const LIMITS = { first: 16, most: 64 };

/** So many attempts that began together, and what came of each. */
function round(allowance: Allowance, count: number, ended: (era: number) => void): number {
  const { era } = allowance;
  for (let i = 0; i < count; i++) ended(era);
  return allowance.size;
}

describe('what a receiver is sent at a time', () => {
  it('doubles with each round of quick answers, up to the most', () => {
    const allowance = new Allowance(LIMITS);
    const sizes = [1, 2, 3].map(() =>
      round(allowance, allowance.size, (era) => allowance.delivered(era, 5)),
    );
    expect(sizes).toEqual([32, 64, 64]);
  });

  it('stays where answers are slow', () => {
    const allowance = new Allowance(LIMITS);
    expect(round(allowance, 16, (era) => allowance.delivered(era, 1000))).toBe(16);
  });

  it('halves where answers do not come in time, once for all that were on their way', () => {
    const allowance = new Allowance(LIMITS);
    const sizes = Array.from({ length: 5 }, () =>
      round(allowance, allowance.size, (era) => allowance.timedOut(era)),
    );
    expect(sizes).toEqual([8, 4, 2, 1, 1]);
  });

  it('falls to one where less is asked for, and grows from there', () => {
    const allowance = new Allowance(LIMITS);
    expect(round(allowance, 16, (era) => allowance.slowedDown(era))).toBe(1);
    expect(allowance.slowDowns).toBe(1);
    expect(round(allowance, 1, (era) => allowance.slowedDown(era))).toBe(1);
    expect(allowance.slowDowns).toBe(2);
    expect(round(allowance, 1, (era) => allowance.delivered(era, 5))).toBe(2);
    expect(allowance.slowDowns).toBe(0);
    expect(round(allowance, 2, (era) => allowance.delivered(era, 5))).toBe(4);
  });

  it('is not what an attempt says that began before the last loss', () => {
    const allowance = new Allowance(LIMITS);
    const { era } = allowance;
    allowance.slowedDown(era);
    allowance.delivered(era, 5);
    allowance.timedOut(era);
    expect([allowance.size, allowance.slowDowns]).toEqual([1, 1]);
    allowance.reset();
    expect([allowance.size, allowance.slowDowns]).toEqual([16, 0]);
  });

  it('is at least one and at most the most, whatever comes', () => {
    const step = fc.tuple(fc.constantFrom('delivered', 'timedOut', 'slowedDown'), fc.nat(3));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const allowance = new Allowance(LIMITS);
        for (const [what, ago] of steps) {
          const era = allowance.era - ago;
          if (what === 'delivered') allowance.delivered(era, 0);
          else if (what === 'timedOut') allowance.timedOut(era);
          else allowance.slowedDown(era);
          expect(allowance.size).toBeGreaterThanOrEqual(1);
          expect(allowance.size).toBeLessThanOrEqual(LIMITS.most);
        }
      }),
    );
  });
});
