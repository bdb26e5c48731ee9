/**
 * Does a test cry wolf as often as it says? Simulations with nothing to find and with intervals
 * whose truth is known, seeded, so that a release can be held to them.
 */
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { checkCount, checkLevel, checkShare, StatisticsError } from './errors.ts';
import { chi2Homogeneity } from './homogeneity.ts';
import { pairedPropDiffCI } from './intervals.ts';
import { ks2 } from './ks.ts';
import { mcnemarExact } from './mcnemar.ts';
import { DEFAULT_SEED, type Random, seededRandom } from './random.ts';

/** One simulated comparison of a thing with itself: the smallest p (or q) it came to. */
export type Trial = (random: Random) => number;

export type TrialName =
  | 'chi2_3cat_n500'
  | 'mcnemar_exact'
  | 'ks_exact_n50'
  | 'bh_20_columns_any_rejection';

// Three labels, with shares 0.5, 0.3 and 0.2.

const TRIALS: Record<TrialName, Trial> = {
  chi2_3cat_n500: (random) => chi2Of(random, 500),
  mcnemar_exact: (random) => {
    let [b, c] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const u = random.next();
      if (u < 0.1) b++;
      else if (u < 0.2) c++;
    }
    return mcnemarExact({ b, c }).p;
  },
  ks_exact_n50: (random) => ks2({ x: numbers(random, 50), y: numbers(random, 50) }).p,
  bh_20_columns_any_rejection: (random) => {
    const p = Array.from({ length: 20 }, () => chi2Of(random, 150));
    return Math.min(...benjaminiHochberg({ p }).adjusted);
  },
};

/**
 * How often a test finds a change at level `alpha` where there is none: both sides are drawn from the
 * same distribution `sims` times. A test that holds its level stays near alpha or below.
 *
 * @param trial one of those named, or a simulation that gives its p; `chi2_3cat_n500` by default
 * Throws `bad-setting` (an unknown name too), `bad-count`.
 */
export function aaCalibration(argument: {
  sims: number;
  alpha?: number;
  trial?: TrialName | Trial;
  seed?: number;
}): { false_positive_rate: number; found: number; sims: number } {
  const { sims, alpha = 0.05, trial = 'chi2_3cat_n500', seed = DEFAULT_SEED } = argument;
  checkCount('sims', sims);
  checkLevel('alpha', alpha);
  const run =
    typeof trial === 'function' ? trial : Object.hasOwn(TRIALS, trial) ? TRIALS[trial] : null;
  if (run === null) {
    const names = Object.keys(TRIALS).join(', ');
    throw new StatisticsError('bad-setting', `There is no trial "${trial}"; there are ${names}.`);
  }
  const random = seededRandom(seed);
  let found = 0;
  for (let i = 0; i < sims; i++) if (run(random) <= alpha) found++;
  return { false_positive_rate: sims === 0 ? 0 : found / sims, found, sims };
}

/**
 * How often the interval of `pairedPropDiffCI` holds the true difference p12 − p21, in `sims` seeded
 * samples of n pairs. Throws `bad-count`, `bad-share` (p12 + p21 over 1 too), `bad-setting`.
 */
export function ciCoverage(argument: {
  sims: number;
  n: number;
  p12: number;
  p21: number;
  conf?: number;
  seed?: number;
}): { coverage: number; sims: number } {
  const { sims, n, p12, p21, conf = 0.95, seed = DEFAULT_SEED } = argument;
  checkCount('sims', sims);
  checkCount('n', n);
  checkShare('p12', p12);
  checkShare('p21', p21);
  checkShare('p12 + p21', p12 + p21);
  const random = seededRandom(seed);
  let held = 0;
  for (let s = 0; s < sims; s++) {
    let [b, c] = [0, 0];
    for (let i = 0; i < n; i++) {
      const u = random.next();
      if (u < p12) b++;
      else if (u < p12 + p21) c++;
    }
    const { lo, hi } = pairedPropDiffCI({ b, c, n, conf });
    if (lo <= p12 - p21 && p12 - p21 <= hi) held++;
  }
  return { coverage: sims === 0 ? 0 : held / sims, sims };
}

function chi2Of(random: Random, n: number): number {
  return chi2Homogeneity({ table: [labelsOf(random, n), labelsOf(random, n)] }).p;
}

function labelsOf(random: Random, n: number): number[] {
  const counts = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const u = random.next();
    counts[u < 0.5 ? 0 : u < 0.8 ? 1 : 2]!++;
  }
  return counts;
}

function numbers(random: Random, n: number): Float64Array {
  return Float64Array.from({ length: n }, () => random.next());
}
