import type { DifferenceSums } from '../statistics/share-difference.ts';
import type { Frame } from './frame.ts';

/** What intervals need of one difference an input, each divided by `unit`. */
export function differenceSums(
  frame: Frame,
  inputs: Uint32Array,
  d: Float64Array,
  unit = 1,
): DifferenceSums {
  let [sum, squares] = [0, 0];
  for (const value of d) {
    sum += value / unit;
    squares += (value / unit) ** 2;
  }
  const { clusters, clusterCount } = frame;
  if (!clusters) return { n: inputs.length, sum, squares };
  const sums = new Float64Array(clusterCount);
  const sizes = new Uint32Array(clusterCount);
  for (let i = 0; i < inputs.length; i++) {
    sums[clusters[inputs[i]!]!]! += d[i]! / unit;
    sizes[clusters[inputs[i]!]!]!++;
  }
  const found = { count: 0, squares: 0, weighted: 0, sizes: 0 };
  for (let g = 0; g < clusterCount; g++) {
    if (sizes[g] === 0) continue;
    found.count++;
    found.squares += sums[g]! ** 2;
    found.weighted += sizes[g]! * sums[g]!;
    found.sizes += sizes[g]! ** 2;
  }
  return { n: inputs.length, sum, squares, clusters: found };
}
