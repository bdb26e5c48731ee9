/** Differences as their sums: intervals with and without clusters, and label shares in clusters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GroupCount,
  labelSharesSignFlip,
  meanDiffCI,
  medianDiffCI,
  mixOfGroups,
  mixVsBehaviour,
  pairedPermutationMean,
  pairedPropDiffCI,
  seededRandom,
  shareDiffCI,
  sharesChiSquare,
  sharesSignFlip,
  singlesPooled,
  stuartMaxwell,
} from '../../../src/diff/statistics/index.ts';

const near = (got: number | null, wanted: number | null) =>
  expect(Math.abs(got! - wanted!)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(wanted!)));
const small = fc.integer({ min: 0, max: 40 });
const holds = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 60 });

/** Of clusters given by the differences of their inputs. */
function sumsOf(clusters: readonly (readonly number[])[]) {
  const d = clusters.flat();
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return {
    n: d.length,
    sum: sum(d),
    squares: sum(d.map((value) => value ** 2)),
    clusters: {
      count: clusters.length,
      squares: sum(clusters.map((each) => sum(each) ** 2)),
      weighted: sum(clusters.map((each) => each.length * sum(each))),
      sizes: sum(clusters.map((each) => each.length ** 2)),
    },
  };
}

describe('the interval of a difference in shares', () => {
  it("is Bonett and Price's at one run a side", () => {
    holds(fc.tuple(small, small, small), ([b, c, same]) => {
      const n = b + c + same;
      const [one, other] = [
        shareDiffCI({ n, sum: b - c, squares: b + c }),
        pairedPropDiffCI({ b, c, n }),
      ];
      near(one.diff, other.diff);
      near(one.lo, other.lo);
      near(one.hi, other.hi);
    });
  });

  it('is never narrower with clusters, and as wide as of one input each where they agree', () => {
    const cluster = fc.array(fc.constantFrom(-1, -0.5, 0, 0.5, 1), { minLength: 1, maxLength: 4 });
    holds(fc.array(cluster, { minLength: 2, maxLength: 20 }), (clusters) => {
      const { clusters: sums, ...alone } = sumsOf(clusters);
      const [one, more] = [shareDiffCI(alone), shareDiffCI({ ...alone, clusters: sums })];
      expect(more.hi - more.lo).toBeGreaterThanOrEqual(one.hi - one.lo - 1e-12);
    });
    const flips = Array.from({ length: 400 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const alone = shareDiffCI({ n: 400, sum: 40, squares: 40 });
    const four = shareDiffCI(sumsOf(flips.map((d) => [d, d, d, d])));
    expect(four.hi - four.lo).toBeCloseTo(alone.hi - alone.lo, 2);
  });

  it('says nothing of none, and ends at ±1 unless it is told not to', () => {
    expect(shareDiffCI({ n: 0, sum: 0, squares: 0 })).toEqual({ diff: 0, lo: -1, hi: 1 });
    expect(shareDiffCI({ n: 2, sum: 2, squares: 2 }).hi).toBe(1);
    expect(shareDiffCI({ n: 2, sum: 9, squares: 81, bounded: false }).hi).toBeGreaterThan(4);
  });
});

describe('the interval of a mean or a median', () => {
  it('holds the truth in about 95 of 100 samples', () => {
    const random = seededRandom(2);
    let [means, medians] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const draw = () => Array.from({ length: 40 }, () => random.next() + random.next());
      const [x, y] = [draw(), draw()];
      const clusters = x.map((value, k) => [value - y[k]!, value - y[k]!]);
      const mean = meanDiffCI(sumsOf(clusters));
      const median = medianDiffCI({ x, y });
      if (mean.lo! > 0 || mean.hi! < 0) means++;
      if (median.lo! > 0 || median.hi! < 0) medians++;
    }
    for (const misses of [means, medians]) {
      expect(misses).toBeGreaterThanOrEqual(5);
      expect(misses).toBeLessThanOrEqual(34);
    }
  });

  it('is none of too few', () => {
    expect(meanDiffCI({ n: 1, sum: 3, squares: 9 })).toEqual({ diff: 3, lo: null, hi: null });
    expect(medianDiffCI({ x: [1, 2], y: [4] })).toEqual({ diff: 2.5, lo: null, hi: null });
    expect(medianDiffCI({ x: [], y: [4] })).toEqual({ diff: null, lo: null, hi: null });
  });
});

describe('label shares in clusters', () => {
  const label = fc.constantFrom('CLEAR', 'HOLD', 'ASK');
  const runs = fc.array(label, { minLength: 1, maxLength: 2 });
  const input = fc.record({ a: runs, b: runs });

  it('flip as one: a cluster of equal inputs is one input', () => {
    holds(fc.array(input, { minLength: 1, maxLength: 7 }), (inputs) => {
      const three = inputs.flatMap((each) => [each, each, each]);
      const cluster = three.map((_, i) => `c${Math.floor(i / 3)}`);
      near(
        labelSharesSignFlip({ runs: three, cluster }).p,
        labelSharesSignFlip({ runs: inputs }).p,
      );
    });
  });

  it('are the sign-flip test of one label where there are two', () => {
    const runs = Array.from({ length: 30 }, (_, i) => ({ a: ['A'], b: [i % 4 === 0 ? 'B' : 'A'] }));
    const cluster = runs.map((_, i) => i >> 1);
    const d = runs.map(({ b }) => (b[0] === 'B' ? 1 : 0));
    near(labelSharesSignFlip({ runs, cluster }).p, pairedPermutationMean({ d, cluster }).p);
  });

  it('refuse clusters that are not one an input', () => {
    expect(() => labelSharesSignFlip({ runs: [{ a: ['A'], b: ['B'] }], cluster: [] })).toThrow(
      /1 inputs, but 0 clusters/,
    );
  });
});

it('the chi-square of sums alone is that of Stuart and Maxwell', () => {
  const table = [
    [20, 5, 2],
    [9, 30, 4],
    [1, 7, 11],
  ];
  const margin = (i: number) => table.reduce((sum, row, k) => sum + row[i]! - table[i]![k]!, 0);
  const products = table.map((row, i) =>
    row.map((cell, j) =>
      i === j
        ? row.reduce((sum, n, k) => sum + (k === i ? 0 : n + table[k]![i]!), 0)
        : -(cell + table[j]![i]!),
    ),
  );
  const { chi2, df, p } = sharesChiSquare({ sums: [0, 1, 2].map(margin), products });
  const wanted = stuartMaxwell({ table });
  near(chi2, wanted.chi2);
  near(p, wanted.p);
  expect(df).toBe(2);
});

it('groups by number are split as groups by name are', () => {
  const count = fc.tuple(small, small).map(([clear, rest]) => ({ clear, n: clear + rest }));
  holds(fc.array(fc.tuple(count, count), { maxLength: 8 }), (groups) => {
    const record = (side: 0 | 1): Record<string, GroupCount> =>
      Object.fromEntries(groups.map((group, i) => [`g${i}`, group[side]]));
    const columns = (side: 0 | 1) => ({
      clear: groups.map((group) => group[side].clear),
      n: groups.map((group) => group[side].n),
    });
    const named = mixVsBehaviour({ ref: record(0), cur: record(1) });
    const numbered = mixOfGroups({ ref: columns(0), cur: columns(1) });
    for (const part of ['total', 'behaviour', 'mix', 'shared'] as const)
      near(numbered[part], named[part]);
    near(named.total, named.behaviour + named.mix);
  });
});

describe('labels that one difference alone has', () => {
  /** From one label to one of its own each. */
  const scattered = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      Array.from({ length: count + 1 }, (_, k) => (k === 0 ? -1 : k === i + 1 ? 1 : 0)),
    );

  it('hide nothing once they count as one', () => {
    const differences = scattered(40);
    expect(sharesSignFlip({ differences }).p).toBe(1);
    expect(sharesSignFlip({ differences: singlesPooled(differences) }).p).toBeLessThan(1e-9);
  });

  it('are the same whatever the signs are', () => {
    const vector = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 5, maxLength: 5 });
    const signed = fc.array(fc.tuple(vector, fc.constantFrom(-1, 1)), { maxLength: 12 });
    holds(signed, (each) => {
      const plain = singlesPooled(each.map(([d]) => d));
      const flipped = singlesPooled(each.map(([d, sign]) => d.map((value) => sign * value)));
      const mirrored = plain.map((d, i) => d.map((value) => each[i]![1] * value));
      expect(flipped.map((d) => d.map((x) => x + 0))).toEqual(
        mirrored.map((d) => d.map((x) => x + 0)),
      );
    });
  });

  it('stay apart where there is no other label', () => {
    const apart = [
      [-1, 1, 0, 0],
      [0, 0, -1, 1],
    ];
    expect(singlesPooled(apart)).toEqual(apart);
  });
});
