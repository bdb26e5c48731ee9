/** How many inputs would have shown a change of minEffect. */
import type { ReportColumn } from '../../contract/diff.ts';
import { intervalZ, normalQuantile } from '../statistics/normal.ts';
import { sampleSizeMcNemar, sampleSizeTwoProps } from '../statistics/sample-size.ts';
import type { DifferenceSums } from '../statistics/share-difference.ts';
import { rounded } from './rounded.ts';

type Needed = ReportColumn['needed'];

/** Tried in turn: where there already are enough inputs for one, the next says how to be surer. */
const POWERS = [0.8, 0.9, 0.95, 0.99];
/** What ranks need more than means at most, however differences are spread (Hodges and Lehmann 1956). */
const RANKS = 1 / 0.864;

/**
 * @param sums of the outcome that varies most
 * @param share of the inputs, minEffect as one
 */
export function neededLabels(sums: DifferenceSums, share: number): Needed {
  const seen = Math.min(1, Math.max(share, sums.n === 0 ? 0 : sums.squares / sums.n));
  const more = designEffect(sums);
  return firstAbove(sums.n, share, (power) => {
    const { n_raw } = sampleSizeMcNemar({ p_disc: seen, diff: share, power });
    return more * (n_raw + 1 / share); // the exact test is that much more careful
  });
}

/**
 * @param sums of the differences in spreads
 * @param share of the spread, minEffect as one
 */
export function neededNumbers(sums: DifferenceSums, share: number): Needed {
  const { n, sum, squares } = sums;
  if (n < 2) return null;
  const variance = Math.max(0, squares - sum ** 2 / n) / (n - 1);
  const more = designEffect(sums) * RANKS;
  return firstAbove(n, share, (power) => {
    const reach = intervalZ(0.95) + normalQuantile(1 - power);
    return more * variance * (reach / share) ** 2;
  });
}

/** @param p the outcome's share of both sides, @param n inputs of the smaller side */
export function neededSides(p: number, n: number, share: number): Needed {
  const [p1, p2] = [Math.max(0, p - share / 2), Math.min(1, p + share / 2)];
  return firstAbove(n, share, (power) => sampleSizeTwoProps({ p1, p2, power }).n_raw);
}

function firstAbove(n: number, share: number, sizeAt: (power: number) => number): Needed {
  for (const power of POWERS) {
    const inputs = Math.ceil(sizeAt(power) * (1 - 1e-12));
    if (inputs > n && Number.isSafeInteger(inputs))
      return { inputs, effect: rounded(100 * share), power };
  }
  return null;
}

/** How many inputs in conversations tell as much as one that stands alone. */
function designEffect({ squares, clusters }: DifferenceSums): number {
  return clusters && squares > 0 ? Math.max(1, clusters.squares / squares) : 1;
}
