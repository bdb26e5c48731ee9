/** What holds of every analysis, whatever the data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportEffect } from '../../../src/contract/diff.ts';
import { type AnalysedColumn, analyse } from '../../../src/diff/analysis/analyse.ts';
import { excessFlipRate } from '../../../src/diff/statistics/index.ts';
import {
  type ColumnSpec,
  diffData,
  ERROR,
  hash,
  type Input,
  pairs,
  repeated,
  swapped,
  times,
  type Value,
} from './diff-data.ts';

const SETTINGS = { minEffect: 5, seed: 3 };
const COLUMNS: ColumnSpec[] = [
  { name: 'decision' },
  { name: '$.score', kind: 'number' },
  { name: '$.why', kind: 'text', family: 'found' },
];
const label = fc.constantFrom<Value>('CLEAR', 'HOLD', 'ASK', null, ERROR);
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<Value>(0.1, 0.2, 0.3, null, hash(1), ERROR),
);
const text = fc.constantFrom<Value>('a', 'b', null, hash(9));
const oneRun = fc.tuple(label, number, text);
const runs = (least: number) => fc.array(oneRun, { minLength: least, maxLength: 3 });
const inputs = (least: number, conversations = true) =>
  fc.array(
    fc.record({
      before: runs(least),
      after: runs(least),
      ...(conversations && {
        conversation: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
      }),
      slices: fc.tuple(fc.constantFrom('eu', 'us')),
    }) as fc.Arbitrary<Input>,
    { maxLength: 40 },
  );
const holds = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 40) =>
  fc.assert(fc.property(arbitrary, property), { numRuns });
const run = (data: readonly Input[]) => analyse(diffData(data, COLUMNS, ['region']), SETTINGS);
const near = (got: number | null, wanted: number | null) => {
  if (got === null || wanted === null) return expect(got).toBe(wanted);
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted)));
};
const minus = (value: number | null) => (value === null ? null : -value);
const byName = (effects: readonly ReportEffect[]) =>
  [...effects].sort((a, b) => (a.of < b.of ? -1 : 1));

describe('swapping before and after', () => {
  it('leaves every p, q and verdict, and mirrors every effect', () => {
    holds(inputs(0), (data) => {
      const one = analyse(diffData(data, COLUMNS, ['region']), SETTINGS);
      const other = analyse(swapped(diffData(data, COLUMNS, ['region'])), SETTINGS);
      expect(other.verdict).toBe(one.verdict);
      expect(other.slices).toEqual(one.slices);
      for (const [i, column] of one.columns.entries()) {
        const mirror = other.columns[i]!;
        expect(mirror.verdict).toBe(column.verdict);
        expect(mirror.needed).toEqual(column.needed);
        expect(mirror.cases).toEqual(column.cases);
        expect(Array.from(mirror.differing)).toEqual(Array.from(column.differing));
        const tests = (each: AnalysedColumn) =>
          each.tests.map(({ name, p, q, n }) => ({ name, p, q, n }));
        expect(tests(mirror)).toEqual(tests(column));
        const [effects, mirrored] = [column, mirror].map((each) => byName(each.direction.effects));
        expect(mirrored!.length).toBe(effects!.length);
        for (const [k, effect] of effects!.entries()) {
          expect(mirrored![k]!.of).toBe(effect.of);
          near(mirrored![k]!.value, -effect.value);
          near(mirrored![k]!.lo, minus(effect.hi));
          near(mirrored![k]!.hi, minus(effect.lo));
        }
        if (column.traffic) near(mirror.traffic!.mix, -column.traffic.mix);
      }
    });
  });
});

describe('repeating runs', () => {
  it('leaves the p and the effects of the direction, on one side or both', () => {
    const times = fc.constantFrom<[number, number]>([2, 2], [1, 2], [3, 1], [2, 5]);
    holds(fc.tuple(inputs(1), times), ([data, [before, after]]) => {
      const [one, more] = [run(data), run(repeated(data, before, after))];
      for (const [i, column] of one.columns.entries()) {
        const [was, is] = [column.direction.effects, more.columns[i]!.direction.effects];
        expect(is).toEqual(was);
        const deciding = (each: AnalysedColumn) =>
          each.tests
            .filter(({ question, decides }) => decides && question !== 'cases')
            .map(({ p }) => p);
        expect(deciding(more.columns[i]!)).toEqual(deciding(column));
      }
    });
  });
});

describe('other columns', () => {
  it('found without being named leave the overall verdict and the q of the first family', () => {
    holds(
      inputs(1),
      (data) => {
        const found = Array.from(
          { length: 40 },
          (_, k): ColumnSpec => ({ name: `$.found${k}`, kind: 'text', family: 'found' }),
        );
        const wide = data.map((input) => {
          const add = (side: readonly (readonly Value[])[]) =>
            side.map((values, r) => [...values, ...found.map((_, k) => 'abc'[(r + k) % 3]!)]);
          return { ...input, before: add(input.before), after: add(input.after) };
        });
        const [one, more] = [
          run(data),
          analyse(diffData(wide, [...COLUMNS, ...found], ['region']), SETTINGS),
        ];
        expect(more.verdict).toBe(one.verdict);
        for (const [i, { family, tests }] of one.columns.entries()) {
          if (family === 'first') expect(more.columns[i]!.tests).toEqual(tests);
        }
      },
      10,
    );
  });
});

describe('every analysis', () => {
  it('counts each compared input once, and never says NaN, infinite or p = 0', () => {
    holds(inputs(0), (data) => {
      const analysis = run(data);
      expect(JSON.stringify(analysis)).not.toMatch(/NaN|Infinity/);
      for (const column of analysis.columns) {
        const { matrix, compared, cases, tests, differing } = column;
        if (matrix) {
          expect(matrix.reduce((sum, cell) => sum + cell.inputs, 0)).toBe(compared);
          const differ = matrix.filter((cell) => cell.differs);
          expect(differ.reduce((sum, cell) => sum + cell.inputs, 0)).toBe(cases.differing);
          expect(differ.flatMap(({ sample }) => sample).sort((a, b) => a - b)).toEqual(
            Array.from(differing),
          );
        }
        for (const { p, q, decides } of tests) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
          expect(q !== null).toBe(decides);
          if (q !== null) expect(q).toBeGreaterThanOrEqual(p);
        }
      }
    });
  });

  it('has the excess of flips that the statistics give', () => {
    holds(inputs(1, false), (data) => {
      const decided = data.filter(({ before, after }) =>
        [...before, ...after].some(([value]) => typeof value === 'string'),
      );
      const runs = decided.map(({ before, after }) => ({
        a: before.map(([value]) => JSON.stringify(value)),
        b: after.map(([value]) => JSON.stringify(value)),
      }));
      const { excess, repeated } = excessFlipRate({ runs, B: 1 });
      const { cases } = run(data).columns[0]!;
      expect(cases.noiseInputs).toBe(repeated);
      near(cases.excess?.value ?? null, excess === null ? null : 100 * excess);
    });
  });
});

describe('slices', () => {
  it('show where the change is, at most 20, lowest q first', () => {
    const data = Array.from({ length: 2400 }, (_, i): Input => {
      const flips = i % 24 === 5 ? i % 5 > 0 : i % 50 === 0;
      return {
        before: [['A']],
        after: [[flips ? 'B' : 'A']],
        slices: [`r${i % 24}`, i % 2 ? 'x' : 'y'],
      };
    });
    const { slices } = analyse(
      diffData(data, [{ name: 'decision' }], ['region', 'service']),
      SETTINGS,
    );
    expect(slices).toHaveLength(20);
    expect(slices[0]).toMatchObject({ field: 'region', value: 'r5', inputs: 100, stands: true });
    expect(slices[0]!.rate).toBeGreaterThan(0.7);
    expect(slices.map(({ q }) => q)).toEqual(slices.map(({ q }) => q).sort((a, b) => a - b));
  });

  it('are not cut of a few differing inputs, nor shown smaller than ten', () => {
    const of = (flips: number, slice: (i: number) => string) =>
      pairs([...times(100, 'A', 'A'), ...times(flips, 'A', 'B')]).map((input, i) => ({
        ...input,
        slices: [slice(i)],
      }));
    const sliced = (inputs: Input[]) =>
      analyse(diffData(inputs, [{ name: 'decision' }], ['region']), SETTINGS).slices;
    expect(sliced(of(9, (i) => `r${i % 2}`))).toEqual([]);
    expect(sliced(of(20, (i) => `r${i % 2}`))).toHaveLength(2);
    expect(sliced(of(20, (i) => (i < 9 ? 'few' : 'many')))).toEqual([]);
  });
});
