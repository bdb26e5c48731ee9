/** What is inside a file of an artifact, in terms of the model: never its weights, always its shape. */

/**
 * One tensor, or a value that goes in or out. `shape` holds numbers, or names where a dimension is
 * symbolic, or null where it isn't said; it is null itself where not even the number of dimensions
 * is said, or where the value is no tensor (its whole type is in `dtype` then: `seq(FLOAT[N])`).
 */
export interface TensorShape {
  dtype: string;
  shape: (number | string | null)[] | null;
  /** Where the numbers are not plainly in the file: in another file, or only those that aren't zero. */
  kept?: 'external' | 'sparse';
}

export type Inspection = SafetensorsInspection | OnnxInspection | UnknownFormat | FailedInspection;

export interface SafetensorsInspection {
  format: 'safetensors';
  tensors: Record<string, TensorShape>;
  /** How many numbers all tensors hold together. */
  parameters: number;
  /** Long texts are cut, see `keptText`: equal where the whole texts are equal, and only there. */
  metadata: Record<string, string>;
  structure: StructureDigest;
}

export interface OnnxInspection {
  format: 'onnx';
  irVersion: number;
  producer: string;
  /** Domain ('' is ONNX's own) → version. */
  opsets: Record<string, number>;
  graph: string;
  /** Operator (with its domain where that isn't ONNX's own) → how many nodes; see `nodes`. */
  operators: Record<string, number>;
  /** Of the graph, its subgraphs, and the bodies of functions: each body once. */
  nodes: number;
  /** Functions that the model brings along. */
  functions: number;
  /** Without initializers where these had to be listed as inputs too (before IR version 4). */
  inputs: Record<string, TensorShape>;
  outputs: Record<string, TensorShape>;
  /** Of the graph itself. */
  initializers: Record<string, TensorShape>;
  /** How many numbers all tensors hold: initializers, constants, subgraphs and functions included. */
  parameters: number;
  /** As in safetensors. */
  metadata: Record<string, string>;
  structure: StructureDigest;
}

/** Neither: sizes and Blob IDs are all that is compared. */
export interface UnknownFormat {
  format: 'unknown';
}

/** It says it is such a file, and isn't a right one, or more than is looked at here. */
export interface FailedInspection {
  format: 'safetensors' | 'onnx';
  error: { code: InspectionErrorCode; message: string };
}

/**
 * Hex SHA-256 of every byte that is no value of a tensor. Two files with the same digest and other
 * bytes differ in values of tensors, and in nothing else.
 */
export type StructureDigest = string;

export type InspectionErrorCode =
  /** Not what its format demands: lengths that lie, wrong types, not JSON, not protobuf. */
  | 'malformed'
  /** Longer, deeper or more numerous than is looked at here. */
  | 'too-much'
  /** It took too long or too much memory. */
  | 'gave-up';

/** A busy machine, perhaps: it says nothing of the file, and somebody may look again. */
export function gaveUp(inspection: Inspection): boolean {
  return 'error' in inspection && inspection.error.code === 'gave-up';
}
