/** A field's values as a diff computes on them: by place of the run instead of by row, and of one kind. */
import { CODE, type ColumnKind, type Values } from '../data.ts';
import { fewNumbersOf } from './column-kind.ts';
import type { FieldValues } from './field-values.ts';
import type { Recoding } from './label-book.ts';
import type { IntegerRows } from './rows.ts';
import { hashOfValue } from './value-hash.ts';
import type { SideNumber } from './value-types.ts';

/** In what order a side's runs stand, by row, and which of them failed. */
export interface SideOrder {
  rows: Uint32Array;
  /** By row: 1 where the trace ended in an error. */
  failed: IntegerRows;
}

export interface ColumnValues {
  labels: readonly string[];
  before: Values;
  after: Values;
}

/** @param kind of the values; what they were collected in is freed */
export function columnValues(
  values: FieldValues,
  kind: ColumnKind,
  before: SideOrder,
  after: SideOrder,
): ColumnValues {
  const recoding = recodingOf(values, kind);
  const sides = {
    labels: recoding.names,
    before: ofSide(values, 0, before, kind, recoding),
    after: ofSide(values, 1, after, kind, recoding),
  };
  values.giveUp();
  return sides;
}

function recodingOf(values: FieldValues, kind: ColumnKind): Recoding {
  const { book } = values;
  if (book === null) return { names: [], codes: new Int32Array(), hashes: new Float64Array() };
  if (kind === 'label') {
    // Where types are mixed the numbers are labels, too.
    const areMixed = values.asked === null && values.types.of('numbers') > 0;
    if (areMixed) for (const one of fewNumbersOf(values) ?? []) book.numberOf(one);
    return book.recoding();
  }
  const isMissing = kind === 'number' || kind === 'vector'; // nulls: nothing else can be here
  const labels = [...book.labels()];
  const codes = new Int32Array(labels.length).fill(isMissing ? CODE.missing : CODE.hash);
  return { names: [], codes, hashes: Float64Array.from(labels, ([label]) => hashOfValue(label)!) };
}

function ofSide(
  values: FieldValues,
  side: SideNumber,
  { rows, failed }: SideOrder,
  kind: ColumnKind,
  { codes: recoded, hashes }: Recoding,
): Values {
  const [from, fromNumbers] = [values.codes[side], values.numbers[side]];
  const codes = new Int32Array(rows.length);
  let numbers: Float64Array | null = null;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!;
    let code = from.get(row);
    let number: number | null = null;
    if (code >= 0) {
      const label = code;
      code = recoded[label]!;
      if (code === CODE.hash) number = hashes[label]!;
    } else if (code === CODE.number || code === CODE.hash) {
      number = fromNumbers.get(row);
      if (code === CODE.number && kind !== 'number') {
        code = kind === 'label' ? recoded[values.book!.numberOf(number)]! : CODE.hash;
        number = kind === 'label' ? null : hashOfValue(number);
      }
    }
    codes[place] = code === CODE.missing && failed.get(row) === 1 ? CODE.error : code;
    if (number !== null) {
      numbers ??= new Float64Array(rows.length);
      numbers[place] = number;
    }
  }
  return { codes, numbers };
}
