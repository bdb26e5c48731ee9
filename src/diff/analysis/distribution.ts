/** All inputs of each side, as a picture shows them: counts by label, or numbers in bins. */
import type { ReportColumn } from '../../contract/diff.ts';
import { pooledOf, quantileOf } from './quantiles.ts';
import { rounded, roundedOrNull } from './rounded.ts';

type Distribution = NonNullable<ReportColumn['distribution']>;

const BINS = 20;
const TAIL = 0.01;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** Counts by place; the most frequent first. */
export function labelRows(
  names: readonly string[],
  before: readonly number[],
  after: readonly number[],
): Distribution {
  const rows = names
    .map((name, place) => ({ name, before: before[place]!, after: after[place]! }))
    .filter((row) => row.before + row.after > 0)
    .sort((a, b) => b.before + b.after - a.before - a.after || (a.name < b.name ? -1 : 1));
  return { kind: 'labels', rows };
}

/** Bins of equal width between the 1 % and 99 % quantiles, the outermost ones up to the ends. Sorts what it is given. */
export function numberBins(before: Float64Array, after: Float64Array): Distribution | null {
  if (before.length + after.length === 0) return null;
  const [x, y] = [before.sort(), after.sort()];
  const pooled = pooledOf(x, y);
  const edges = edgesOf(pooled);
  pooled.buffer.transfer(0);
  return {
    kind: 'numbers',
    edges: edges.map(rounded),
    before: countsIn(x, edges),
    after: countsIn(y, edges),
    quantiles: QUANTILES.map((at) => ({
      at,
      before: x.length === 0 ? null : roundedOrNull(quantileOf(x, at)),
      after: y.length === 0 ? null : roundedOrNull(quantileOf(y, at)),
    })),
  };
}

function edgesOf(sorted: Float64Array): number[] {
  const [least, most] = [sorted[0]!, sorted[sorted.length - 1]!];
  if (least === most) return [least, most];
  let [low, high] = [quantileOf(sorted, TAIL), quantileOf(sorted, 1 - TAIL)];
  if (low === high) [low, high] = [least, most];
  const inner = Array.from(
    { length: BINS + 1 },
    (_, i) => low * (1 - i / BINS) + high * (i / BINS),
  );
  const edges = [least, ...inner.slice(1, -1), most];
  return edges.filter((edge, i) => i === 0 || edge > edges[i - 1]!);
}

/** Each bin from its lower edge up to the next; the last one with its upper edge. */
function countsIn(sorted: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts;
}
