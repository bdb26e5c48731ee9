/** A queue that can be left from its middle. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Line, type Spot } from '../../src/watch/line.ts';

describe('a line', () => {
  it('has first who came first of those still in it, whoever joins and leaves', () => {
    const step = fc.oneof(
      fc.constant({ kind: 'join' as const }),
      fc.record({ kind: fc.constant('leave' as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const line = new Line<number>();
        const listed: Spot<number>[] = [];
        for (const [number, told] of steps.entries()) {
          if (told.kind === 'join') listed.push(line.join(number));
          else if (listed.length > 0) {
            line.leave(listed.splice(told.pick % listed.length, 1)[0]!);
          }
          expect(line.first).toBe(listed[0]?.item ?? null);
          expect(line.size).toBe(listed.length);
        }
      }),
    );
  });
});
