import { checkLevel, StatisticsError } from './errors.ts';
import { type Method, resamplesWithin } from './method.ts';
import { intervalZ } from './normal.ts';
import { DEFAULT_SEED, seededRandom } from './random.ts';
import { finite, medianOf } from './samples.ts';

export interface MedianShift {
  /** The median difference; null of none. */
  median: number | null;
  /** Its interval; null where so few inputs can't bound a median at this confidence (under 6 at 95 %). */
  lo: number | null;
  hi: number | null;
  method: Method;
  B?: number;
  n: number;
  clusters: number;
  left_out: number;
}

const RESAMPLES = 1999;
const FEWEST = 199;

/**
 * The median of the differences after − before with a percentile interval from `B` seeded bootstrap
 * samples of inputs, or of clusters where they are given: a conversation is drawn whole. Where fewer
 * than 199 samples fit in 2·10^8 steps, the interval is read off the differences' order
 * (Woodruff 1952, JASA 47:635): ranks n/2 ± z √V, V = Σ over clusters of (Σ ±½)². Not finite
 * differences are left out and counted.
 *
 * Efron 1979, Ann Stat 7:1. Throws `bad-setting`, `bad-shape`.
 * @param d one difference an input, in the units of the score
 */
export function medianShift(argument: MedianShiftArgument): MedianShift {
  // One of two mirrored sets of differences is worked out, so that swapped sides mirror the interval.
  if (!leansDown(argument.d)) return shiftOf(argument);
  const mirrored = shiftOf({ ...argument, d: Float64Array.from(argument.d, (value) => -value) });
  const { median, lo, hi } = mirrored;
  return { ...mirrored, median: minus(median), lo: minus(hi), hi: minus(lo) };
}

interface MedianShiftArgument {
  d: ArrayLike<number>;
  cluster?: ArrayLike<string | number>;
  conf?: number;
  B?: number;
  seed?: number;
}

/** 0 − x, as −x of 0 would be −0. */
function minus(value: number | null): number | null {
  return value === null ? null : 0 - value;
}

/** Whether the outermost differences that don't mirror each other lie further below 0 than above. */
function leansDown(d: ArrayLike<number>): boolean {
  const { sorted } = finite(d);
  for (let i = 0; 2 * i < sorted.length; i++) {
    const sum = sorted[i]! + sorted[sorted.length - 1 - i]!;
    if (sum !== 0) return sum < 0;
  }
  return false;
}

function shiftOf(argument: MedianShiftArgument): MedianShift {
  const { d, cluster, conf = 0.95, B = RESAMPLES, seed = DEFAULT_SEED } = argument;
  checkLevel('conf', conf);
  if (cluster && cluster.length !== d.length) {
    throw new StatisticsError(
      'bad-shape',
      `${d.length} differences, but ${cluster.length} clusters.`,
    );
  }
  const { sorted, owners, clusters } = inOrder(d, cluster);
  const n = sorted.length;
  const median = medianOf(sorted);
  const found = { median, n, clusters, left_out: d.length - n };
  // All of k clusters lie on one side of the median with probability 2^(1 − k).
  if (median === null || 2 ** (1 - clusters) > 1 - conf)
    return { ...found, lo: null, hi: null, method: 'exact' };
  const resamples = resamplesWithin(n + clusters, B);
  if (resamples >= Math.min(B, FEWEST)) {
    const medians = resampled(sorted, owners, clusters, resamples, seed);
    const last = resamples - 1;
    const at = Math.max(0, Math.round(((1 - conf) / 2) * (resamples + 1)) - 1);
    const [lo, hi] = [medians[at]!, medians[last - at]!];
    return { ...found, lo, hi, method: 'monte-carlo', B: resamples };
  }
  const reach = intervalZ(conf) * Math.sqrt(spreadOf(sorted, owners, clusters, median));
  const lo = sorted[Math.max(0, Math.floor(n / 2 - reach) - 1)]!;
  const hi = sorted[Math.min(n - 1, Math.ceil(n / 2 + reach))]!;
  return { ...found, lo, hi, method: 'asymptotic' };
}

/** The finite differences sorted, and the number of the cluster each belongs to (null: its own). */
function inOrder(d: ArrayLike<number>, cluster: ArrayLike<string | number> | undefined) {
  const places = new Uint32Array(d.length);
  let n = 0;
  for (let i = 0; i < d.length; i++) if (Number.isFinite(d[i]!)) places[n++] = i;
  const used = places.subarray(0, n);
  if (!cluster) {
    const sorted = Float64Array.from(used, (i) => d[i]!).sort();
    return { sorted, owners: null, clusters: n };
  }
  // Numbered in the order of their names, so that the order of inputs doesn't matter.
  const names = [...new Set(Array.from(used, (i) => cluster[i]!))].sort((x, y) =>
    String(x) < String(y) ? -1 : 1,
  );
  const numbers = new Map(names.map((name, number) => [name, number]));
  const numberOf = (i: number) => numbers.get(cluster[i]!)!;
  used.sort((i, j) => d[i]! - d[j]! || numberOf(i) - numberOf(j));
  const sorted = Float64Array.from(used, (i) => d[i]!);
  return {
    sorted,
    owners: Uint32Array.from(used, numberOf),
    clusters: numbers.size,
  };
}

function resampled(
  sorted: Float64Array,
  owners: Uint32Array | null,
  clusters: number,
  B: number,
  seed: number,
): Float64Array {
  const random = seededRandom(seed);
  const medians = new Float64Array(B);
  const times = new Uint32Array(clusters);
  for (let r = 0; r < B; r++) {
    times.fill(0);
    for (let i = 0; i < clusters; i++) times[random.below(clusters)]!++;
    medians[r] = weightedMedian(sorted, owners, times);
  }
  return medians.sort();
}

/** The median of the sorted numbers where each counts as often as its cluster was drawn. */
function weightedMedian(
  sorted: Float64Array,
  owners: Uint32Array | null,
  times: Uint32Array,
): number {
  let total = sorted.length;
  if (owners) {
    total = 0;
    for (const owner of owners) total += times[owner]!;
  }
  const [low, high] = [(total + 1) >> 1, (total >> 1) + 1]; // the ranks of the middle ones
  let seen = 0;
  let lower = 0;
  for (let i = 0; i < sorted.length; i++) {
    const before = seen;
    seen += times[owners ? owners[i]! : i]!;
    if (before < low && seen >= low) lower = sorted[i]!;
    if (seen >= high) return lower === sorted[i] ? lower : lower / 2 + sorted[i]! / 2;
  }
  return lower;
}

/** The variance of how many differences lie above the median, clusters moving together. */
function spreadOf(
  sorted: Float64Array,
  owners: Uint32Array | null,
  clusters: number,
  median: number,
): number {
  if (!owners) return sorted.length / 4;
  const sums = new Float64Array(clusters);
  for (const [i, owner] of owners.entries()) sums[owner]! += Math.sign(sorted[i]! - median) / 2;
  return sums.reduce((all, sum) => all + sum * sum, 0);
}
