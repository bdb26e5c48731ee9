/** Who reads when: limits, fairness, and urgent reads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes, type Limits, Turn } from '../../src/watch/lanes.ts';

/** Lanes, and what goes on in them. */
function lanesOf(limits: Limits) {
  const lanes = new Lanes(limits);
  const begun: string[] = [];
  return {
    lanes,
    begun,
    join(host: string, name = host, urgent = false) {
      const turn = new Turn(host, urgent, () => begun.push(name));
      lanes.join(turn);
      return turn;
    },
  };
}

describe('a read', () => {
  it('begins at once where there is room, and otherwise when there is', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 3, overall: 100 });
    const [first] = [join('a', '1'), join('a', '2'), join('a', '3'), join('a', '4')];
    expect(begun).toEqual(['1', '2']);
    expect(lanes).toMatchObject({ inFlight: 2, waiting: 2 });
    lanes.end(first);
    expect(begun).toEqual(['1', '2', '3']);
    expect(lanes).toMatchObject({ inFlight: 2, waiting: 1 });
  });

  it('that is let go of leaves the queue at once, wherever it stands in it', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 1, overall: 100 });
    const first = join('a', 'first');
    const [, middle, , last] = ['1', '2', '3', '4'].map((name) => join('a', name));
    lanes.end(middle!);
    lanes.end(last!);
    expect(lanes.waiting).toBe(2);
    lanes.end(first);
    expect(begun).toEqual(['first', '1']);
  });

  it('ends once, however often that is said', () => {
    const { lanes, join } = lanesOf({ perHost: 2, overall: 2 });
    const turn = join('a');
    for (let i = 0; i < 3; i++) lanes.end(turn);
    expect(lanes).toMatchObject({ inFlight: 0, waiting: 0 });
  });
});

describe('a host that hangs', () => {
  it('delays none but its own reads while there is room overall', () => {
    const { begun, join } = lanesOf({ perHost: 64, overall: 256 });
    for (let i = 0; i < 10_000; i++) join('slow');
    const before = begun.length;
    for (let i = 0; i < 63; i++) join('quick');
    expect(begun.slice(before)).toEqual(Array.from({ length: 63 }, () => 'quick'));
  });

  it('does not hold up an urgent read of its own: one place is kept', () => {
    const { begun, join } = lanesOf({ perHost: 64, overall: 256 });
    for (let i = 0; i < 10_000; i++) join('slow');
    expect(begun).toHaveLength(63);
    join('slow', 'urgent', true);
    expect(begun.at(-1)).toBe('urgent');
  });

  it('nor one of another host where several fill all there is: a few places are kept', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 64, overall: 256 });
    for (let host = 0; host < 10; host++) {
      for (let i = 0; i < 100; i++) join(`slow ${host}`);
    }
    expect(lanes.inFlight).toBe(240);
    join('quick', 'waits');
    join('quick', 'urgent', true);
    expect(begun.at(-1)).toBe('urgent');
  });
});

describe('without room overall', () => {
  it('hosts take turns, and each serves its reads in the order they came', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 64, overall: 1 });
    const turns = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => join(name[0]!, name));
    // Each in the order in which they began.
    while (lanes.inFlight > 0) lanes.end(turns.find(({ state }) => state === 'begun')!);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('urgent reads of any host go before the others, but not for ever', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 64, overall: 1 });
    let inFlight = join('a', 'first');
    const turns = Array.from({ length: 20 }, (_, i) => join('b', `urgent ${i}`, true));
    const other = join('c', 'other');
    while (other.state === 'waiting') {
      lanes.end(inFlight);
      inFlight = turns.find(({ state }) => state === 'begun') ?? other;
    }
    expect(begun.indexOf('other')).toBe(9);
  });
});

describe('an urgent read', () => {
  it('goes before those of its host that wait, after the urgent ones before it', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 1, overall: 100 });
    const turns = [join('a', 'first'), join('a', 'second')];
    turns.push(join('a', 'urgent 1', true), join('a', 'urgent 2', true));
    while (lanes.inFlight > 0) lanes.end(turns.find(({ state }) => state === 'begun')!);
    expect(begun).toEqual(['first', 'urgent 1', 'urgent 2', 'second']);
  });

  it('may become so while it waits; once it has begun, that changes nothing', () => {
    const { lanes, begun, join } = lanesOf({ perHost: 2, overall: 100 });
    const first = join('a', 'first');
    join('a', 'second');
    const third = join('a', 'third');
    lanes.promote(first);
    expect(begun).toEqual(['first']);
    lanes.promote(third);
    expect(begun).toEqual(['first', 'third']);
    lanes.end(third);
    lanes.end(first);
    expect(begun).toEqual(['first', 'third', 'second']);
    expect(lanes).toMatchObject({ inFlight: 1, waiting: 0 });
  });

  it('overtakes so often only: the others come to their turn under any flood', () => {
    const { lanes, join } = lanesOf({ perHost: 1, overall: 100 });
    let inFlight = join('a', 'first', true);
    const other = join('a', 'other');
    let overtaken = 0;
    for (; other.state === 'waiting' && overtaken < 200_000; overtaken++) {
      const next = join('a', 'urgent', true);
      lanes.end(inFlight);
      inFlight = next;
    }
    expect(other.state).toBe('begun');
    expect(overtaken).toBeGreaterThan(50_000);
  });
});

const limits = fc.record({
  perHost: fc.integer({ min: 1, max: 5 }),
  overall: fc.integer({ min: 1, max: 12 }),
});
const pick = fc.nat();
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      host: fc.constantFrom('a', 'b', 'c', 'd'),
      urgent: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('promote' as const), pick }) },
);

/** What must hold at any moment, counted from the reads themselves. */
function check(lanes: Lanes, { perHost, overall }: Limits, turns: Turn[]) {
  const inState = (state: Turn['state'], of = turns) => of.filter((turn) => turn.state === state);
  const others = (of: Turn[]) => of.filter(({ urgent }) => !urgent).length;
  const [begun, waiting] = [inState('begun'), inState('waiting')];
  expect([lanes.inFlight, lanes.waiting]).toEqual([begun.length, waiting.length]);
  expect(begun.length).toBeLessThanOrEqual(overall);
  const fullForOthers = others(begun) >= Math.max(1, overall - Math.ceil(overall / 16));
  for (const host of new Set(turns.map((turn) => turn.host))) {
    const mine = turns.filter((turn) => turn.host === host);
    const mineBegun = inState('begun', mine);
    expect(mineBegun.length).toBeLessThanOrEqual(perHost);
    expect(others(mineBegun)).toBeLessThanOrEqual(Math.max(1, perHost - 1));
    // Nobody waits for longer than the limits ask: what another host does is no reason.
    const full = begun.length >= overall || mineBegun.length >= perHost;
    const waits = inState('waiting', mine);
    if (waits.some(({ urgent }) => urgent)) expect(full).toBe(true);
    if (others(waits) > 0 && !full) {
      expect(fullForOthers || others(mineBegun) >= Math.max(1, perHost - 1)).toBe(true);
    }
  }
}

describe('lanes', () => {
  it('keep to their limits, waste no room, and let every read begin that waits for it', () => {
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 150 }), (some, steps) => {
        const lanes = new Lanes(some);
        const turns: Turn[] = [];
        const one = (state: Turn['state'], at: number) => {
          const found = turns.filter((turn) => turn.state === state);
          return found[at % found.length];
        };
        for (const [number, told] of steps.entries()) {
          if (told.kind === 'join') {
            const turn = new Turn(told.host, told.urgent, () => {
              // In order within a host: none begins before one like it that came earlier, or before an urgent one.
              const before = turns.filter(
                (other) => other.host === turn.host && other.state === 'waiting',
              );
              expect(before.filter(({ urgent }) => urgent && !turn.urgent)).toEqual([]);
              const alike = before.filter(({ urgent }) => urgent === turn.urgent);
              expect(alike.filter((other) => other.number < turn.number)).toEqual([]);
            });
            turns.push(turn);
            lanes.join(turn);
          } else {
            const turn = one(told.kind === 'end' ? 'begun' : 'waiting', told.pick + number);
            if (turn && told.kind === 'promote') lanes.promote(turn);
            else if (turn) lanes.end(turn);
          }
          check(lanes, some, turns);
        }
        for (let turn = one('begun', 0); turn; turn = one('begun', 0)) lanes.end(turn);
        expect(turns.filter(({ state }) => state !== 'ended')).toEqual([]);
        expect(lanes).toMatchObject({ inFlight: 0, waiting: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
