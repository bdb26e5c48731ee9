/** Where the change concentrates: values of input fields whose inputs differ more or less often than the rest. */
import type { ReportSlice } from '../../contract/diff.ts';
import { fisherExact2x2 } from '../statistics/fisher.ts';
import { Q } from './budget.ts';
import { adjusted, type Family } from './families.ts';
import type { Frame } from './frame.ts';
import { rounded, roundedP } from './rounded.ts';

/** Fewer inputs than this, in a slice or outside it, show nothing. */
const FEWEST_INPUTS = 10;
const MOST_SHOWN = 20;

export interface SlicedColumn {
  name: string;
  kind: string;
  family: Family;
  compared: Uint32Array;
  differing: Uint32Array;
}

export function slicesOf(frame: Frame, columns: readonly SlicedColumn[]): ReportSlice[] {
  const column = columnToSlice(columns);
  if (!column) return [];
  const { data } = frame;
  const differs = new Uint8Array(data.inputs);
  for (const input of column.differing) differs[input] = 1;
  const first = firstOfClusters(frame, column.compared);

  const found: Omit<ReportSlice, 'q' | 'stands'>[] = [];
  for (const { name: field, values, codes } of data.slices) {
    const all = countsOf(column.compared, codes, values.length, differs);
    const alone = first === column.compared ? all : countsOf(first, codes, values.length, differs);
    for (const [code, value] of values.entries()) {
      const [inputs, differing] = [all.inputs[code]!, all.differing[code]!];
      const outside = column.compared.length - inputs;
      if (inputs < FEWEST_INPUTS || outside < FEWEST_INPUTS) continue;
      found.push({
        column: column.name,
        field,
        value,
        inputs,
        differing,
        rate: rounded(differing / inputs),
        restRate: rounded((column.differing.length - differing) / outside),
        p: roundedP(concentration(alone, code)),
      });
    }
  }
  const q = adjusted(found.map(({ p }) => p));
  return found
    .map((slice, i) => ({ ...slice, q: q[i]!, stands: q[i]! <= Q }))
    .sort(
      (a, b) => a.q - b.q || a.p - b.p || compare(a.field, b.field) || compare(a.value, b.value),
    )
    .slice(0, MOST_SHOWN);
}

/** The first family's first label column in which enough differs to say where, else its first column. */
function columnToSlice(columns: readonly SlicedColumn[]): SlicedColumn | undefined {
  const first = columns.filter(
    ({ family, differing }) => family === 'first' && differing.length >= FEWEST_INPUTS,
  );
  return first.find(({ kind }) => kind === 'label') ?? first[0];
}

interface SliceCounts {
  inputs: Uint32Array;
  differing: Uint32Array;
  all: number;
  allDiffering: number;
}

function countsOf(
  compared: Uint32Array,
  codes: Int32Array,
  size: number,
  differs: Uint8Array,
): SliceCounts {
  const [inputs, differing] = [new Uint32Array(size), new Uint32Array(size)];
  let allDiffering = 0;
  for (const input of compared) {
    allDiffering += differs[input]!;
    const code = codes[input]!;
    if (code < 0) continue;
    inputs[code]!++;
    differing[code]! += differs[input]!;
  }
  return { inputs, differing, all: compared.length, allDiffering };
}

function concentration(
  { inputs, differing, all, allDiffering }: SliceCounts,
  code: number,
): number {
  const [a, n] = [differing[code]!, inputs[code]!];
  const c = allDiffering - a;
  return fisherExact2x2({
    table: [
      [a, n - a],
      [c, all - n - c],
    ],
  }).p;
}

/** One input of each conversation, as Fisher's test takes each as independent. */
function firstOfClusters({ clusters, clusterCount }: Frame, inputs: Uint32Array): Uint32Array {
  if (!clusters) return inputs;
  const taken = new Uint8Array(clusterCount);
  return inputs.filter((input) => {
    if (taken[clusters[input]!] === 1) return false;
    taken[clusters[input]!] = 1;
    return true;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
