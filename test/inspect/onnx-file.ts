/** Writes ONNX files, field by field: each function makes the bytes of one message. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A field: its number and its value; a list stands for a repeated field. */
export type Value = number | bigint | string | Uint8Array;
export type Fields = Record<number, Value | Value[] | undefined>;

export function message(fields: Fields): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, values] of Object.entries(fields)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value !== undefined) write(writer, Number(number), value);
    }
  }
  return writer.finish();
}

function write(writer: BinaryWriter, number: number, value: Value): void {
  if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value);
  else if (value instanceof Uint8Array) writer.tag(number, WireType.LengthDelimited).bytes(value);
  else writer.tag(number, WireType.Varint).int64(value);
}

export const FLOAT = 1;
export const INT64 = 7;

/** With its values as raw data, all bytes alike. */
export function tensor(
  name: string,
  dims: number[],
  { type = FLOAT, width = 4, fill = 0, more = {} as Fields } = {},
): Uint8Array {
  const bytes = dims.reduce((product, dim) => product * dim, 1) * width;
  return message({ 1: dims, 2: type, 8: name, 9: new Uint8Array(bytes).fill(fill), ...more });
}

export function tensorType(type: number, dims: (number | string | null)[]): Uint8Array {
  const shape = dims.map((dim) =>
    message(dim === null ? {} : typeof dim === 'number' ? { 1: dim } : { 2: dim }),
  );
  return message({ 1: message({ 1: type, 2: message({ 1: shape }) }) });
}

export function value(name: string, type?: Uint8Array): Uint8Array {
  return message({ 1: name, 2: type });
}

export function node(operator: string, more: Fields = {}): Uint8Array {
  return message({ 4: operator, ...more });
}

/** A node with a subgraph in an attribute. */
export function nodeWithGraph(operator: string, graph: Uint8Array): Uint8Array {
  return node(operator, { 5: message({ 1: 'body', 6: graph, 20: 5 }) });
}

export interface GraphParts {
  name?: string;
  nodes?: Uint8Array[];
  initializers?: Uint8Array[];
  inputs?: Uint8Array[];
  outputs?: Uint8Array[];
  more?: Fields;
}

export function graph({ name = 'main', more = {}, ...parts }: GraphParts = {}): Uint8Array {
  const { nodes = [], initializers = [], inputs = [], outputs = [] } = parts;
  return message({ 1: nodes, 2: name, 5: initializers, 11: inputs, 12: outputs, ...more });
}

export function model(graphBytes: Uint8Array, more: Fields = {}): Buffer {
  const opset = message({ 1: '', 2: 17 });
  return Buffer.from(message({ 1: 8, 2: 'writer', 3: '1.0', 7: graphBytes, 8: [opset], ...more }));
}

/** A small network: y = x·w + b, through a Relu. */
export function linear({ rows = 3, columns = 4, fill = 1, operator = 'Relu' } = {}): Buffer {
  return model(
    graph({
      nodes: [node('MatMul'), node('Add'), node(operator)],
      initializers: [tensor('w', [rows, columns], { fill }), tensor('b', [columns], { fill })],
      inputs: [value('x', tensorType(FLOAT, ['batch', rows]))],
      outputs: [value('y', tensorType(FLOAT, ['batch', columns]))],
    }),
  );
}
