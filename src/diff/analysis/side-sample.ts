/** A side as a sample of its inputs: one run stands for each, so that repeats weigh nothing. */
import { CODE, type Column } from '../data.ts';
import type { Side } from '../source.ts';
import type { Frame } from './frame.ts';
import { Counts } from './growing.ts';

/**
 * The first run of each input that has an outcome. The first, and not their mean or `(mixed)`: an
 * input that ran more often on one side must not look different for that.
 * @param independent one input of each conversation: the one whose key comes first
 * @param failed whether an error without a value is an outcome, as it always is of labels
 */
export function sampleOf(
  { data, clusters, clusterCount }: Frame,
  column: Column,
  side: Side,
  independent: boolean,
  failed = column.kind === 'label',
): Uint32Array {
  const { starts } = data[side];
  const { codes } = column[side];
  const taken = independent && clusters ? new Uint8Array(clusterCount) : null;
  const found = new Counts();
  for (let input = 0; input < data.inputs; input++) {
    const cluster = taken ? clusters![input]! : 0;
    if (taken?.[cluster]) continue;
    for (let run = starts[input]!; run < starts[input + 1]!; run++) {
      if (codes[run] === CODE.error && !failed) continue;
      found.push(run);
      if (taken) taken[cluster] = 1;
      break;
    }
  }
  return found.view();
}

/** The numbers among these runs of a number column. */
export function numbersOf(column: Column, side: Side, runs: Uint32Array): Float64Array {
  const { codes, numbers } = column[side];
  if (!numbers) return new Float64Array();
  const found = new Float64Array(runs.length);
  let n = 0;
  for (const run of runs) if (codes[run] === CODE.number) found[n++] = numbers[run]!;
  return found.subarray(0, n);
}
