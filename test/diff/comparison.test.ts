import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POOL } from '../../src/diff/comparison.ts';
import { cohorts, compare, NEW, OLD, OTHER, type Telling, type Told, trace } from './traces.ts';

/** A decision before, a decision after, of one input with any number of runs. */
function decided(before: (string | null)[], after: (string | null)[]) {
  const runs = (side: string, decisions: (string | null)[]) =>
    decisions.map((decision, i) => trace(`${side} ${i}`, { decision }));
  return compare(runs('before', before), runs('after', after));
}

function answered(before: (string | null)[], after: (string | null)[]) {
  const runs = (side: string, outputs: (string | null)[]) =>
    outputs.map((output, i) => trace(`${side} ${i}`, { output }));
  return compare(runs('before', before), runs('after', after));
}

describe('inputs pair', () => {
  const pairs = (before: Telling, after: Telling) =>
    compare([trace('b', before)], [trace('a', after)]).pairs;

  test('where input, context and turn are the same', () => {
    const told = { input: '1', context: 'desk', turn: 2 };
    expect(pairs(told, told)).toEqual({ inputs: 1, onlyBefore: 0, onlyAfter: 0 });
  });

  test.each([
    { input: '2', context: 'desk', turn: 2 },
    { input: '1', context: 'other', turn: 2 },
    { input: '1', context: null, turn: 2 },
    { input: '1', context: 'desk', turn: 3 },
    { input: '1', context: 'desk', turn: null },
  ])('and not with %j', (after) => {
    const before = { input: '1', context: 'desk', turn: 2 };
    expect(pairs(before, after)).toEqual({ inputs: 0, onlyBefore: 1, onlyAfter: 1 });
  });

  test('whatever a context holds: no text of it passes for another', () => {
    const tricky = pairs({ context: 'a",1' }, { context: 'a', turn: 1 });
    expect(tricky.inputs).toBe(0);
  });
});

describe('decisions', () => {
  test('that differ are a flip', () => {
    const { decisions, verdict } = decided(['CLEAR'], ['HOLD']);
    expect(verdict).toBe('changed');
    expect(decisions).toMatchObject({ compared: 1, flipped: 1, mixed: 0 });
    expect(decisions.matrix).toMatchObject([{ before: 'CLEAR', after: 'HOLD', inputs: 1 }]);
  });

  test('on one side only are a flip from or to none', () => {
    const { decisions } = decided([null], ['HOLD']);
    expect(decisions).toMatchObject({ compared: 1, flipped: 1, oneSided: 1 });
    expect(decisions.matrix).toMatchObject([{ before: null, after: 'HOLD', inputs: 1 }]);
  });

  test('are not asked of a run that has none', () => {
    const { decisions, verdict } = decided(['HOLD', null], ['HOLD']);
    expect(decisions).toMatchObject({ compared: 1, flipped: 0, mixed: 0 });
    expect(verdict).toBe('identical');
  });

  test('of runs that disagree are mixed, which is never a flip but may be a difference', () => {
    const { decisions, verdict } = decided(['HOLD', 'CLEAR'], ['HOLD']);
    expect(decisions).toMatchObject({ compared: 1, flipped: 0, mixed: 1 });
    expect(decisions.matrix).toMatchObject([{ before: '(mixed)', after: 'HOLD', inputs: 1 }]);
    expect(verdict).toBe('changed');
  });

  test('that are mixed in the same way on both sides are no difference', () => {
    const { decisions, verdict } = decided(['HOLD', 'CLEAR'], ['CLEAR', 'HOLD', 'HOLD']);
    expect(decisions).toMatchObject({ flipped: 0, mixed: 1 });
    expect(verdict).toBe('identical');
  });

  test('named "(mixed)" by someone are decisions like any other', () => {
    const { decisions } = decided(['(mixed)'], ['HOLD']);
    expect(decisions).toMatchObject({ flipped: 1, mixed: 0 });
  });
});

describe('outputs', () => {
  test('are changed where none of one side occurs on the other', () => {
    const { outputs } = answered(['1', '2'], ['3']);
    expect(outputs).toMatchObject({ compared: 1, changed: 1, partly: 0, changedShare: 1 });
  });

  test('are partly changed where some occur on both sides and some on one', () => {
    const { outputs, verdict } = answered(['1'], ['1', '2']);
    expect(outputs).toMatchObject({ compared: 1, changed: 0, partly: 1, changedShare: 0 });
    expect(verdict).toBe('changed');
  });

  test('are the same where the same ones occur, however often', () => {
    const { outputs, verdict } = answered(['1', '2', '1'], ['2', '1']);
    expect(outputs).toMatchObject({ compared: 1, changed: 0, partly: 0 });
    expect(verdict).toBe('identical');
  });

  test('on one side only are not compared', () => {
    const { outputs } = answered(['1'], [null]);
    expect(outputs).toMatchObject({ compared: 0, oneSided: 1, changedShare: null });
  });
});

describe('the verdict is no-data', () => {
  test('where no input was run on both sides', () => {
    const { verdict } = compare([trace('b', { input: '1' })], [trace('a', { input: '2' })]);
    expect(verdict).toBe('no-data');
  });

  test('where a side has no traces, or neither has', () => {
    expect(compare([trace('b')], []).verdict).toBe('no-data');
    expect(compare([], []).verdict).toBe('no-data');
  });

  test('where the shared inputs have neither decisions nor outputs on both sides', () => {
    expect(compare([trace('b', { output: '1' })], [trace('a')]).verdict).toBe('no-data');
  });
});

describe('a side', () => {
  test('counts what it leaves out, by reason, and compares the rest', () => {
    const side = [
      trace('1', { leftOut: 'ambiguous', artifactId: null }),
      trace('2', { leftOut: 'ambiguous' }),
      trace('3', { input: null }),
      trace('4', { artifactId: null }),
      trace('5', { startedAt: 50 }),
      trace('6', { startedAt: 20, artifactId: NEW, turn: 1 }),
      trace('7', { startedAt: 30 }),
    ];
    expect(compare(side, []).before).toEqual({
      traces: 3,
      inputs: 2,
      artifacts: [
        { artifactId: OLD, traces: 2, share: 2 / 3 },
        { artifactId: NEW, traces: 1, share: 1 / 3 },
      ],
      leftOut: [
        { reason: 'ambiguous', traces: 2 },
        { reason: 'no-input', traces: 1 },
        { reason: 'unknown-artifact', traces: 1 },
      ],
      from: 20,
      to: 50,
    });
  });

  test('orders artifacts of equal share by id', () => {
    const side = [OTHER, NEW, OLD].map((artifactId, i) => trace(`${i}`, { artifactId }));
    const { artifacts } = compare(side, []).before;
    expect(artifacts.map(({ artifactId }) => artifactId)).toEqual([OLD, OTHER, NEW]);
  });
});

describe('over any two cohorts', () => {
  const two = fc.tuple(cohorts('before'), cohorts('after'));

  test('the matrix holds every compared input once, and the flips are its flips', () => {
    fc.assert(
      fc.property(two, ([before, after]) => {
        const { decisions } = compare(before, after);
        const sum = (rows: typeof decisions.matrix) => rows.reduce((n, row) => n + row.inputs, 0);
        expect(sum(decisions.matrix)).toBe(decisions.compared);
        expect(sum(decisions.matrix.filter((row) => row.flip))).toBe(decisions.flipped);
      }),
    );
  });

  test('swapping the sides mirrors every number', () => {
    fc.assert(
      fc.property(two, ([before, after]) => {
        const [there, back] = [compare(before, after), compare(after, before)];
        const { matrix, ...decisions } = there.decisions;
        const mirrored = matrix.map((row) => ({ ...row, before: row.after, after: row.before }));
        expect(back.verdict).toBe(there.verdict);
        expect([back.before, back.after]).toEqual([there.after, there.before]);
        expect(back.pairs.onlyBefore).toBe(there.pairs.onlyAfter);
        expect(back.pairs.inputs).toBe(there.pairs.inputs);
        expect(back.decisions).toMatchObject(decisions);
        expect(new Set(back.decisions.matrix)).toEqual(new Set(mirrored));
        expect(back.outputs).toEqual(there.outputs);
        expect(back.differences.map(({ pair }) => pair.key)).toEqual(
          there.differences.map(({ pair }) => pair.key),
        );
      }),
    );
  });

  test('running inputs again with the same result changes no count of inputs', () => {
    fc.assert(
      fc.property(two, fc.nat({ max: 3 }), ([before, after], times) => {
        const again = (side: Told[]) =>
          Array.from({ length: times + 1 }, (_, i) =>
            side.map((one) => ({ ...one, id: `${one.id} ${i}` })),
          ).flat();
        const [once, often] = [compare(before, after), compare(again(before), after)];
        expect(often.decisions).toEqual(once.decisions);
        expect(often.outputs).toEqual(once.outputs);
        expect(often.pairs).toEqual(once.pairs);
        expect(often.verdict).toBe(once.verdict);
      }),
    );
  });

  test('compared with itself a cohort is never changed', () => {
    fc.assert(
      fc.property(cohorts('before'), (side) => {
        expect(compare(side, side).verdict).not.toBe('changed');
      }),
    );
  });
});

test('of many inputs that differ the flips are kept before the rest', () => {
  const total = 5 * POOL;
  const side = (name: string, decision: (i: number) => string) =>
    Array.from({ length: total }, (_, i) =>
      trace(`${name} ${i}`, { input: `${i}`, output: `"${name}"`, decision: decision(i) }),
    );
  const { differing, differences } = compare(
    side('before', () => 'HOLD'),
    side('after', (i) => (i % 10 === 9 ? 'CLEAR' : 'HOLD')),
  );
  expect(differing).toBe(total);
  expect(differences).toHaveLength(POOL);
  expect(differences.filter(({ flipped }) => flipped)).toHaveLength(total / 10);
  expect(differences.slice(0, total / 10).every(({ flipped }) => flipped)).toBe(true);
});
