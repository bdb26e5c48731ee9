/** What all columns of a diff share: which inputs ran on both sides, and which belong together. */
import type { DiffData } from '../data.ts';

export interface Frame {
  data: DiffData;
  /** Inputs run on both sides, ascending. */
  paired: Uint32Array;
  /** By input, numbered from 0 without large gaps; null where each input stands alone. */
  clusters: Uint32Array | null;
  /** One more than the largest cluster number. */
  clusterCount: number;
}

export function frameOf(data: DiffData): Frame {
  const { before, after } = data;
  const paired = new Uint32Array(data.inputs);
  let n = 0;
  for (let i = 0; i < data.inputs; i++) {
    if (before.starts[i + 1]! > before.starts[i]! && after.starts[i + 1]! > after.starts[i]!)
      paired[n++] = i;
  }
  const clusters = data.clusters && renumbered(data.clusters);
  const clusterCount = clusters?.reduce((most, cluster) => Math.max(most, cluster + 1), 0) ?? 0;
  return { data, paired: paired.subarray(0, n), clusters, clusterCount };
}

/** By number from 0 in the order they first appear, as arrays are kept by cluster. */
function renumbered(clusters: Uint32Array): Uint32Array {
  const numbers = new Map<number, number>();
  return clusters.map((cluster) => {
    const known = numbers.get(cluster);
    if (known !== undefined) return known;
    numbers.set(cluster, numbers.size);
    return numbers.size - 1;
  });
}

/** How many of these inputs are in each cluster; null where each stands alone. */
export function clusterSizes(frame: Frame, inputs: Uint32Array): Uint32Array | null {
  if (!frame.clusters) return null;
  const sizes = new Uint32Array(frame.clusterCount);
  for (const input of inputs) sizes[frame.clusters[input]!]!++;
  return sizes;
}

/** How many of these inputs are independent: their clusters. */
export function independentOf(frame: Frame, inputs: Uint32Array): number {
  const sizes = clusterSizes(frame, inputs);
  return sizes ? sizes.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0) : inputs.length;
}

/** The cluster of each of these inputs, as tests take it; undefined where each stands alone. */
export function clustersOf(frame: Frame, inputs: Uint32Array): Uint32Array | undefined {
  const { clusters } = frame;
  return clusters ? inputs.map((input) => clusters[input]!) : undefined;
}
