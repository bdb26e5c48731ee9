/** The whole analysis against chance: nothing found where there is nothing, planted changes found. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/diff/analysis/analyse.ts';
import { type Random, seededRandom } from '../../../src/diff/statistics/index.ts';
import { type ColumnSpec, diffData, type Input, pairs, times, type Value } from './diff-data.ts';

const LABEL: ColumnSpec[] = [{ name: 'decision' }];
const NUMBER: ColumnSpec[] = [{ name: '$.score', kind: 'number' }];

type Draw = (random: Random) => Input[];

function changedShare(sims: number, columns: ColumnSpec[], draw: Draw): number {
  const random = seededRandom(11);
  let found = 0;
  for (let i = 0; i < sims; i++) {
    const { verdict } = analyse(diffData(draw(random), columns), { minEffect: 5, seed: i });
    if (verdict.startsWith('changed')) found++;
  }
  return found / sims;
}

const many = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i));
/** A label that its input settles, but for some noise. */
const noisy = (random: Random, settled: number, labels = 'ABC') =>
  labels[random.next() < 0.15 ? random.below(labels.length) : settled % labels.length]!;
const score = (random: Random, settled: number) =>
  (settled % 5) + Math.floor(-2 * Math.log(1 - random.next()));
const runsOf = (n: number, value: () => Value) => many(n, () => [value()]);

const nothing: Record<string, [ColumnSpec[], Draw]> = {
  'labels, one run a side': [
    LABEL,
    (r) => many(400, (i) => ({ before: [[noisy(r, i)]], after: [[noisy(r, i)]] })),
  ],
  'two labels, one run a side': [
    LABEL,
    (r) => many(150, (i) => ({ before: [[noisy(r, i, 'AB')]], after: [[noisy(r, i, 'AB')]] })),
  ],
  'labels with repeats': [
    LABEL,
    (r) =>
      many(130, (i) => ({
        before: runsOf(2, () => noisy(r, i)),
        after: runsOf(2, () => noisy(r, i)),
      })),
  ],
  'labels with more runs on one side': [
    LABEL,
    (r) =>
      many(50, (i) => ({
        before: runsOf(1, () => noisy(r, i)),
        after: runsOf(1 + 2 * (i % 2), () => noisy(r, i)),
      })),
  ],
  'labels in conversations that flip as one': [
    LABEL,
    (r) =>
      many(40, (c) => {
        const values = many(2, () => noisy(r, c, 'AB'));
        return many(1 + (c % 4), () => ({
          before: [[values[0]!]],
          after: [[values[1]!]],
          conversation: c,
        }));
      }).flat(),
  ],
  'repeats in conversations': [
    LABEL,
    (r) =>
      many(60, (c) =>
        many(2, () => ({
          before: runsOf(2, () => noisy(r, c)),
          after: runsOf(2, () => noisy(r, c)),
          conversation: c,
        })),
      ).flat(),
  ],
  'numbers with ties': [
    NUMBER,
    (r) => many(40, (i) => ({ before: [[score(r, i)]], after: [[score(r, i)]] })),
  ],
  'skewed numbers with repeats, and more on one side': [
    NUMBER,
    (r) =>
      many(50, (i) => ({
        before: runsOf(1, () => score(r, i)),
        after: runsOf(1 + (i % 4), () => score(r, i)),
      })),
  ],
  'numbers in conversations': [
    NUMBER,
    (r) =>
      many(40, (c) => {
        const [from, to] = [score(r, c), score(r, c)];
        return many(1 + (c % 3), () => ({ before: [[from]], after: [[to]], conversation: c }));
      }).flat(),
  ],
  'labels of two samples': [
    LABEL,
    (r) => [
      ...many(60, (i) => ({ before: runsOf(1 + (i % 3), () => noisy(r, i)), after: [] })),
      ...many(60, (i) => ({ before: [], after: [[noisy(r, i)]] })),
    ],
  ],
  'a decision and two fields': [
    [...LABEL, ...NUMBER, { name: '$.why', kind: 'text' }],
    (r) => {
      const run = (i: number) => [noisy(r, i), score(r, i), noisy(r, i)];
      return many(90, (i) => ({ before: [run(i), run(i)], after: [run(i), run(i)] }));
    },
  ],
};

describe('an artifact against itself', () => {
  const SIMS = 120;
  // 5 % and two and a half standard deviations of as many simulations.
  const most = 0.05 + 2.5 * Math.sqrt((0.05 * 0.95) / SIMS);
  for (const [name, [columns, draw]] of Object.entries(nothing)) {
    it(`is hardly ever said to have changed: ${name}`, () => {
      expect(changedShare(SIMS, columns, draw)).toBeLessThanOrEqual(most);
    });
  }
});

describe('a planted change', () => {
  const SIMS = 100;
  /** That many inputs as a first look at a few says are needed. */
  const foundAtNeeded = (
    columns: ColumnSpec[],
    first: readonly Input[],
    draw: (random: Random, n: number) => Input[],
  ) => {
    const [column] = analyse(diffData(first, columns), { minEffect: 5, seed: 1 }).columns;
    expect(column!.verdict).toBe('insufficient');
    return changedShare(SIMS, columns, (random) => draw(random, column!.needed!.inputs));
  };
  /** 7.5 % go one way and 2.5 % the other: 5 points. */
  const flip = (random: Random): [Value, Value] => {
    const u = random.next();
    return u < 0.075 ? ['A', 'B'] : u < 0.1 ? ['B', 'A'] : ['A', 'A'];
  };
  const seen = [...times(90, 'A', 'A'), ...times(6, 'A', 'B'), ...times(4, 'B', 'A')];
  const talks = (values: readonly [Value, Value][]) =>
    values.flatMap(([before, after], conversation) =>
      many(3, (): Input => ({ before: [[before]], after: [[after]], conversation })),
    );

  it('of labels is found in 75 % of runs and more, at the n said to be needed', () => {
    const draw = (r: Random, n: number) => pairs(many(n, () => flip(r)));
    expect(foundAtNeeded(LABEL, pairs(seen), draw)).toBeGreaterThanOrEqual(0.75);
  });

  it('of labels in conversations is found', () => {
    const draw = (r: Random, n: number) => talks(many(Math.ceil(n / 3), () => flip(r)));
    expect(foundAtNeeded(LABEL, talks(seen), draw)).toBeGreaterThanOrEqual(0.75);
  });

  it('of numbers is found', () => {
    // Inputs from 0 to 20 evenly, so a spread of about 10, of which 5 % is 0.5.
    const shifted = (n: number, shift: number, noise: (i: number) => number) =>
      pairs(
        many(n, (i): [Value, Value] => {
          const from = 20 * ((i * 0.618034) % 1);
          return [from, from + shift + 4 * (noise(i) - 1)];
        }),
      );
    // As the sum of two uniform numbers is spread, one of each size.
    const even = (u: number) => (u < 0.5 ? Math.sqrt(2 * u) : 2 - Math.sqrt(2 * (1 - u)));
    const first = shifted(40, 0, (i) => even((i + 0.5) / 40));
    const draw = (r: Random, n: number) => shifted(n, 0.5, () => r.next() + r.next());
    expect(foundAtNeeded(NUMBER, first, draw)).toBeGreaterThanOrEqual(0.75);
  });

  it('of texts is found over their noise', () => {
    const draw: Draw = (r) =>
      many(80, (i) => ({
        before: runsOf(2, () => noisy(r, i)),
        after: runsOf(2, () => (i % 4 === 0 ? 'other' : noisy(r, i))),
      }));
    expect(changedShare(SIMS, [{ name: '$.why', kind: 'text' }], draw)).toBeGreaterThanOrEqual(
      0.75,
    );
  });
});
