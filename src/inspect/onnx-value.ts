/** What goes into an ONNX graph and comes out of it: names and types. */
import type { TensorShape } from './inspection.ts';
import { tooMuch } from './inspection-error.ts';
import { MAX_RANK } from './limits.ts';
import { dtypeOf } from './onnx-dtype.ts';
import type { Message, ProtoFile } from './proto-file.ts';

/** What ONNX calls the type of a value that has none. */
const NO_TYPE: TensorShape = { dtype: 'UNDEFINED', shape: null };

/** ValueInfoProto. */
export function valueAt(file: ProtoFile, message: Message): { name: string; type: TensorShape } {
  let name = '';
  let type = NO_TYPE;
  file.eachField(message, (field) => {
    if (field.number === 1) name = file.name(field);
    else if (field.number === 2) type = typeAt(file, file.message(field));
  });
  return { name, type };
}

/** TypeProto. */
function typeAt(file: ProtoFile, message: Message): TensorShape {
  let type = NO_TYPE;
  file.eachField(message, (field) => {
    const inner = () => file.message(field);
    if (field.number === 1) type = tensorType(file, inner());
    else if (field.number === 4) type = plain(`seq(${textOf(innerType(file, inner(), 1))})`);
    else if (field.number === 5) type = mapType(file, inner());
    else if (field.number === 7) type = opaqueType(file, inner());
    else if (field.number === 8) {
      const { dtype, shape } = tensorType(file, inner());
      type = { dtype: `sparse(${dtype})`, shape };
    } else if (field.number === 9) {
      type = plain(`optional(${textOf(innerType(file, inner(), 1))})`);
    }
  });
  return type;
}

/** Tensor and SparseTensor. */
function tensorType(file: ProtoFile, message: Message): TensorShape {
  let dtype = NO_TYPE.dtype;
  let shape: TensorShape['shape'] = null;
  file.eachField(message, (field) => {
    if (field.number === 1) dtype = dtypeOf(file.integer(field)).name;
    else if (field.number === 2) shape = shapeAt(file, file.message(field));
  });
  return { dtype, shape };
}

/** TensorShapeProto. */
function shapeAt(file: ProtoFile, message: Message): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  file.eachField(message, (field) => {
    if (field.number !== 1) return;
    if (shape.length === MAX_RANK) throw tooMuch(`a value has more than ${MAX_RANK} dimensions`);
    shape.push(dimensionAt(file, file.message(field)));
  });
  return shape;
}

/** As it is written: some exporters say -1 for what isn't known. */
function dimensionAt(file: ProtoFile, message: Message): number | string | null {
  let dimension: number | string | null = null;
  file.eachField(message, (field) => {
    if (field.number === 1) dimension = file.integer(field);
    else if (field.number === 2) dimension = file.name(field) || null;
  });
  return dimension;
}

function innerType(file: ProtoFile, message: Message, number: number): TensorShape {
  let type = NO_TYPE;
  file.eachField(message, (field) => {
    if (field.number === number) type = typeAt(file, file.message(field));
  });
  return type;
}

function mapType(file: ProtoFile, message: Message): TensorShape {
  let key = NO_TYPE.dtype;
  file.eachField(message, (field) => {
    if (field.number === 1) key = dtypeOf(file.integer(field)).name;
  });
  return plain(`map(${key},${textOf(innerType(file, message, 2))})`);
}

function opaqueType(file: ProtoFile, message: Message): TensorShape {
  const names = ['', ''];
  file.eachField(message, (field) => {
    if (field.number === 1 || field.number === 2) names[field.number - 1] = file.name(field);
  });
  return plain(`opaque(${names.join(',')})`);
}

function plain(dtype: string): TensorShape {
  return { dtype, shape: null };
}

function textOf({ dtype, shape }: TensorShape): string {
  return shape === null ? dtype : `${dtype}[${shape.map((dim) => dim ?? '?').join(',')}]`;
}
