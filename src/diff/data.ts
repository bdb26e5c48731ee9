/**
 * What a diff computes on: the runs of two sides, grouped by input, as columns of plain arrays. A
 * million runs take a few bytes each for every column; no text and no object is kept for a run.
 *
 * Inputs are numbered 0 … inputs − 1 in the order of their keys, so that the same traces give the
 * same numbers in whatever order they came. An input's runs of one side stand side by side.
 */

/** What a column's values are compared as. */
export type ColumnKind = 'label' | 'number' | 'text' | 'json' | 'vector';

/** Where a column's values come from. */
export type ColumnSource = 'decision' | 'output' | 'latency' | 'inputTokens' | 'outputTokens';

/**
 * A run's value in one number. From 0 on it is a place in the column's `labels`; `missing`: nothing
 * is there; `error`: nothing is there, and the trace ended in an error; `number`: the value is in
 * `numbers`; `hash`: `numbers` holds 53 bits of the value's SHA-256, equal values have equal ones.
 */
export const CODE = { missing: -1, error: -2, number: -3, hash: -4 } as const;

/** A side's values of one column, by run. */
export interface Values {
  codes: Int32Array;
  /** Null where no run needs it. */
  numbers: Float64Array | null;
}

export interface Column {
  /** `decision`, `latency`, `$.score` … */
  name: string;
  source: ColumnSource;
  /** Of `output` columns, `$` is the whole output; else null. */
  path: string | null;
  /** first: decision and the fields somebody named; found: found without being named. */
  family: 'first' | 'found';
  kind: ColumnKind;
  /** Whether the kind was asked for, or seen over both sides together. */
  typed: 'asked' | 'seen';
  /** What the values were, where they weren't all of the kind: `numbers 40 before, 0 after; texts 0 before, 38 after`. */
  typeNote: string | null;
  /** Names as they are shown, each once. In order of their text. */
  labels: readonly string[];
  before: Values;
  after: Values;
}

/** A side's runs: those of input i are `starts[i]` … `starts[i + 1] − 1`, in the order of (startedAt, ref). */
export interface Runs {
  count: number;
  starts: Uint32Array; // inputs + 1
  /** How the store finds the trace again. */
  refs: Float64Array;
  startedAt: Float64Array; // ms
}

/** A way to cut the traffic: a field of the input, or the service that sent it. */
export interface SliceField {
  name: string;
  values: readonly string[];
  /** By input: a place in `values`; −1: none. */
  codes: Int32Array;
}

export interface SkippedField {
  path: string;
  /** near-unique: nearly every run has another value; too-many: more fields than are compared. */
  reason: 'near-unique' | 'too-many' | 'rare';
  /** Distinct values seen, and runs that have one; `atLeast`: counting stopped there. */
  distinct: number;
  runs: number;
  atLeast: boolean;
}

export interface DiffData {
  inputs: number;
  before: Runs;
  after: Runs;
  /** By input: turns of one conversation (context) have one number. Null where each input stands alone. */
  clusters: Uint32Array | null;
  columns: readonly Column[];
  skipped: readonly SkippedField[];
  slices: readonly SliceField[];
}
