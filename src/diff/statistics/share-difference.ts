import { checkCount, checkLevel } from './errors.ts';
import type { Interval } from './intervals.ts';
import { intervalZ } from './normal.ts';

/** Differences as their sums: of a million inputs nothing else need be kept. */
export interface DifferenceSums {
  /** Inputs, those that differ by 0 too. */
  n: number;
  /** Σd and Σd². */
  sum: number;
  squares: number;
  /**
   * Where inputs come in clusters: how many, Σ_g D_g², Σ_g m_g D_g and Σ_g m_g², D_g being the sum and
   * m_g the size of cluster g.
   */
  clusters?: { count: number; squares: number; weighted: number; sizes: number } | undefined;
}

/**
 * The mean difference in a share, each input's from −1 to 1, with Bonett and Price's adjusted Wald
 * interval carried over to fractions: n' = n + 2, m' = Σd/n', v' = (Σd² + 2)/n' − m'²,
 * m' ± z √(v'/n'). With one run a side it is `pairedPropDiffCI`. Clusters replace n'v' by 2 and
 * Σ_g (D_g − m_g m')² G/(G − 1), where that is more. n = 0 says nothing: 0, −1 … 1.
 *
 * Bonett and Price 2012, JEBS 37:479; Liang and Zeger 1986, Biometrika 73:13.
 * @param bounded false: differences are in units that don't end at ±1 (a spread), and neither does the interval
 * Throws `bad-count`, `bad-setting`.
 */
export function shareDiffCI(
  argument: DifferenceSums & { conf?: number; bounded?: boolean },
): Interval & { diff: number } {
  const { n, sum, squares, clusters, conf = 0.95, bounded = true } = argument;
  const limit = bounded ? 1 : Number.POSITIVE_INFINITY;
  checkCount('n', n);
  checkLevel('conf', conf);
  if (n === 0) return { diff: 0, lo: -limit, hi: limit };
  const size = n + 2;
  const middle = sum / size;
  const own = squares + 2 - size * middle ** 2;
  const total = Math.max(own, clusters ? aroundMean(clusters, middle) + 2 : 0);
  const half = (intervalZ(conf) * Math.sqrt(Math.max(0, total))) / size;
  return {
    diff: sum / n,
    lo: Math.max(-limit, middle - half),
    hi: Math.min(limit, middle + half),
  };
}

/**
 * A mean difference with its normal interval, m ± z √(Σ(d − m)²/(n(n − 1))), by clusters
 * √(Σ_g (D_g − m_g m)² G/(G − 1))/n, where that is more. Fewer than 2 of them: no interval.
 * Throws `bad-count`, `bad-setting`.
 */
export function meanDiffCI(argument: DifferenceSums & { conf?: number }): {
  diff: number;
  lo: number | null;
  hi: number | null;
} {
  const { n, sum, squares, clusters, conf = 0.95 } = argument;
  checkCount('n', n);
  checkLevel('conf', conf);
  const diff = n === 0 ? 0 : sum / n;
  if ((clusters?.count ?? n) < 2) return { diff, lo: null, hi: null };
  const own = ((squares - n * diff ** 2) * n) / (n - 1);
  const total = Math.max(0, own, clusters ? aroundMean(clusters, diff) : 0);
  const half = (intervalZ(conf) * Math.sqrt(total)) / n;
  return { diff, lo: diff - half, hi: diff + half };
}

function aroundMean(
  { count, squares, weighted, sizes }: NonNullable<DifferenceSums['clusters']>,
  mean: number,
): number {
  if (count < 2) return Number.POSITIVE_INFINITY;
  return ((squares - 2 * mean * weighted + mean ** 2 * sizes) * count) / (count - 1);
}
