/** Where a reading just made stands in time. Source of the table: design.md, the heart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, place } from '../../src/store/place.ts';

type Pair = [number, number];
type Case = [what: string, Pair, number | null, Pair | null, Pair | 'stale' | 'clock'];

const instants = (requestedAt: number, receivedAt: number) => ({ requestedAt, receivedAt });

describe('the place of a reading', () => {
  /** Asked and answered; seen since, by a cache; the newest reading before; where it stands. */
  it.each<Case>([
    ['the first one', [100, 110], null, null, [100, 110]],
    ['after the newest', [100, 110], null, [80, 90], [100, 110]],
    ['as the newest was answered', [100, 110], null, [80, 100], [100, 110]],
    ['before the newest was answered', [100, 110], null, [80, 101], 'clock'],
    ['before the newest was asked', [100, 110], null, [200, 210], 'clock'],
    ['answered before it was asked', [100, 99], null, null, 'clock'],
    ['answered as it was asked', [100, 100], null, null, [100, 100]],
    ['through a cache that saw it before it was asked', [100, 110], 95, [80, 90], [95, 110]],
    ['through a cache that saw it as the newest came', [100, 110], 90, [80, 90], [90, 110]],
    ['through a cache that saw it before the newest came', [100, 110], 89, [80, 90], 'stale'],
    ['through a cache that saw it since it was asked', [100, 110], 105, [80, 90], [100, 110]],
    ['through a cache, the first one', [100, 110], -1e12, null, [-1e12, 110]],
    ['through a cache, by a clock that stepped back', [100, 99], 50, [80, 90], 'clock'],
  ])('%s', (_, asked, seenSince, newest, expected) => {
    const found = place(instants(...asked), seenSince, newest && instants(...newest));
    if (typeof expected === 'string')
      expect(found).toMatchObject({ placed: false, code: expected });
    else expect(found).toEqual({ placed: true, instants: instants(...expected) });
  });

  it('never overlaps the newest, nor begins later than it was asked', () => {
    const time = fc.integer({ min: 0, max: 20 });
    const cache = fc.option(time);
    fc.assert(
      fc.property(time, time, time, time, cache, (asked, answered, from, took, seenSince) => {
        const newest = instants(from, from + took);
        const found = place(instants(asked, answered), seenSince, newest);
        if (!found.placed) return;
        const { requestedAt, receivedAt } = found.instants;
        expect(requestedAt).toBeLessThanOrEqual(asked);
        // Two that share both instants would have no order: then, and only then, it is a moment later.
        const shared = requestedAt === newest.requestedAt && answered === newest.receivedAt;
        expect(receivedAt).toBe(shared ? answered + 1 : answered);
        expect(overlaps(found.instants, newest)).toBe(false);
        expect(requestedAt).toBeGreaterThanOrEqual(newest.receivedAt);
      }),
      // Both at one instant, which a run rarely draws.
      { examples: [[1, 1, 1, 0, null]] },
    );
  });
});

describe('two readings', () => {
  it.each<[Pair, Pair, boolean, string]>([
    [[0, 10], [10, 20], false, 'touch'],
    [[0, 10], [11, 20], false, 'are apart'],
    [[0, 10], [9, 20], true, 'overlap'],
    [[0, 10], [2, 3], true, 'lie within one another'],
    [[0, 10], [0, 10], true, 'share both instants'],
    [[5, 5], [5, 5], true, 'share both instants, at one'],
    [[0, 10], [10, 10], false, 'touch at an instant'],
    [[0, 10], [5, 5], true, 'meet at an instant inside'],
    [[0, 10], [0, 0], false, 'touch at the beginning'],
  ])('%j and %j: %s, because they %s', (a, b, expected) => {
    expect(overlaps(instants(...a), instants(...b))).toBe(expected);
    expect(overlaps(instants(...b), instants(...a))).toBe(expected);
  });
});
