/** Tests against chance: nothing found where there is nothing, and planted effects found. */
import { describe, expect, it } from 'vitest';
import {
  aaCalibration,
  bowker,
  chi2Homogeneity,
  excessFlipRate,
  fisherFreemanHalton2xk,
  flipEvalue,
  ks2Ties,
  labelSharesSignFlip,
  mannWhitney,
  mcnemarExact,
  medianShift,
  pairedPermutationMean,
  type Random,
  sampleSizeMcNemar,
  sampleSizeTwoProps,
  stuartMaxwell,
  type Trial,
  unpairedLabels,
  wasserstein1Permutation,
  wilcoxonSignedRank,
} from '../../../src/diff/statistics/index.ts';

const LABELS = ['CLEAR', 'HOLD', 'DROP', 'ASK'];
const labelOf = (random: Random) => LABELS[Math.floor(random.next() ** 2 * LABELS.length)]!;
const tableOf = (random: Random, n: number) => {
  const table = LABELS.map(() => LABELS.map(() => 0));
  for (let i = 0; i < n; i++) {
    table[LABELS.indexOf(labelOf(random))]![LABELS.indexOf(labelOf(random))]!++;
  }
  return table;
};
const countsOf = (random: Random, n: number) => {
  const counts = LABELS.map(() => 0);
  for (let i = 0; i < n; i++) counts[LABELS.indexOf(labelOf(random))]!++;
  return counts;
};
const numbersOf = (random: Random, n: number) =>
  Array.from({ length: n }, () => random.next() ** 3);
const scoresOf = (random: Random, n: number) =>
  Array.from({ length: n }, () => Math.floor(random.next() * 5));
const gapsOf = (random: Random, n: number) =>
  Array.from({ length: n }, () => random.next() - random.next());
const runsOf = (random: Random, inputs: number, runs: number) =>
  Array.from({ length: inputs }, () => ({
    a: Array.from({ length: runs }, () => labelOf(random)),
    b: Array.from({ length: runs }, () => labelOf(random)),
  }));

/** [trial, how often, the most it may cry wolf at 5 %, the least]: √(0.05 · 0.95/1000) is 0.007. */
const trials: Record<string, [Trial, number, number, number]> = {
  Bowker: [(r) => bowker({ table: tableOf(r, 150) }).p, 2000, 0.065, 0.02],
  'Stuart-Maxwell': [(r) => stuartMaxwell({ table: tableOf(r, 150) }).p, 2000, 0.065, 0.03],
  'Wilcoxon, exact': [(r) => wilcoxonSignedRank({ d: gapsOf(r, 25) }).p, 1000, 0.065, 0.03],
  'Wilcoxon, asymptotic': [(r) => wilcoxonSignedRank({ d: gapsOf(r, 400) }).p, 1000, 0.07, 0.03],
  'Wilcoxon with zeros, Pratt': [
    (r) => wilcoxonSignedRank({ d: gapsOf(r, 30).map((d) => Math.round(3 * d)) }).p_pratt,
    1000,
    0.065,
    0.02,
  ],
  'sign-flip, Monte Carlo': [
    (r) => pairedPermutationMean({ d: gapsOf(r, 40), seed: r.next() }).p,
    600,
    0.08,
    0.025,
  ],
  'sign-flip, exact': [(r) => pairedPermutationMean({ d: gapsOf(r, 12) }).p, 1000, 0.07, 0.03],
  'label shares over inputs': [
    (r) => labelSharesSignFlip({ runs: runsOf(r, 30, 2), B: 299, seed: r.next() }).p,
    300,
    0.09,
    0.015,
  ],
  G: [
    (r) => chi2Homogeneity({ table: [countsOf(r, 300), countsOf(r, 300)] }).p_g,
    2000,
    0.07,
    0.03,
  ],
  'Freeman-Halton': [
    (r) => fisherFreemanHalton2xk({ table: [countsOf(r, 12), countsOf(r, 12)] }).p,
    500,
    0.065,
    0.005,
  ],
  'unpaired labels, few': [
    (r) => unpairedLabels({ table: [countsOf(r, 25), countsOf(r, 30)] }).p,
    200,
    0.09,
    0.01,
  ],
  'Kolmogorov-Smirnov with ties': [
    (r) => ks2Ties({ x: scoresOf(r, 40), y: scoresOf(r, 40) }).p_permutation,
    500,
    0.065,
    0.005,
  ],
  'Mann-Whitney, exact': [
    (r) => mannWhitney({ x: numbersOf(r, 20), y: numbersOf(r, 25) }).p,
    1000,
    0.065,
    0.03,
  ],
  'Mann-Whitney with ties': [
    (r) => mannWhitney({ x: scoresOf(r, 60), y: scoresOf(r, 60) }).p,
    1000,
    0.065,
    0.03,
  ],
  Wasserstein: [
    (r) =>
      wasserstein1Permutation({ x: numbersOf(r, 30), y: numbersOf(r, 30), B: 199, seed: r.next() })
        .p,
    500,
    0.08,
    0.025,
  ],
  'excess flips': [(r) => excessFlipRate({ runs: runsOf(r, 12, 2) }).p, 500, 0.07, 0.01],
};

describe('where nothing changed', () => {
  for (const [name, [trial, sims, most, least]] of Object.entries(trials)) {
    it(`${name} finds something in about 5 % of runs at most, and does find it at times`, () => {
      const { false_positive_rate } = aaCalibration({ sims, trial, seed: 7 });
      expect(false_positive_rate).toBeLessThanOrEqual(most);
      expect(false_positive_rate).toBeGreaterThanOrEqual(least);
    });
  }

  it('the e-value reaches 20 in at most 5 % of runs, though looked at after every flip', () => {
    const reaches: Trial = (random) => {
      let [b, c] = [0, 0];
      for (let i = 0; i < 300; i++) {
        if (random.coin()) b++;
        else c++;
        if (flipEvalue({ b, c }).e >= 20) return 0;
      }
      return 1;
    };
    expect(aaCalibration({ sims: 1000, trial: reaches }).false_positive_rate).toBeLessThanOrEqual(
      0.05,
    );
  });

  it('the interval of a median holds it in 92 to 98 % of runs, clustered too', () => {
    const misses =
      (clustered: boolean): Trial =>
      (random) => {
        const each = gapsOf(random, 60);
        const d = clustered ? each.flatMap((gap) => [gap, gap, gap]) : each;
        const cluster = clustered ? each.flatMap((_, i) => [i, i, i]) : undefined;
        const { lo, hi } = medianShift({
          d,
          ...(cluster && { cluster }),
          B: 399,
          seed: random.next(),
        });
        return lo! <= 0 && hi! >= 0 ? 1 : 0;
      };
    for (const clustered of [false, true]) {
      const { false_positive_rate } = aaCalibration({ sims: 250, trial: misses(clustered) });
      expect(false_positive_rate).toBeGreaterThanOrEqual(0.015);
      expect(false_positive_rate).toBeLessThanOrEqual(0.08);
    }
  });
});

describe('a planted effect', () => {
  const foundShare = (trial: Trial) =>
    aaCalibration({ sims: 300, trial, seed: 3 }).false_positive_rate;

  it('is found by McNemar in 75 % of runs and more, at the n computed for 80 %', () => {
    const { n } = sampleSizeMcNemar({ p_disc: 0.1, diff: 0.05 });
    const trial: Trial = (random) => {
      let [b, c] = [0, 0];
      for (let i = 0; i < n; i++) {
        const u = random.next();
        if (u < 0.075) b++;
        else if (u < 0.1) c++;
      }
      return mcnemarExact({ b, c }).midp;
    };
    expect(foundShare(trial)).toBeGreaterThanOrEqual(0.75);
  });

  it('is found by exact McNemar too', () => {
    const { n } = sampleSizeMcNemar({ p_disc: 0.2, diff: 0.05 });
    const trial: Trial = (random) => {
      let [b, c] = [0, 0];
      for (let i = 0; i < n; i++) {
        const u = random.next();
        if (u < 0.125) b++;
        else if (u < 0.2) c++;
      }
      return mcnemarExact({ b, c }).p;
    };
    expect(foundShare(trial)).toBeGreaterThanOrEqual(0.75);
  });

  it('is found by chi-square between two samples', () => {
    const { n } = sampleSizeTwoProps({ p1: 0.1, p2: 0.15 });
    const draw = (random: Random, share: number) => {
      let k = 0;
      for (let i = 0; i < n; i++) if (random.next() < share) k++;
      return [k, n - k];
    };
    expect(
      foundShare((r) => chi2Homogeneity({ table: [draw(r, 0.1), draw(r, 0.15)] }).p),
    ).toBeGreaterThanOrEqual(0.75);
  });

  it('is found by the tests of scores', () => {
    const shifted = (random: Random, n: number) => gapsOf(random, n).map((d) => d + 0.25);
    expect(foundShare((r) => wilcoxonSignedRank({ d: shifted(r, 30) }).p)).toBeGreaterThanOrEqual(
      0.75,
    );
    expect(
      foundShare((r) => pairedPermutationMean({ d: shifted(r, 30), B: 199 }).p),
    ).toBeGreaterThanOrEqual(0.75);
    const sides = (r: Random, n = 60) => ({ x: gapsOf(r, n), y: shifted(r, n) });
    expect(foundShare((r) => mannWhitney(sides(r)).p)).toBeGreaterThanOrEqual(0.75);
    expect(
      foundShare((r) => wasserstein1Permutation({ ...sides(r), B: 199 }).p),
    ).toBeGreaterThanOrEqual(0.75);
    expect(foundShare((r) => ks2Ties(sides(r, 75)).p_permutation)).toBeGreaterThanOrEqual(0.75);
  });

  it('raises the e-value to 20 while pairs come in', () => {
    const trial: Trial = (random) => {
      let [b, c] = [0, 0];
      for (let i = 0; i < 100; i++) {
        if (random.next() < 0.8) b++;
        else c++;
        if (flipEvalue({ b, c }).e >= 20) return 0;
      }
      return 1;
    };
    expect(foundShare(trial)).toBeGreaterThanOrEqual(0.75);
  });
});
