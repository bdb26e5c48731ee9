/** Inputs that ran more than once, as the relabelling test takes them. */
import type { InputRuns } from '../statistics/label-share.ts';
import type { PairedInput } from './paired-inputs.ts';
import type { Tally } from './tally.ts';

/** It describes only, so past this many runs it isn't worth its time. */
const MOST_RUNS = 10_000;

export class RepeatedRuns {
  readonly #inputs: InputRuns[] = [];
  #runs = 0;

  add({ before, after }: PairedInput): void {
    const runs = before.values.total + after.values.total;
    if (runs <= 2) return;
    this.#runs += runs;
    if (this.#runs > MOST_RUNS) this.#inputs.length = 0;
    else this.#inputs.push({ a: runsOf(before.values), b: runsOf(after.values) });
  }

  /** Null where there are none, or too many. */
  found(): readonly InputRuns[] | null {
    return this.#inputs.length === 0 || this.#runs > MOST_RUNS ? null : this.#inputs;
  }
}

function runsOf({ values, counts, size }: Tally): string[] {
  const runs: string[] = [];
  for (let i = 0; i < size; i++) for (let k = 0; k < counts[i]!; k++) runs.push(String(values[i]));
  return runs;
}
