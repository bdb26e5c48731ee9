/** How the inputs of two sides meet. */
import type { DiffData } from '../data.ts';

export interface PairCounts {
  /** Run on both sides. */
  inputs: number;
  onlyBefore: number;
  onlyAfter: number;
  /** Independent groups the shared inputs fall into; null where each stands alone. */
  conversations: number | null;
}

export function pairsOf({
  after,
  before,
  clusters,
  inputs,
}: Pick<DiffData, 'after' | 'before' | 'clusters' | 'inputs'>) {
  const pairs: PairCounts = { inputs: 0, onlyBefore: 0, onlyAfter: 0, conversations: null };
  const isMet = new Uint8Array(inputs); // by cluster
  let conversations = 0;
  for (let input = 0; input < inputs; input++) {
    const isBefore = before.starts[input + 1]! > before.starts[input]!;
    const isAfter = after.starts[input + 1]! > after.starts[input]!;
    if (!isBefore) pairs.onlyAfter++;
    else if (!isAfter) pairs.onlyBefore++;
    else {
      pairs.inputs++;
      const cluster = clusters?.[input] ?? input;
      if (isMet[cluster] === 0) conversations++;
      isMet[cluster] = 1;
    }
  }
  if (clusters !== null) pairs.conversations = conversations;
  return {
    pairs,
    inputsBefore: pairs.inputs + pairs.onlyBefore,
    inputsAfter: pairs.inputs + pairs.onlyAfter,
  };
}
