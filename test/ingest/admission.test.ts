/** How much may be on its way: what comes, what waits, what was parsed; and who makes room for whom. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission, admissionLimit, type Place } from '../../src/ingest/admission.ts';
import type { RefusedBodyError } from '../../src/ingest/refused-body.ts';
import { atRest, FakeClock } from '../watch/fake-clock.ts';

const LIMIT = 1000;

function admission(limitBytes = LIMIT) {
  const clock = new FakeClock(0);
  const random = () => 0;
  const dropped: RefusedBodyError[] = [];
  const opened = new Admission({ limitBytes, clock, random });
  const enter = (announced: number | null = null) =>
    opened.enter(announced, (why) => dropped.push(why));
  const comes = (bytes: number) => {
    const place = enter();
    opened.came(place, bytes, bytes);
    return place;
  };
  const begins = async (place: Place, bytes = place.held) => {
    opened.whole(place);
    await opened.turn(place, bytes);
  };
  return { ...{ clock, dropped, enter, comes, begins }, admission: opened };
}

const overloaded = expect.objectContaining({ code: 'overloaded', retryAfterS: 1 });

describe('room', () => {
  it('is four bodies, and 64 MiB at least', () => {
    expect([admissionLimit(2 ** 20), admissionLimit(2 ** 26)]).toEqual([2 ** 26, 2 ** 28]);
  });

  it('is taken by what has come, not by what is announced', () => {
    const { enter, comes } = admission();
    for (let i = 0; i < 1000; i++) enter(LIMIT);
    comes(LIMIT);
    expect(() => comes(1)).toThrow(overloaded);
  });

  it('is refused before a body is read that says it does not fit', () => {
    const { enter, comes } = admission();
    comes(600);
    enter(400);
    expect(() => enter(401)).toThrow(overloaded);
    expect(() => enter(401)).toThrow(/nothing of this request was stored; send it again in 1 s/);
  });

  it('is kept by what came of a body until it is stored', async () => {
    const { admission: opened, comes, begins, enter } = admission();
    const place = comes(100);
    await begins(place);
    opened.parsed(place, 900);
    expect(opened.heldBytes).toBe(900);
    expect(() => enter(101)).toThrow(overloaded);
    opened.leave(place);
    expect(opened.heldBytes).toBe(0);
  });

  it('is given back by a body that breaks off, once', () => {
    const { admission: opened, comes } = admission();
    const place = comes(500);
    opened.leave(place);
    opened.leave(place);
    expect(opened.heldBytes).toBe(0);
  });

  it('is asked for again by those who were refused at different times', () => {
    let next = 0;
    const clock = new FakeClock(0);
    const full = new Admission({ limitBytes: 1, clock, random: () => next });
    const waits = [0, 0.3, 0.6, 0.999].map((random) => {
      next = random;
      try {
        return full.enter(2, () => {});
      } catch (error) {
        return (error as RefusedBodyError).retryAfterS;
      }
    });
    expect(waits).toEqual([1, 2, 3, 4]);
  });
});

describe('a body that stops coming', () => {
  it('makes room for one that comes, the longest pause first', async () => {
    const { clock, comes, dropped, admission: opened } = admission();
    const [first, second] = [comes(400), comes(400)];
    await clock.pass(500);
    opened.came(first, 1, 0);
    await clock.pass(501);
    expect(() => comes(300)).not.toThrow();
    expect(dropped).toEqual([overloaded]);
    expect([first.state, second.state]).toEqual(['coming', 'left']);
    expect(() => comes(400)).toThrow(overloaded);
    await clock.pass(1000);
    expect(() => comes(400)).not.toThrow();
    expect(dropped).toHaveLength(2);
  });

  it('keeps its room while nobody needs it, for 10 s', async () => {
    const { clock, comes, dropped, admission: opened } = admission();
    comes(400);
    await clock.pass(9_000);
    expect(dropped).toEqual([]);
    await clock.pass(1_000);
    expect(dropped).toMatchObject([{ code: 'stalled', retryAfterS: null }]);
    expect(opened.heldBytes).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('is as good as one that trickles', async () => {
    const { clock, enter, dropped, admission: opened } = admission(2 ** 20);
    const [slow, steady] = [enter(), enter()];
    for (let second = 0; second < 30 && slow.state === 'coming'; second++) {
      opened.came(slow, 1, 1);
      opened.came(steady, 2000, 2000);
      await clock.pass(1000);
    }
    expect([slow.state, steady.state]).toEqual(['left', 'coming']);
    expect(dropped).toMatchObject([{ message: expect.stringContaining('10 bytes came in 10 s') }]);
  });

  it('is not looked after once it has come, however long it waits', async () => {
    const { clock, comes, begins, dropped, admission: opened } = admission();
    const place = comes(LIMIT);
    await begins(place);
    expect(clock.pending).toBe(0);
    await clock.pass(60_000);
    expect(() => comes(1)).toThrow(overloaded);
    expect([dropped, opened.heldBytes]).toEqual([[], LIMIT]);
  });
});

describe('turns', () => {
  const begun = (places: Place[]) => places.filter(({ state }) => state === 'parsing').length;

  it('are two at a time where bodies are large, eight where they are small, in their order', async () => {
    for (const [bytes, atATime] of [
      [2 ** 22, 2],
      [2 ** 10, 8],
    ] as const) {
      const { admission: opened, comes, begins } = admission(2 ** 30);
      const places = Array.from({ length: 12 }, () => comes(bytes));
      for (const place of places) void begins(place);
      await atRest();
      expect(places.map(({ state }) => state === 'parsing')).toEqual(
        places.map((_, i) => i < atATime),
      );
      opened.parsed(places[1]!, bytes);
      opened.leave(places[0]!);
      await atRest();
      expect(begun(places)).toBe(atATime);
    }
  });

  it('are not given while half of the limit waits to be stored', async () => {
    const { admission: opened, comes, begins } = admission();
    const [first, second] = [comes(10), comes(10)];
    await begins(first);
    opened.parsed(first, 5000);
    void begins(second);
    await atRest();
    expect(second.state).toBe('come');
    opened.leave(first);
    await atRest();
    expect(second.state).toBe('parsing');
  });
});

it('whatever happens, all room comes back, and no more is held than there may be', async () => {
  const step = fc.record({
    at: fc.nat(9),
    bytes: fc.integer({ min: 1, max: 400 }),
    what: fc.constantFrom('come', 'whole', 'parsed', 'leave', 'pass'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { admission: opened, clock, enter } = admission();
      const places: (Place | undefined)[] = [];
      for (const { at, bytes, what } of steps) {
        const place = places[at];
        if (what === 'pass') await clock.pass(bytes * 10);
        else if (what === 'come' && (!place || place.state === 'left')) {
          try {
            places[at] = enter(bytes);
          } catch {
            expect(opened.heldBytes + bytes).toBeGreaterThan(LIMIT);
          }
        } else if (!place) continue;
        else if (what === 'come' && place.state === 'coming') {
          try {
            opened.came(place, bytes, bytes);
          } catch {
            opened.leave(place);
          }
        } else if (what === 'whole' && place.state === 'coming') {
          opened.whole(place);
          void opened.turn(place, place.held);
          await atRest();
        } else if (what === 'parsed' && place.state === 'parsing') opened.parsed(place, bytes);
        else if (what === 'leave' && place.state !== 'come') opened.leave(place);
        const parsed = places.filter((one) => one?.state === 'parsed');
        const waiting = parsed.reduce((sum, one) => sum + one!.held, 0);
        expect(opened.heldBytes).toBeLessThanOrEqual(LIMIT + waiting);
      }
      await atRest();
      for (;;) {
        const open = places.filter((one) => one && one.state !== 'left' && one.state !== 'come');
        if (open.length === 0) break;
        for (const place of open) opened.leave(place!);
        await atRest();
      }
      expect(opened.heldBytes).toBe(0);
      expect(places.every((one) => !one || one.state === 'left')).toBe(true);
    }),
    { numRuns: 150 },
  );
});
