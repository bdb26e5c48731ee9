/** ONNX's types of numbers (TensorProto.DataType). */
import { malformed } from './inspection-error.ts';

export interface Dtype {
  name: string;
  /** Of one number in raw data; null where raw data can't hold it. */
  bits: number | null;
  /**
   * Whether its values count as weights. INT64 is what ONNX demands for shapes, axes and indices,
   * BOOL for switches, and texts are names: other values of these make another model, not other weights.
   */
  weights: boolean;
}

const weights = (name: string, bits: number): Dtype => ({ name, bits, weights: true });
const structural = (name: string, bits: number | null): Dtype => ({ name, bits, weights: false });

/** By number. */
const DTYPES: readonly Dtype[] = [
  structural('UNDEFINED', null),
  weights('FLOAT', 32),
  weights('UINT8', 8),
  weights('INT8', 8),
  weights('UINT16', 16),
  weights('INT16', 16),
  weights('INT32', 32),
  structural('INT64', 64),
  structural('STRING', null),
  structural('BOOL', 8),
  weights('FLOAT16', 16),
  weights('DOUBLE', 64),
  weights('UINT32', 32),
  weights('UINT64', 64),
  weights('COMPLEX64', 64),
  weights('COMPLEX128', 128),
  weights('BFLOAT16', 16),
  weights('FLOAT8E4M3FN', 8),
  weights('FLOAT8E4M3FNUZ', 8),
  weights('FLOAT8E5M2', 8),
  weights('FLOAT8E5M2FNUZ', 8),
  weights('UINT4', 4),
  weights('INT4', 4),
  weights('FLOAT4E2M1', 4),
  weights('FLOAT8E8M0', 8),
  weights('UINT2', 2),
  weights('INT2', 2),
];

/** @throws InspectionError */
export function dtypeOf(number: number): Dtype {
  const found = DTYPES[number];
  if (!found) throw malformed(`it has a data type unknown here: ${number}`);
  return found;
}
