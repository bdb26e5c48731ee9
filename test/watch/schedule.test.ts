/** When what is due: many things, one timer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../src/watch/schedule.ts';
import { FakeClock } from './fake-clock.ts';

function scheduled(grainMs = 1) {
  const clock = new FakeClock(1_000_000);
  const told: [item: string, after: number][] = [];
  const began = clock.elapsed();
  const schedule = new Schedule<string>(clock, grainMs, (item) => {
    told.push([item, clock.elapsed() - began]);
  });
  return { clock, schedule, told, in: (ms: number) => began + ms };
}

describe('a schedule', () => {
  it('tells of each item once, when its time has come, the earliest first', async () => {
    const { clock, schedule, told, in: at } = scheduled();
    schedule.set('c', at(300));
    schedule.set('a', at(100));
    schedule.set('b', at(200));
    expect(clock.pending).toBe(1);
    await clock.pass(199);
    expect(told).toEqual([['a', 100]]);
    await clock.pass(10_000);
    expect(told.slice(1)).toEqual([
      ['b', 200],
      ['c', 300],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('tells at once of what was due before', async () => {
    const { clock, schedule, told, in: at } = scheduled();
    schedule.set('a', at(-5000));
    await clock.pass(0);
    expect(told).toEqual([['a', 0]]);
  });

  it('may look seldom: what is due in between is told of together, and nothing too soon', async () => {
    const { clock, schedule, told, in: at } = scheduled(50);
    for (const ms of [0, 1, 49, 50, 51, 120]) schedule.set(`${ms}`, at(ms));
    await clock.pass(1000);
    expect(told).toEqual([
      ['0', 0],
      ['1', 50],
      ['49', 50],
      ['50', 50],
      ['51', 100],
      ['120', 150],
    ]);
  });

  it('holds an item once: setting it again puts it off, or brings it forward', async () => {
    const { clock, schedule, told, in: at } = scheduled();
    schedule.set('later', at(100));
    schedule.set('later', at(500));
    schedule.set('sooner', at(500));
    schedule.set('sooner', at(50));
    await clock.pass(1000);
    expect(told).toEqual([
      ['sooner', 50],
      ['later', 500],
    ]);
  });

  it('takes an item that is told of and set anew while others are due', async () => {
    const clock = new FakeClock(0);
    const told: string[] = [];
    const schedule = new Schedule<string>(clock, 1, (item) => {
      told.push(item);
      if (told.length < 6) schedule.set(item, clock.elapsed());
    });
    for (const item of ['a', 'b']) schedule.set(item, 10);
    await clock.pass(10);
    expect(told.slice(0, 4)).toEqual(['a', 'b', 'a', 'b']);
    expect(clock.pending).toBe(0);
  });

  it.each([-86_400_000, 86_400_000])('does not care for a wall clock set by %i ms', async (by) => {
    const { clock, schedule, told, in: at } = scheduled();
    schedule.set('a', at(100));
    await clock.pass(50);
    clock.set(clock.now() + by);
    await clock.pass(49);
    expect(told).toEqual([]);
    await clock.pass(1);
    expect(told).toEqual([['a', 100]]);
  });

  it('stays small, however often an item far ahead is put off, or others come and go', () => {
    const { clock, schedule, in: at } = scheduled();
    schedule.set('kept', at(7 * 86_400_000));
    for (let i = 0; i < 100_000; i++) schedule.set('weekly', at(7 * 86_400_000 + i));
    expect(schedule.held).toBeLessThan(100);
    for (let i = 0; i < 10_000; i++) schedule.set(`${i}`, at(86_400_000 + i));
    for (let i = 0; i < 10_000; i++) schedule.delete(`${i}`);
    expect(schedule.held).toBeLessThan(100);
    expect(clock.pending).toBe(1);
    for (const item of ['weekly', 'kept']) schedule.delete(item);
    expect(clock.pending).toBe(0);
  });

  it('does what a list of all items would, whatever is set, taken out and waited for', async () => {
    const item = fc.integer({ min: 0, max: 20 }).map(String);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), item, ms: fc.integer({ min: 0, max: 1000 }) }),
      fc.record({ kind: fc.constant('delete' as const), item }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 400 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 200 }), async (steps) => {
        const { clock, schedule, told, in: at } = scheduled();
        const listed = new Map<string, number>();
        let now = 0;
        for (const one of steps) {
          if (one.kind === 'set') {
            schedule.set(one.item, at(now + one.ms));
            listed.set(one.item, now + one.ms);
          } else if (one.kind === 'delete') {
            schedule.delete(one.item);
            listed.delete(one.item);
          } else {
            told.length = 0;
            now += one.ms;
            await clock.pass(one.ms);
            const due = [...listed].filter(([, time]) => time <= now);
            for (const [name] of due) listed.delete(name);
            expect(new Map(told)).toEqual(new Map(due));
            expect(told.map(([, time]) => time)).toEqual(due.map(([, time]) => time).sort(byValue));
          }
          expect(clock.pending).toBeLessThanOrEqual(1);
          if (listed.size === 0) expect(clock.pending).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });
});

const byValue = (a: number, b: number) => a - b;
