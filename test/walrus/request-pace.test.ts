import { describe, expect, it } from 'vitest';
import { RequestPace } from '../../src/walrus/chain/request-pace.ts';

const unlimited = Number.POSITIVE_INFINITY;

describe('a pace', () => {
  it('lets so many through at a time, first come first served', async () => {
    const pace = new RequestPace({ atOnce: 2, perSecond: unlimited });
    const began: number[] = [];
    const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const runs = ends.map(({ promise }, at) =>
      pace.run(async () => {
        began.push(at);
        await promise;
      }),
    );
    await Promise.resolve();
    expect(began).toEqual([0, 1]);
    ends[1]!.resolve();
    await runs[1];
    expect(began).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve();
    await Promise.all(runs);
    expect(began).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes on after one that failed', async () => {
    const pace = new RequestPace({ atOnce: 1, perSecond: unlimited });
    const failed = pace.run(() => Promise.reject(new Error('no')));
    const next = pace.run(async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('gives the turn of one who left to the next', async () => {
    const pace = new RequestPace({ atOnce: 1, perSecond: unlimited });
    const first = Promise.withResolvers<void>();
    const running = pace.run(() => first.promise);
    const stop = new AbortController();
    const leaving = pace.run(async () => 'never', stop.signal);
    const next = pace.run(async () => 'next');
    stop.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    first.resolve();
    await running;
    expect(await next).toBe('next');
  });

  it('spaces them out', async () => {
    const pace = new RequestPace({ atOnce: 9, perSecond: 100 });
    const began = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => pace.run(async () => {})));
    expect(performance.now() - began).toBeGreaterThan(5 * 10 - 5);
  });
});
