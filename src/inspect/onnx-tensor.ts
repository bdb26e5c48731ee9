/** Tensors of an ONNX file: what they are, never what they hold. */
import { WireType } from '@bufbuild/protobuf/wire';
import type { TensorShape } from './inspection.ts';
import { malformed, quoted, tooMuch } from './inspection-error.ts';
import { MAX_RANK, MAX_STRINGS } from './limits.ts';
import { type Dtype, dtypeOf } from './onnx-dtype.ts';
import { expect, type Field, type Message, type ProtoFile } from './proto-file.ts';
import type { Structure } from './structure.ts';

export interface OnnxTensor extends TensorShape {
  name: string;
  /** How many numbers are there. */
  numbers: number;
}

/** Fields that hold values: float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data. */
const DATA_FIELDS: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);
const RAW = 9;

/**
 * Which fields write values so that other bytes are other values, and of which types. (An integer
 * in int32_data can be written in several ways.)
 */
const EXACT_FIELDS: Readonly<Record<number, readonly string[]>> = {
  4: ['FLOAT', 'COMPLEX64'],
  10: ['DOUBLE', 'COMPLEX128'],
};

/** TensorProto. */
export function tensorAt(file: ProtoFile, structure: Structure, message: Message): OnnxTensor {
  let [name, type, external] = ['', 0, false];
  const dims: number[] = [];
  const data: Field[] = [];
  file.eachField(message, (field) => {
    if (field.number === 1) addDims(file, field, dims);
    else if (field.number === 2) type = file.integer(field);
    else if (field.number === 8) name = file.name(field);
    else if (field.number === 14) external = file.integer(field) === 1;
    else if (DATA_FIELDS.has(field.number)) data.push(field);
    if (data.length > MAX_STRINGS)
      throw tooMuch(`a tensor has its data in more than ${MAX_STRINGS} pieces`);
  });
  const dtype = dtypeOf(type);
  const what = `the tensor ${quoted(name)}`;
  const numbers = numbersIn(dims, what);
  if (dtype.name === 'UNDEFINED') throw malformed(`${what} has no data type`);
  if (!external) {
    checkData(data, dtype, numbers, what);
    if (holdsWeights(data, dtype)) structure.skip(data[0]!.start, data[0]!.end);
  }
  return {
    name,
    dtype: dtype.name,
    shape: dims,
    ...(external && { kept: 'external' as const }),
    numbers: dtype.name === 'STRING' ? 0 : numbers,
  };
}

/** SparseTensorProto: values by their indices, and the shape that they are thinly spread over. */
export function sparseTensorAt(
  file: ProtoFile,
  structure: Structure,
  message: Message,
): OnnxTensor {
  const dims: number[] = [];
  let values: OnnxTensor | null = null;
  file.eachField(message, (field) => {
    if (field.number === 3) addDims(file, field, dims);
    else if (field.number === 1) {
      if (values) throw malformed('a sparse tensor has its values twice');
      values = tensorAt(file, structure, file.message(field));
    }
  });
  const found = values as OnnxTensor | null;
  if (!found) throw malformed('a sparse tensor has no values');
  numbersIn(dims, `the tensor ${quoted(found.name)}`);
  return { ...found, shape: dims, kept: 'sparse' };
}

function addDims(file: ProtoFile, field: Field, dims: number[]): void {
  for (const dim of file.integers(field, MAX_RANK)) dims.push(dim);
  if (dims.length > MAX_RANK) throw malformed(`a tensor has more than ${MAX_RANK} dimensions`);
}

function numbersIn(dims: readonly number[], what: string): number {
  if (dims.some((dim) => dim < 0)) throw malformed(`${what} has a negative dimension`);
  const numbers = dims.reduce((product, dim) => product * dim, dims.includes(0) ? 0 : 1);
  if (!Number.isSafeInteger(numbers))
    throw malformed(`${what} says it holds more than 2^53 numbers`);
  return numbers;
}

/** As many numbers as its shape says: exactly in raw data, and else no more than could be there. */
function checkData(
  data: readonly Field[],
  { name, bits }: Dtype,
  numbers: number,
  what: string,
): void {
  const raw = data.filter((field) => field.number === RAW);
  for (const field of raw) {
    expect(field, WireType.LengthDelimited);
    if (raw.length > 1) throw malformed(`${what} has its raw data twice`);
    if (bits === null) throw malformed(`${what} has raw data, which can't hold ${name}`);
    const [is, should] = [field.end - field.start, Math.ceil((numbers * bits) / 8)];
    if (is !== should) throw malformed(`${what} has ${is} bytes of data where ${should} belong`);
  }
  const bytes = data.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  // The shortest encodings there are: four 2-bit numbers a byte.
  if (numbers > 4 * bytes) throw malformed(`${what} says it holds ${numbers} numbers and doesn't`);
}

/** Whether all that its data fields hold are weights, and other bytes would be other weights. */
function holdsWeights([field, ...more]: readonly Field[], { name, weights }: Dtype): boolean {
  if (!weights || !field || more.length > 0 || field.wire !== WireType.LengthDelimited)
    return false;
  return field.number === RAW || EXACT_FIELDS[field.number]?.includes(name) === true;
}
