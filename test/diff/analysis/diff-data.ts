/** DiffData by hand: inputs with their runs of each side, one value a run and column. */
import { CODE, type Column, type DiffData, type SliceField } from '../../../src/diff/data.ts';

/** A label or text; a number; null: missing. */
export type Value = string | number | null | { error: true } | { hash: number };

export const ERROR: Value = { error: true };
export const hash = (of: number): Value => ({ hash: of });

/** One input: its runs of each side, each with a value for every column. */
export interface Input {
  before: readonly (readonly Value[])[];
  after: readonly (readonly Value[])[];
  conversation?: number;
  slices?: readonly string[];
}

export type ColumnSpec = Partial<Omit<Column, 'labels' | 'before' | 'after'>> & { name: string };

/** @param columns by place in the values of a run; labels called decision by default */
export function diffData(
  inputs: readonly Input[],
  columns: readonly ColumnSpec[] = [{ name: 'decision' }],
  sliceNames: readonly string[] = [],
): DiffData {
  const runsOf = (side: 'before' | 'after') => {
    const starts = new Uint32Array(inputs.length + 1);
    for (const [i, input] of inputs.entries()) starts[i + 1] = starts[i]! + input[side].length;
    const count = starts[inputs.length]!;
    const refs = Float64Array.from({ length: count }, (_, run) => run + 1);
    return { count, starts, refs, startedAt: refs.map((ref) => ref * 1000) };
  };
  const conversations = inputs.map(({ conversation }, i) => conversation ?? 1e6 + i);
  return {
    inputs: inputs.length,
    before: runsOf('before'),
    after: runsOf('after'),
    clusters: inputs.some(({ conversation }) => conversation !== undefined)
      ? Uint32Array.from(conversations)
      : null,
    columns: columns.map((spec, place) => columnOf(inputs, spec, place)),
    skipped: [],
    slices: sliceNames.map((name, place): SliceField => {
      const all = inputs.map(({ slices }) => slices?.[place] ?? null);
      const values = [...new Set(all.filter((value) => value !== null))].sort();
      const codes = Int32Array.from(all, (value) => (value === null ? -1 : values.indexOf(value)));
      return { name, values, codes };
    }),
  };
}

function columnOf(inputs: readonly Input[], spec: ColumnSpec, place: number): Column {
  const of = (side: 'before' | 'after') =>
    inputs.flatMap((input) => input[side].map((run) => run[place] ?? null));
  const both = { before: of('before'), after: of('after') };
  const strings = [...both.before, ...both.after].filter((value) => typeof value === 'string');
  const labels = [...new Set(strings)].sort();
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const values = (side: readonly Value[]) => ({
    codes: Int32Array.from(side, (value) => {
      if (value === null) return CODE.missing;
      if (typeof value === 'string') return codeOf.get(value)!;
      if (typeof value === 'number') return CODE.number;
      return 'hash' in value ? CODE.hash : CODE.error;
    }),
    numbers: Float64Array.from(side, (value) =>
      typeof value === 'number'
        ? value
        : value !== null && typeof value === 'object' && 'hash' in value
          ? value.hash
          : 0,
    ),
  });
  return {
    source: spec.name === 'decision' ? 'decision' : 'output',
    path: spec.name === 'decision' ? null : spec.name,
    family: 'first',
    kind: 'label',
    typed: 'seen',
    typeNote: null,
    ...spec,
    labels,
    before: values(both.before),
    after: values(both.after),
  };
}

/** Inputs that ran once on each side, one column. */
export function pairs(values: readonly (readonly [Value, Value])[]): Input[] {
  return values.map(([before, after]) => ({ before: [[before]], after: [[after]] }));
}

/** The same pair n times. */
export function times(n: number, before: Value, after: Value): [Value, Value][] {
  return Array.from({ length: n }, () => [before, after]);
}

/** Inputs run on one side only. */
export function alone(side: 'before' | 'after', values: readonly Value[]): Input[] {
  return values.map((value) =>
    side === 'before' ? { before: [[value]], after: [] } : { before: [], after: [[value]] },
  );
}

export function swapped(data: DiffData): DiffData {
  return {
    ...data,
    before: data.after,
    after: data.before,
    columns: data.columns.map((column) => ({
      ...column,
      before: column.after,
      after: column.before,
    })),
  };
}

/** Every run of an input so many times more. */
export function repeated(inputs: readonly Input[], before: number, after: number): Input[] {
  const times = <T>(n: number, runs: readonly T[]) =>
    runs.flatMap((run) => Array.from({ length: n }, () => run));
  return inputs.map((input) => ({
    ...input,
    before: times(before, input.before),
    after: times(after, input.after),
  }));
}
