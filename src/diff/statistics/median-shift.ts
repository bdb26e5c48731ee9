import { checkLevel, StatisticsError } from './errors.ts';
import { bootstrapMedians, ClusteredMedians } from './median-bootstrap.ts';
import { type Method, RESAMPLING_STEPS, resamplesWithin } from './method.ts';
import { intervalZ } from './normal.ts';
import { DEFAULT_SEED } from './random.ts';
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
/** Standard deviations from the middle within which clustered medians are looked for first. */
const REACH = 5;

/**
 * The median of the differences after − before with a percentile interval from `B` seeded bootstrap
 * samples of inputs (an even number of them, as mirrored pairs), or of clusters where they are given:
 * a conversation is drawn whole. Where fewer than 199 samples of clusters fit in 2·10^8 steps, the
 * interval is read off the differences' order (Woodruff 1952, JASA 47:635): ranks n/2 ± z √V,
 * V = Σ over clusters of (Σ ±½)². Not finite differences are left out and counted.
 *
 * Efron 1979, Ann Stat 7:1. Throws `bad-setting`, `bad-shape`.
 * @param d one difference an input, in the units of the score
 * @param budget steps the samples may take, where it is less than 2·10^8
 */
export function medianShift(argument: MedianShiftArgument): MedianShift {
  // Of clusters one of two mirrored sets of differences is worked out, so that swapped sides mirror the
  // interval; without them each sample is drawn with its mirror image.
  if (!argument.cluster || !leansDown(argument.d)) return shiftOf(argument);
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
  budget?: number;
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
  const { budget = RESAMPLING_STEPS } = argument;
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
  if (!owners) {
    const medians = bootstrapMedians(sorted, B, seed);
    return { ...found, ...boundsOf(medians, conf), method: 'monte-carlo', B: medians.length };
  }
  const spread = Math.sqrt(spreadOf(sorted, owners, clusters, median));
  const samples = new ClusteredMedians(sorted, owners, clusters, REACH * spread);
  const resamples = resamplesWithin(samples.steps, B, budget);
  if (resamples >= Math.min(B, FEWEST)) {
    const medians = samples.draw(resamples, seed);
    return { ...found, ...boundsOf(medians, conf), method: 'monte-carlo', B: resamples };
  }
  const reach = intervalZ(conf) * spread;
  const lo = sorted[Math.max(0, Math.floor(n / 2 - reach) - 1)]!;
  const hi = sorted[Math.min(n - 1, Math.ceil(n / 2 + reach))]!;
  return { ...found, lo, hi, method: 'asymptotic' };
}

/** The quantiles that leave (1 − conf)/2 on each side. */
function boundsOf(medians: Float64Array, conf: number): { lo: number; hi: number } {
  const last = medians.length - 1;
  const at = Math.max(0, Math.round(((1 - conf) / 2) * (medians.length + 1)) - 1);
  return { lo: medians[at]!, hi: medians[last - at]! };
}

/** The finite differences sorted, and the number of the cluster each belongs to (null: its own). */
function inOrder(d: ArrayLike<number>, cluster: ArrayLike<string | number> | undefined) {
  if (!cluster) {
    const { sorted } = finite(d);
    return { sorted, owners: null, clusters: sorted.length };
  }
  const places = new Uint32Array(d.length);
  let n = 0;
  for (let i = 0; i < d.length; i++) if (Number.isFinite(d[i]!)) places[n++] = i;
  const used = places.subarray(0, n);
  // Numbered in the order of their names, so that the order of inputs doesn't matter.
  const names = [...new Set(Array.from(used, (i) => cluster[i]!))].sort(inNameOrder);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const numberOf = new Uint32Array(d.length); // looked up once, not at each comparison
  for (const i of used) numberOf[i] = numbers.get(cluster[i]!)!;
  used.sort((i, j) => d[i]! - d[j]! || numberOf[i]! - numberOf[j]!);
  const sorted = Float64Array.from(used, (i) => d[i]!);
  return {
    sorted,
    owners: Uint32Array.from(used, (i) => numberOf[i]!),
    clusters: numbers.size,
  };
}

/** Numbers first, by size. */
function inNameOrder(x: string | number, y: string | number): number {
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  if (typeof x === typeof y) return x < y ? -1 : 1;
  return typeof x === 'number' ? -1 : 1;
}

/** The variance of how many differences lie above the median, clusters moving together. */
function spreadOf(
  sorted: Float64Array,
  owners: Uint32Array,
  clusters: number,
  median: number,
): number {
  const sums = new Float64Array(clusters);
  for (const [i, owner] of owners.entries()) sums[owner]! += Math.sign(sorted[i]! - median) / 2;
  return sums.reduce((all, sum) => all + sum * sum, 0);
}
