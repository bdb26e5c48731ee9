/** Data that shows little or nothing: the result says no more than it does. */
import { describe, expect, it } from 'vitest';
import * as statistics from '../../../src/diff/statistics/index.ts';
import {
  benjaminiHochberg,
  bowker,
  chi2Homogeneity,
  cmh,
  excessFlipRate,
  fisherExact2x2,
  flipEvalue,
  jensenShannon,
  jsonChangeRate,
  ks2,
  labelShareSignFlip,
  labelSharesSignFlip,
  levenshtein,
  mannWhitney,
  mcnemarExact,
  medianShift,
  mixVsBehaviour,
  pairedPermutationMean,
  pairedPropDiffCI,
  propDiffCI,
  psi,
  StatisticsError,
  sampleSizeMcNemar,
  sampleSizeTwoProps,
  stuartMaxwell,
  tensorDiff,
  unpairedLabels,
  wasserstein1Permutation,
  wilcoxonSignedRank,
  wilsonCI,
  wordChangeRate,
  zeroFlipsUpper,
} from '../../../src/diff/statistics/index.ts';

describe('nothing to compare', () => {
  it('gives p = 1 and no effect', () => {
    expect(bowker({ table: [] })).toMatchObject({ chi2: 0, df: 0, p: 1 });
    expect(stuartMaxwell({ table: [[5]] })).toMatchObject({ chi2: 0, df: 0, p: 1 });
    expect(chi2Homogeneity({ table: [] })).toMatchObject({
      chi2: 0,
      p: 1,
      p_g: 1,
      cramers_v: 0,
      n: 0,
    });
    expect(
      unpairedLabels({
        table: [
          [3, 0],
          [0, 0],
        ],
      }),
    ).toMatchObject({ p: 1, df: 0 });
    expect(ks2({ x: [], y: [1, 2] })).toMatchObject({ D: 0, p: 1 });
    expect(mannWhitney({ x: [1], y: [] })).toMatchObject({ p: 1, cliffs_delta: 0, A12: 0.5 });
    expect(wasserstein1Permutation({ x: [], y: [] })).toMatchObject({ w1: 0, p: 1 });
    expect(wilcoxonSignedRank({ d: [] })).toMatchObject({ Wplus: 0, p: 1, p_pratt: 1 });
    expect(pairedPermutationMean({ d: [] })).toMatchObject({ mean: 0, p: 1 });
    expect(benjaminiHochberg({ p: [] })).toMatchObject({ adjusted: [], rejected: 0 });
    expect(cmh({ strata: [] })).toMatchObject({ chi2: 0, p: 1, common_or: null });
    expect(flipEvalue({ b: 0, c: 0 })).toEqual({ e: 1, log_e: 0, anytime_p: 1 });
    expect(labelSharesSignFlip({ runs: [] })).toMatchObject({ p: 1, df: 0 });
    expect(jensenShannon({ p: [0, 0], q: [1, 0] })).toEqual({ distance: 0, divergence: 0 });
    expect(psi({ ref: [], cur: [] })).toEqual({ psi: 0, unstable: true });
    expect(mixVsBehaviour({ ref: {}, cur: { EU: { clear: 1, n: 2 } } })).toMatchObject({
      total: 0,
      mix: 0,
    });
    expect(wordChangeRate({ a: '', b: ' ' }).rate).toBe(0);
    expect(levenshtein({ a: '', b: '' }).normalised).toBe(0);
    expect(tensorDiff({ a: [], b: [] })).toMatchObject({
      max_abs: 0,
      rel_l2: 0,
      cosine_distance: 0,
    });
  });

  it('gives the widest interval', () => {
    expect(wilsonCI({ k: 0, n: 0 })).toEqual({ lo: 0, hi: 1 });
    expect(propDiffCI({ k1: 0, n1: 0, k2: 3, n2: 4 })).toEqual({ diff: 0, lo: -1, hi: 1 });
    expect(pairedPropDiffCI({ b: 0, c: 0, n: 0 })).toMatchObject({ diff: 0, lo: -1, hi: 1 });
    expect(zeroFlipsUpper({ flips: 0, n: 0 })).toEqual({ hi: 1 });
    expect(medianShift({ d: [] })).toMatchObject({ median: null, lo: null, hi: null });
  });
});

describe('one of everything', () => {
  it('is never significant', () => {
    expect(mcnemarExact({ b: 1, c: 0 })).toMatchObject({ p: 1, midp: 0.5 });
    expect(wilcoxonSignedRank({ d: [1e300] }).p).toBe(1);
    expect(pairedPermutationMean({ d: [0.1] }).p).toBe(1);
    expect(ks2({ x: [1], y: [2] }).p).toBe(1);
    expect(mannWhitney({ x: [1], y: [2] }).p).toBe(1);
    expect(wasserstein1Permutation({ x: [1], y: [2] }).p).toBe(1);
    expect(
      fisherExact2x2({
        table: [
          [1, 0],
          [0, 1],
        ],
      }).p,
    ).toBe(1);
    expect(
      labelShareSignFlip({ runs: [{ a: ['A'], b: ['B', 'B', 'B'] }], label: 'B' }),
    ).toMatchObject({ mean: 1, p: 1 });
    expect(medianShift({ d: [3] })).toMatchObject({ median: 3, lo: null, hi: null });
    expect(
      medianShift({ d: [1, 2, 3, 4, 5, 6, 7, 8], cluster: [1, 1, 1, 1, 2, 2, 2, 2] }).lo,
    ).toBeNull();
  });
});

describe('constant sides and ties', () => {
  it('are tested given the ties', () => {
    const same = { x: [2, 2, 2], y: [2, 2, 2, 2] };
    expect(mannWhitney(same)).toMatchObject({ p: 1, p_asym_cc: 1, cliffs_delta: 0 });
    expect(ks2(same)).toMatchObject({ D: 0, p: 1 });
    expect(wilcoxonSignedRank({ d: [0, 0, 0] })).toMatchObject({ p: 1, p_pratt: 1, zeros: 3 });
    expect(mannWhitney({ x: [2, 2, 2, 2], y: [1, 2, 3, 4] }).p).toBeGreaterThan(0.5);
  });

  it('a side that never had a label is compared with both together, not with 0', () => {
    const table = [
      [500, 500, 0],
      [500, 499, 1],
    ];
    expect(unpairedLabels({ table })).toMatchObject({ test: 'freeman-halton' });
    expect(unpairedLabels({ table }).p).toBeGreaterThan(0.5);
    expect(psi({ ref: [0.5, 0.5, 0], cur: [0.4, 0.4, 0.2] }).unstable).toBe(true);
    expect(jensenShannon({ p: [1, 0], q: [0, 1] }).divergence).toBe(1);
  });

  it('labels that no case moved between leave the test of margins alone', () => {
    const two = [
      [5, 8],
      [2, 9],
    ];
    const more = [
      [5, 8, 0],
      [2, 9, 0],
      [0, 0, 7],
    ];
    expect(stuartMaxwell({ table: more })).toEqual(stuartMaxwell({ table: two }));
    const apart = [
      [5, 8, 0, 0],
      [2, 9, 0, 0],
      [0, 0, 1, 4],
      [0, 0, 3, 1],
    ];
    expect(stuartMaxwell({ table: apart }).df).toBe(2);
  });
});

describe('NaN and infinities', () => {
  it('are left out where they have no place, ranked where they have, and counted', () => {
    const bad = [NaN, Infinity, -Infinity];
    expect(pairedPermutationMean({ d: [...bad, 1, 2] })).toMatchObject({
      mean: 1.5,
      n: 2,
      left_out: 3,
    });
    expect(wilcoxonSignedRank({ d: [...bad, 1, 2] })).toMatchObject({ n: 4, left_out: 1 });
    expect(medianShift({ d: [...bad, 1] })).toMatchObject({ median: 1, left_out: 3 });
    expect(wasserstein1Permutation({ x: [...bad, 1], y: [1] })).toMatchObject({
      w1: 0,
      left_out: 3,
    });
    expect(mannWhitney({ x: [Infinity, NaN], y: [-Infinity] })).toMatchObject({
      U1: 1,
      left_out: 1,
    });
    expect(tensorDiff({ a: [1, NaN, Infinity], b: [1, 2, Infinity] })).toMatchObject({
      max_abs: 0,
      left_out: 2,
      'allclose_1e-5': false,
    });
    expect(benjaminiHochberg({ p: [NaN, 0.001] }).adjusted).toEqual([1, 0.002]);
  });

  it('and numbers at the ends of what a double holds give no NaN', () => {
    const huge = [1e308, -1e308, 5e-324, 1e308];
    for (const value of Object.values(tensorDiff({ a: huge, b: [...huge].reverse() })))
      expect(value).not.toBeNaN();
    expect(pairedPermutationMean({ d: huge }).p).toBe(1);
    expect(wasserstein1Permutation({ x: huge, y: [0, -1e308] }).w1).toBeLessThanOrEqual(
      Number.MAX_VALUE,
    );
    expect(pairedPermutationMean({ d: [1e-12, 2e-12, 3e-12, 1e-12, 1e-12, 4e-12] }).p).toBe(2 / 64);
    expect(tensorDiff({ a: [0, 0], b: [0, 1] })).toMatchObject({
      rel_l2: Infinity,
      cosine_distance: 1,
    });
  });
});

describe('noise that nobody measured', () => {
  it('is null, and the excess with it', () => {
    const runs = [
      { a: ['C'], b: ['H'] },
      { a: ['C'], b: ['C'] },
      { a: [], b: ['C', 'C'] },
    ];
    expect(excessFlipRate({ runs })).toMatchObject({
      within_a: null,
      within_b: null,
      between: 0.5,
      excess: null,
      p: 1,
      inputs: 2,
      repeated: 0,
    });
  });

  it('is taken from the side that ran twice', () => {
    expect(excessFlipRate({ runs: [{ a: ['C', 'H'], b: ['H'] }] })).toMatchObject({
      within_a: 1,
      within_b: null,
      excess: -0.5,
    });
  });
});

describe('what no data could give', () => {
  it('is refused', () => {
    const refused = (call: () => unknown, code: string) => {
      expect(call).toThrow(StatisticsError);
      expect(call).toThrow(expect.objectContaining({ code }));
    };
    refused(() => mcnemarExact({ b: -1, c: 2 }), 'bad-count');
    refused(() => wilsonCI({ k: 3, n: 2 }), 'bad-count');
    refused(() => wilsonCI({ k: 1, n: 2, conf: 1 }), 'bad-setting');
    refused(() => bowker({ table: [[1, 2]] }), 'bad-shape');
    refused(() => chi2Homogeneity({ table: [[1, 2], [3]] }), 'bad-shape');
    refused(() => psi({ ref: [0.5, NaN], cur: [1, 0] }), 'bad-share');
    refused(() => tensorDiff({ a: [1], b: [1, 2] }), 'bad-shape');
    refused(() => sampleSizeMcNemar({ p_disc: 0.01, diff: 0.05 }), 'bad-share');
    refused(() => cmh({ strata: 'ten pairs' }), 'bad-shape');
    refused(() => statistics.aaCalibration({ sims: 1, trial: 'toString' as never }), 'bad-setting');
  });

  it('no difference has no n', () => {
    expect(sampleSizeTwoProps({ p1: 0.1, p2: 0.1 }).n).toBe(Infinity);
  });
});

describe('long texts', () => {
  it('take bounded time, and say when that gave a lower bound', () => {
    const words = (step: number) =>
      Array.from({ length: 100_000 }, (_, i) => `w${(i * step) % 9973}`).join(' ');
    expect(wordChangeRate({ a: words(7), b: words(11) })).toMatchObject({ method: 'lower-bound' });
    const text = words(7);
    expect(wordChangeRate({ a: text, b: `${text} end` })).toMatchObject({
      method: 'exact',
      added: 1,
      removed: 0,
    });
    expect(levenshtein({ a: text, b: `x${text.slice(1)}y` })).toMatchObject({
      method: 'exact',
      distance: 2,
    });
    expect(levenshtein({ a: text, b: words(11) }).method).toBe('lower-bound');
  });
});

describe('JSON outputs', () => {
  it('are compared path by path', () => {
    const pairs = [
      {
        a: '{"score": 0.4, "flags": ["x"], "odd key": null}',
        b: '{"score": 0.5, "flags": ["x", "y"], "odd key": null}',
      },
      { a: '{"score": 0.4, "gone": {}}', b: '{"score": 0.4, "__proto__": 1}' },
      { a: 'no JSON', b: '{}' },
    ];
    const { compared, left_out, paths } = jsonChangeRate({ pairs });
    expect([compared, left_out]).toEqual([2, 1]);
    const rates = Object.fromEntries(paths.map(({ path, rate }) => [path, rate]));
    expect(rates).toEqual({
      '$.__proto__': 1,
      '$.flags[*]': 1,
      '$.gone': 1,
      '$.score': 0.5,
      '$["odd key"]': 0,
    });
    expect(paths.find(({ path }) => path === '$.gone')).toMatchObject({ removed: 1, pairs: 1 });
  });

  it('with made-up keys or endless depth stay within bounds', () => {
    const keys = (seed: number) =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`k${seed}_${i}`, i])),
      );
    const { paths } = jsonChangeRate({ pairs: [{ a: keys(1), b: keys(2) }] });
    expect(paths.length).toBeLessThanOrEqual(1001);
    const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
    expect(jsonChangeRate({ pairs: [{ a: deep, b: deep }] }).paths).toMatchObject([{ rate: 0 }]);
  });
});
