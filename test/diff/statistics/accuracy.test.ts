/** Tails, large counts, and one method against another where both apply. */
import { describe, expect, it } from 'vitest';
import {
  chi2Homogeneity,
  chi2sf,
  fisherExact2x2,
  fisherFreemanHalton,
  ks2,
  mannWhitney,
  mcnemarChi2,
  mcnemarExact,
  normalSf,
  pairedPermutationMean,
  seededRandom,
  shownP,
  wasserstein1Permutation,
  wilcoxonSignedRank,
} from '../../../src/diff/statistics/index.ts';

const closeTo = (got: number, wanted: number, room = 1e-10) =>
  expect(Math.abs(got / wanted - 1), `${got} for ${wanted}`).toBeLessThanOrEqual(room);
const numbers = (seed: number, n: number, shift = 0) => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => random.next() + random.next() + shift);
};

describe('tails', () => {
  it('of chi-square with even df are sums of e^(−x/2) (x/2)^k/k!, to 1e-300', () => {
    for (const df of [2, 4, 10, 40, 98]) {
      for (const x of [0.01, 1, 10, 50, 100, 400, 1300]) {
        let [term, sum] = [Math.exp(-x / 2), 0];
        for (let k = 0; k < df / 2; k++) {
          sum += term;
          term *= x / 2 / (k + 1);
        }
        closeTo(chi2sf({ x, df }).p, sum);
      }
    }
  });

  it('of the normal distribution follow its asymptotic series far out, and chi-square with df 1', () => {
    for (const z of [20, 30, 37]) {
      let [term, sum] = [1, 0];
      for (let k = 0; k < 12; k++) {
        sum += term;
        term *= -(2 * k + 1) / (z * z);
      }
      closeTo(normalSf({ z }).p, (Math.exp((-z * z) / 2) / (z * Math.sqrt(2 * Math.PI))) * sum);
    }
    for (const z of [0.1, 1, 5, 36]) closeTo(chi2sf({ x: z * z, df: 1 }).p, 2 * normalSf({ z }).p);
    for (const z of [0.5, 3]) closeTo(normalSf({ z: -z }).p, 1 - normalSf({ z }).p);
  });

  it('of McNemar and Fisher are fractions of whole numbers', () => {
    for (const [b, c] of [
      [900, 20],
      [60, 3],
      [996, 0],
      [520, 480],
    ] as const) {
      const n = BigInt(b + c);
      let [ways, sum] = [1n, 0n];
      for (let i = 0n; i <= BigInt(Math.min(b, c)); i++) {
        sum += ways;
        ways = (ways * (n - i)) / (i + 1n);
      }
      closeTo(mcnemarExact({ b, c }).p, ratio(2n * sum, 2n ** n));
    }
    // One table is as extreme: 1/C(1000, 500), twice.
    let ways = 1n;
    for (let i = 0n; i < 500n; i++) ways = (ways * (1000n - i)) / (i + 1n);
    closeTo(
      fisherExact2x2({
        table: [
          [500, 0],
          [0, 500],
        ],
      }).p,
      ratio(2n, ways),
    );
    closeTo(ks2({ x: numbers(1, 500), y: numbers(2, 500, 5) }).p, ratio(2n, ways));
    closeTo(mannWhitney({ x: numbers(1, 500), y: numbers(2, 500, 5) }).p_exact!, ratio(2n, ways));
  });

  it('end above 0, and are printed as a bound', () => {
    for (const p of [
      normalSf({ z: 1e9 }).p,
      chi2sf({ x: Infinity, df: 3 }).p,
      mcnemarExact({ b: 1e6, c: 0 }).p,
      mcnemarExact({ b: 1e15, c: 0 }).p,
      fisherExact2x2({
        table: [
          [1e6, 0],
          [0, 1e6],
        ],
      }).p,
    ]) {
      expect(p).toBeGreaterThan(0);
      expect(shownP(p)).toBe('<1e-300');
    }
    expect([0.0385714, 4.14e-5, 3e-12, 1, Number.NaN].map((p) => shownP(p))).toEqual([
      '0.039',
      '0.000041',
      '3e-12',
      '1',
      '1',
    ]);
  });
});

describe('at a size where both apply, the approximation is near the exact p', () => {
  it('for McNemar, Fisher and Freeman-Halton', () => {
    closeTo(mcnemarChi2({ b: 5200, c: 4900 }).p_cc, mcnemarExact({ b: 5200, c: 4900 }).p, 0.02);
    const table = [
      [510, 490],
      [450, 550],
    ];
    closeTo(chi2Homogeneity({ table }).p, fisherExact2x2({ table }).p, 0.15);
    const wide = [
      [40, 30, 30],
      [25, 35, 40],
    ];
    closeTo(chi2Homogeneity({ table: wide }).p, fisherFreemanHalton({ table: wide }).p, 0.05);
  });

  it('for Freeman-Halton by seeded tables', () => {
    const table = [
      [9, 6, 4, 1, 8, 3],
      [4, 9, 9, 4, 2, 1],
    ];
    const exact = fisherFreemanHalton({ table });
    expect(exact.method).toBe('exact');
    const larger = [1, 2, 3, 4].map((k) => [9 * k, 6, 4 + k, 1, 8, 3, 20]);
    const sampled = fisherFreemanHalton({ table: larger, seed: 5 });
    expect(sampled.method).toBe('monte-carlo');
    closeTo(sampled.p, fisherFreemanHalton({ table: larger, seed: 6 }).p, 0.3);
  });

  it('for Wilcoxon, the sign-flip test and Mann-Whitney', () => {
    const d = numbers(3, 260, -0.95);
    const exact = wilcoxonSignedRank({ d });
    const spread = Math.sqrt((260 * 261 * 521) / 24);
    const z = (Math.abs(exact.Wplus - (260 * 261) / 4) - 0.5) / spread;
    closeTo(exact.p, 2 * normalSf({ z }).p, 0.02);
    expect(exact.method).toBe('exact');
    expect(wilcoxonSignedRank({ d: numbers(3, 400, -0.95) }).method).toBe('asymptotic');
    const ints = numbers(5, 200, -0.93).map((value) => Math.round(10 * value));
    const [counted, sampled] = [
      pairedPermutationMean({ d: ints }),
      pairedPermutationMean({ d: ints.map((value) => value + 1e-6 * Math.sin(value)) }),
    ];
    expect([counted.method, sampled.method]).toEqual(['exact', 'monte-carlo']);
    expect(Math.abs(counted.p - sampled.p)).toBeLessThan(0.01);
    const ranked = mannWhitney({ x: numbers(6, 80), y: numbers(7, 90, 0.1) });
    closeTo(ranked.p_asym_cc, ranked.p_exact!, 0.02);
  });

  it('for Wasserstein in bins', () => {
    const sides = (n: number) => ({ x: numbers(8, n), y: numbers(9, n, 0.013) });
    const binned = wasserstein1Permutation({ ...sides(30_000), B: 999 });
    expect(binned.bins).toBeLessThanOrEqual(513);
    expect(binned.p).toBeLessThan(0.01);
    expect(
      wasserstein1Permutation({ x: numbers(8, 30_000), y: numbers(9, 30_000), B: 999 }).p,
    ).toBeGreaterThan(0.01);
  });
});

it('one seed gives one series, on any machine', () => {
  const random = seededRandom(42);
  const series = Array.from({ length: 3 }, () => random.next());
  const again = seededRandom(42);
  expect(Array.from({ length: 3 }, () => again.next())).toEqual(series);
  expect(seededRandom(43).next()).not.toBe(series[0]);
  expect(series).toMatchInlineSnapshot(`
    [
      0.6137829197895681,
      0.659283084001567,
      0.414766378415529,
    ]
  `);
});

it('random numbers are spread evenly', () => {
  const random = seededRandom(11);
  const [tens, heads] = [new Array<number>(10).fill(0), [0, 0]];
  for (let i = 0; i < 50_000; i++) {
    tens[random.below(10)]!++;
    heads[random.coin() ? 1 : 0]!++;
  }
  expect(chi2Homogeneity({ table: [tens, tens.map(() => 5000)] }).p).toBeGreaterThan(0.001);
  expect(mcnemarExact({ b: heads[0]!, c: heads[1]! }).p).toBeGreaterThan(0.001);
});

/** A quotient of whole numbers too large for doubles. */
function ratio(a: bigint, b: bigint): number {
  const shift = BigInt(Math.max(0, b.toString(2).length - a.toString(2).length + 60));
  return Number((a << shift) / b) / 2 ** 60 / 2 ** (Number(shift) - 60);
}
