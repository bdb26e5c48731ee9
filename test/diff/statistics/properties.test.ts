/** What holds for all data: mirrored sides, order without meaning, exact counts against brute force. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  benjaminiHochberg,
  bowker,
  chi2Homogeneity,
  chi2sf,
  cliffsDelta,
  cmh,
  excessFlipRate,
  fisherExact2x2,
  fisherFreemanHalton,
  flipEvalue,
  jensenShannon,
  ks2,
  ks2Ties,
  labelShareSignFlip,
  labelSharesSignFlip,
  levenshtein,
  mannWhitney,
  mcnemarChi2,
  mcnemarExact,
  medianShift,
  mixVsBehaviour,
  normalSf,
  pairedPermutationMean,
  pairedPropDiffCI,
  propDiffCI,
  psi,
  seededRandom,
  stuartMaxwell,
  wasserstein1,
  wasserstein1Permutation,
  wilcoxonSignedRank,
  wilsonCI,
  wordChangeRate,
} from '../../../src/diff/statistics/index.ts';
import { bitsOf, choices, choose, tablesLike } from './brute-force.ts';

const runs = { numRuns: 60 };
const small = fc.integer({ min: 0, max: 12 });
const whole = fc.integer({ min: -6, max: 6 });
const anyNumber = fc.oneof(whole, fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
const samples = { minLength: 0, maxLength: 7 };
const table2 = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 5 });
const square = fc
  .integer({ min: 1, max: 4 })
  .chain((k) =>
    fc.array(fc.array(small, { minLength: k, maxLength: k }), { minLength: k, maxLength: k }),
  );
const transposed = (table: readonly (readonly number[])[]) =>
  table[0]!.map((_, j) => table.map((row) => row[j]!));
const sides = (columns: [number, number][]) => transposed(columns);
const label = fc.constantFrom('CLEAR', 'HOLD', 'ASK');
const inputRuns = fc.array(
  fc.record({ a: fc.array(label, { maxLength: 3 }), b: fc.array(label, { maxLength: 3 }) }),
  { maxLength: 8 },
);
const near = (got: number, wanted: number) =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-10 + 1e-10 * Math.abs(wanted));
const holds = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, property), runs);

describe('swapping before and after', () => {
  it('leaves every p of labels and mirrors their differences', () => {
    holds(fc.tuple(small, small, small), ([b, c, more]) => {
      expect(mcnemarExact({ b, c })).toEqual(mcnemarExact({ b: c, c: b }));
      expect(mcnemarChi2({ b, c })).toEqual(mcnemarChi2({ b: c, c: b }));
      expect(flipEvalue({ b, c }).e).toBeCloseTo(flipEvalue({ b: c, c: b }).e, 8);
      const n = b + c + more;
      const [one, other] = [pairedPropDiffCI({ b, c, n }), pairedPropDiffCI({ b: c, c: b, n })];
      near(one.lo, -other.hi);
      near(one.diff, -other.diff);
      const [first, second] = [
        propDiffCI({ k1: b, n1: n, k2: c, n2: n }),
        propDiffCI({ k1: c, n1: n, k2: b, n2: n }),
      ];
      near(first.lo, -second.hi);
    });
    holds(square, (table) => {
      near(bowker({ table }).p, bowker({ table: transposed(table) }).p);
      near(stuartMaxwell({ table }).p, stuartMaxwell({ table: transposed(table) }).p);
    });
    holds(table2, (columns) => {
      const [a, b] = sides(columns) as [number[], number[]];
      near(chi2Homogeneity({ table: [a, b] }).p, chi2Homogeneity({ table: [b, a] }).p);
      near(
        fisherFreemanHalton({ table: [a, b], B: 199 }).p,
        fisherFreemanHalton({ table: [b, a], B: 199 }).p,
      );
    });
    holds(inputRuns, (runs) => {
      const swapped = runs.map(({ a, b }) => ({ a: b, b: a }));
      near(excessFlipRate({ runs, B: 99 }).p, excessFlipRate({ runs: swapped, B: 99 }).p);
      near(labelSharesSignFlip({ runs, B: 99 }).p, labelSharesSignFlip({ runs: swapped, B: 99 }).p);
      const [one, other] = [runs, swapped].map((each) =>
        labelShareSignFlip({ runs: each, label: 'HOLD' }),
      );
      near(one!.p, other!.p);
      near(one!.mean, -other!.mean);
    });
  });

  it('leaves every p of scores and mirrors their differences', () => {
    holds(fc.tuple(fc.array(anyNumber, samples), fc.array(anyNumber, samples)), ([x, y]) => {
      const [one, other] = [
        { x, y },
        { x: y, y: x },
      ];
      near(ks2(one).p, ks2(other).p);
      near(ks2Ties(one).p_permutation, ks2Ties(other).p_permutation);
      near(mannWhitney(one).p, mannWhitney(other).p);
      near(cliffsDelta(one).delta, -cliffsDelta(other).delta);
      near(wasserstein1(one).w1, wasserstein1(other).w1);
      near(
        wasserstein1Permutation({ ...one, B: 99 }).p,
        wasserstein1Permutation({ ...other, B: 99 }).p,
      );
    });
    holds(fc.array(anyNumber, { maxLength: 9 }), (d) => {
      const mirrored = d.map((value) => -value);
      expect(wilcoxonSignedRank({ d }).p).toBe(wilcoxonSignedRank({ d: mirrored }).p);
      expect(wilcoxonSignedRank({ d }).p_pratt).toBe(wilcoxonSignedRank({ d: mirrored }).p_pratt);
      near(pairedPermutationMean({ d }).p, pairedPermutationMean({ d: mirrored }).p);
      near(
        pairedPermutationMean({ d }).mean / 1e308,
        -pairedPermutationMean({ d: mirrored }).mean / 1e308,
      );
    });
  });
});

it('swapped sides and reordered inputs leave what is resampled as it is, to the last digit', () => {
  const random = seededRandom(9);
  const names = ['CLEAR', 'HOLD', 'ASK', 'DROP'];
  const draw = () => names[random.below(4)]!;
  const runs = Array.from({ length: 60 }, () => ({
    a: [draw(), draw(), draw()],
    b: [draw(), draw()],
  }));
  const swapped = runs.map(({ a, b }) => ({ a: b, b: a })).reverse();
  const [one, other] = [
    labelSharesSignFlip({ runs, B: 499 }),
    labelSharesSignFlip({ runs: swapped, B: 499 }),
  ];
  expect([one.method, one.p]).toEqual(['monte-carlo', other.p]);
  const d = runs.map(() => random.next() - 0.4);
  const cluster = d.map((_, i) => i % 20);
  const shift = medianShift({ d, cluster });
  const mirrored = medianShift({
    d: d.map((value) => -value).reverse(),
    cluster: [...cluster].reverse(),
  });
  expect([shift.method, shift.median, shift.lo, shift.hi]).toEqual([
    'monte-carlo',
    -mirrored.median!,
    -mirrored.hi!,
    -mirrored.lo!,
  ]);
  const flips = pairedPermutationMean({ d });
  expect([flips.method, flips.p]).toEqual([
    'monte-carlo',
    pairedPermutationMean({ d: d.map((value) => -value).reverse() }).p,
  ]);
  const many = Array.from({ length: 30 }, () => ({
    a: Array.from({ length: 40 }, draw),
    b: Array.from({ length: 30 }, draw),
  }));
  const noise = excessFlipRate({ runs: many, B: 199 });
  expect([noise.method, noise.p]).toEqual([
    'monte-carlo',
    excessFlipRate({ runs: many.map(({ a, b }) => ({ a: b, b: a })).reverse(), B: 199 }).p,
  ]);
});

describe('every p', () => {
  it('lies above 0 and up to 1, whatever comes in', () => {
    const isP = (p: number) => expect(p > 0 && p <= 1, String(p)).toBe(true);
    holds(fc.tuple(anyNumber, anyNumber), ([x, df]) => {
      isP(normalSf({ z: x }).p);
      isP(chi2sf({ x, df }).p);
    });
    holds(fc.tuple(fc.array(anyNumber, samples), fc.array(anyNumber, samples)), ([x, y]) => {
      isP(ks2({ x, y }).p);
      isP(ks2Ties({ x, y }).p_permutation);
      isP(mannWhitney({ x, y }).p);
      isP(mannWhitney({ x, y }).p_asym_cc);
      isP(wasserstein1Permutation({ x, y, B: 99 }).p);
      isP(wilcoxonSignedRank({ d: x }).p_pratt);
      isP(pairedPermutationMean({ d: x }).p);
      expect(Number.isNaN(wasserstein1({ x, y }).w1)).toBe(false);
    });
    holds(square, (table) => {
      isP(bowker({ table }).p);
      isP(stuartMaxwell({ table }).p);
      isP(chi2Homogeneity({ table }).p_g);
      isP(fisherFreemanHalton({ table, B: 99 }).p);
      for (const value of Object.values(chi2Homogeneity({ table }))) expect(value).not.toBeNaN();
    });
    holds(fc.array(anyNumber, samples), (p) => {
      for (const q of benjaminiHochberg({ p }).adjusted) expect(q >= 0 && q <= 1).toBe(true);
    });
  });
});

describe('the order of inputs', () => {
  it('changes nothing', () => {
    holds(
      fc.tuple(fc.array(whole, { maxLength: 9 }), fc.array(whole, { maxLength: 9 })),
      ([x, y]) => {
        const [v, w] = [[...x].reverse(), [...y].reverse()];
        expect(wilcoxonSignedRank({ d: x })).toEqual(wilcoxonSignedRank({ d: v }));
        expect(pairedPermutationMean({ d: x }).p).toBe(pairedPermutationMean({ d: v }).p);
        expect(mannWhitney({ x, y })).toEqual(mannWhitney({ x: v, y: w }));
        expect(ks2Ties({ x, y })).toEqual(ks2Ties({ x: v, y: w }));
        expect(wasserstein1Permutation({ x, y, B: 99 })).toEqual(
          wasserstein1Permutation({ x: v, y: w, B: 99 }),
        );
        expect(medianShift({ d: x, B: 99 })).toEqual(medianShift({ d: v, B: 99 }));
      },
    );
    holds(table2, (columns) => {
      const [one, other] = [sides(columns), sides([...columns].reverse())];
      near(
        fisherFreemanHalton({ table: one, B: 99 }).p,
        fisherFreemanHalton({ table: other, B: 99 }).p,
      );
      near(chi2Homogeneity({ table: one }).chi2, chi2Homogeneity({ table: other }).chi2);
    });
    holds(inputRuns, (runs) => {
      near(
        labelShareSignFlip({ runs, label: 'ASK' }).p,
        labelShareSignFlip({ runs: [...runs].reverse(), label: 'ASK' }).p,
      );
      near(excessFlipRate({ runs }).p, excessFlipRate({ runs: [...runs].reverse() }).p);
    });
  });
});

describe('one run a side', () => {
  const once = fc.array(fc.record({ a: label.map((one) => [one]), b: label.map((one) => [one]) }), {
    maxLength: 40,
  });

  it('makes the sign-flip over inputs exact McNemar, for each label', () => {
    holds(once, (runs) => {
      const b = runs.filter((run) => run.b[0] === 'HOLD' && run.a[0] !== 'HOLD').length;
      const c = runs.filter((run) => run.a[0] === 'HOLD' && run.b[0] !== 'HOLD').length;
      const result = labelShareSignFlip({ runs, label: 'HOLD' });
      expect(result.p).toBe(mcnemarExact({ b, c }).p);
      expect(result.method).toBe('exact');
    });
  });

  it('makes the statistic of all labels Stuart-Maxwell’s', () => {
    holds(once, (runs) => {
      const names = ['CLEAR', 'HOLD', 'ASK'];
      const table = names.map((from) =>
        names.map((to) => runs.filter(({ a, b }) => a[0] === from && b[0] === to).length),
      );
      const [one, other] = [labelSharesSignFlip({ runs, B: 9 }), stuartMaxwell({ table })];
      expect(one.df).toBe(other.df);
      near(one.chi2, other.chi2);
    });
  });

  it('is CMH with an input a stratum', () => {
    holds(fc.tuple(small, small, small), ([b, c, same]) => {
      const { chi2 } = cmh({ strata: `${b} pairs A+B-, ${c} pairs A-B+, ${same} concordant` });
      near(chi2, mcnemarChi2({ b, c }).chi2);
    });
  });
});

it('repeating the runs of an input makes no evidence', () => {
  holds(inputRuns, (runs) => {
    const repeated = runs.map(({ a, b }) => ({ a: [...a, ...a, ...a], b: [...b, ...b, ...b] }));
    near(
      labelShareSignFlip({ runs, label: 'HOLD' }).p,
      labelShareSignFlip({ runs: repeated, label: 'HOLD' }).p,
    );
    near(labelSharesSignFlip({ runs, B: 99 }).p, labelSharesSignFlip({ runs: repeated, B: 99 }).p);
  });
});

describe('exact results agree with brute force on tiny data', () => {
  it('for McNemar, Wilcoxon and the sign-flip test', () => {
    holds(fc.array(whole, { maxLength: 8 }), (d) => {
      const flips = bitsOf(d.length).map((bits) => d.map((value, i) => (bits[i] ? value : -value)));
      const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
      const hits = flips.filter((each) => Math.abs(sum(each)) >= Math.abs(sum(d))).length;
      near(pairedPermutationMean({ d }).p, hits / flips.length);
      const b = d.filter((value) => value > 0).length;
      const c = d.filter((value) => value < 0).length;
      const signs = bitsOf(b + c).map((bits) => bits.filter(Boolean).length);
      const fewer = signs.filter((k) => k <= Math.min(b, c)).length;
      near(mcnemarExact({ b, c }).p, Math.min(1, (2 * fewer) / signs.length));
      const { Wplus, Wminus } = wilcoxonSignedRank({ d });
      const lower = flips.filter(
        (each) => wilcoxonSignedRank({ d: each }).Wplus <= Math.min(Wplus, Wminus),
      ).length;
      near(wilcoxonSignedRank({ d }).p, Math.min(1, (2 * lower) / flips.length));
    });
  });

  it('for tests of two samples', () => {
    const few = fc.array(whole, { minLength: 1, maxLength: 4 });
    holds(fc.tuple(few, few), ([x, y]) => {
      const all = choices([...x, ...y], x.length);
      const share = (statistic: (sample: { x: number[]; y: number[] }) => number) =>
        all.filter((each) => statistic(each) >= statistic({ x, y }) - 1e-12).length / all.length;
      near(
        ks2Ties({ x, y }).p_permutation,
        share((each) => ks2(each).D),
      );
      near(
        wasserstein1Permutation({ x, y }).p,
        share((each) => wasserstein1(each).w1),
      );
      near(
        mannWhitney({ x, y }).p_exact!,
        share((each) => Math.abs(cliffsDelta(each).delta)),
      );
    });
  });

  it('for tables', () => {
    const cell = fc.integer({ min: 0, max: 3 });
    holds(fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 3 }), (table) => {
      const weights = tablesLike(table).map((each) => [each, tableWeight(each)] as const);
      const observed = tableWeight(table);
      const all = weights.reduce((sum, [, weight]) => sum + weight, 0);
      const hits = weights.reduce(
        (sum, [, weight]) => sum + (weight <= observed * (1 + 1e-7) ? weight : 0),
        0,
      );
      near(fisherFreemanHalton({ table }).p, hits / all);
    });
    holds(fc.tuple(small, small, small, small), ([a, b, c, d]) => {
      const weight = (x: number) => choose(a + b, x) * choose(c + d, a + c - x);
      const all = choose(a + b + c + d, a + c);
      let [p, greater] = [0, 0];
      for (let x = 0; x <= a + b; x++) {
        if (weight(x) <= weight(a)) p += weight(x);
        if (x >= a) greater += weight(x);
      }
      const result = fisherExact2x2({
        table: [
          [a, b],
          [c, d],
        ],
      });
      near(result.p, p / all);
      near(result.p_greater, greater / all);
    });
  });

  it('for the distance of texts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 7 });
    holds(fc.tuple(text, text), ([a, b]) => {
      const distance = (i: number, j: number): number =>
        i === 0 || j === 0
          ? i + j
          : Math.min(
              distance(i - 1, j) + 1,
              distance(i, j - 1) + 1,
              distance(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
            );
      expect(levenshtein({ a, b }).distance).toBe(distance(a.length, b.length));
      const [v, w] = [a.match(/\w+/g) ?? [], b.match(/\w+/g) ?? []];
      const common = (i: number, j: number): number =>
        i === 0 || j === 0
          ? 0
          : v[i - 1] === w[j - 1]
            ? common(i - 1, j - 1) + 1
            : Math.max(common(i - 1, j), common(i, j - 1));
      expect(wordChangeRate({ a, b }).kept).toBe(common(v.length, w.length));
    });
  });
});

function tableWeight(table: readonly (readonly number[])[]): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return 1 / table.flat().reduce((product, cell) => product * factorial(cell), 1);
}

describe('what a change of the data does', () => {
  it('a clearer split never raises p', () => {
    holds(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(500)), ([n, at]) => {
      const b = Math.ceil(n / 2) + (at % (Math.floor(n / 2) + 1));
      if (b >= n) return;
      const [one, clearer] = [
        { b, c: n - b },
        { b: b + 1, c: n - b - 1 },
      ];
      expect(mcnemarExact(clearer).p).toBeLessThanOrEqual(mcnemarExact(one).p * (1 + 1e-12));
      expect(flipEvalue(clearer).e).toBeGreaterThanOrEqual(flipEvalue(one).e * (1 - 1e-12));
    });
  });

  it('larger statistics have smaller p', () => {
    holds(
      fc.tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.integer({ min: 1, max: 60 })),
      ([x, df]) => {
        expect(chi2sf({ x: x * 1.01 + 1e-6, df }).p).toBeLessThanOrEqual(chi2sf({ x, df }).p);
        expect(normalSf({ z: x / 30 + 1e-6 }).p).toBeLessThanOrEqual(normalSf({ z: x / 30 }).p);
      },
    );
  });

  it('units change distances in proportion and tests not at all', () => {
    const side = fc.array(whole, { minLength: 1, maxLength: 8 });
    holds(fc.tuple(side, side), ([x, y]) => {
      const scaled = { x: x.map((value) => value * 8 + 64), y: y.map((value) => value * 8 + 64) };
      near(wasserstein1(scaled).w1, 8 * wasserstein1({ x, y }).w1);
      near(
        wasserstein1Permutation({ ...scaled, B: 99 }).p,
        wasserstein1Permutation({ x, y, B: 99 }).p,
      );
      expect(mannWhitney(scaled)).toEqual(mannWhitney({ x, y }));
      expect(ks2(scaled)).toEqual(ks2({ x, y }));
      near(
        pairedPermutationMean({ d: x.map((d) => d * Math.PI) }).p,
        pairedPermutationMean({ d: x }).p,
      );
    });
  });

  it('a share’s interval holds the share and narrows with n', () => {
    holds(fc.tuple(small, small), ([k, rest]) => {
      const n = k + rest;
      const [one, more] = [wilsonCI({ k, n }), wilsonCI({ k: 4 * k, n: 4 * n })];
      if (n > 0) expect(one.lo <= k / n && k / n <= one.hi).toBe(true);
      expect(more.hi - more.lo).toBeLessThanOrEqual(one.hi - one.lo);
    });
  });

  it('descriptions are 0 for equal sides, symmetric, and take counts for shares', () => {
    const shares = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 6 });
    holds(shares, (pairs) => {
      const [p, q] = sides(pairs) as [number[], number[]];
      near(psi({ ref: p, cur: q }).psi, psi({ ref: q, cur: p }).psi);
      near(jensenShannon({ p, q }).divergence, jensenShannon({ p: q, q: p }).divergence);
      near(jensenShannon({ p, q: p.map((count) => 3 * count) }).divergence, 0);
      expect(jensenShannon({ p, q }).distance).toBeLessThanOrEqual(1);
    });
  });

  it('behaviour and mix always add up to the total', () => {
    const group = fc.tuple(small, small).map(([clear, rest]) => ({ clear, n: clear + rest }));
    const side = fc.dictionary(fc.constantFrom('EU', 'US', '__proto__', 'AP'), group);
    holds(fc.tuple(side, side), ([ref, cur]) => {
      const { behaviour, mix, total } = mixVsBehaviour({ ref, cur });
      near(behaviour + mix, total);
      near(mixVsBehaviour({ ref: cur, cur: ref }).behaviour, -behaviour);
    });
  });
});
