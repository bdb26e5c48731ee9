/** Graphs of an ONNX file: their nodes counted by operator, whatever they are nested in. */
import type { TensorShape } from './inspection.ts';
import { malformed, quoted, tooMuch } from './inspection-error.ts';
import { MAX_KINDS, MAX_NODES, MAX_TENSORS, MAX_VALUES } from './limits.ts';
import { type OnnxTensor, sparseTensorAt, tensorAt } from './onnx-tensor.ts';
import { valueAt } from './onnx-value.ts';
import type { Field, Message, ProtoFile } from './proto-file.ts';
import type { Structure } from './structure.ts';

export interface Graph {
  name: string;
  inputs: Map<string, TensorShape>;
  outputs: Map<string, TensorShape>;
  initializers: Map<string, TensorShape>;
}

/** Reads graphs, and counts over all of them. */
export class GraphReader {
  readonly operators = new Map<string, number>();
  nodes = 0;
  parameters = 0;
  readonly #file: ProtoFile;
  readonly #structure: Structure;

  constructor(file: ProtoFile, structure: Structure) {
    this.#file = file;
    this.#structure = structure;
  }

  /** GraphProto, the model's own. */
  graph(message: Message): Graph {
    const graph: Graph = {
      name: '',
      inputs: new Map(),
      outputs: new Map(),
      initializers: new Map(),
    };
    this.#file.eachField(message, (field) => {
      if (field.number === 1) this.node(field);
      else if (field.number === 2) graph.name = this.#file.name(field);
      else if (field.number === 5) addTensor(graph, this.#tensor(field));
      else if (field.number === 11) this.#addValue(graph.inputs, field, 'inputs');
      else if (field.number === 12) this.#addValue(graph.outputs, field, 'outputs');
      else if (field.number === 15) addTensor(graph, this.#sparseTensor(field));
    });
    return graph;
  }

  /** GraphProto in an attribute: counted, and nothing of it kept. */
  #subgraph(message: Message): void {
    this.#file.eachField(message, (field) => {
      if (field.number === 1) this.node(field);
      else if (field.number === 5) this.#tensor(field);
      else if (field.number === 15) this.#sparseTensor(field);
    });
  }

  /** NodeProto. */
  node(field: Field): void {
    if (++this.nodes > MAX_NODES) throw tooMuch(`it has more than ${MAX_NODES} nodes`);
    let [operator, domain] = ['', ''];
    this.#file.eachField(this.#file.message(field), (inner) => {
      if (inner.number === 4) operator = this.#file.name(inner);
      else if (inner.number === 5) this.#attribute(this.#file.message(inner));
      else if (inner.number === 7) domain = domainOf(this.#file.name(inner));
    });
    if (operator === '') throw malformed('it has a node without an operator');
    const key = domain === '' ? operator : `${domain}::${operator}`;
    const count = this.operators.get(key) ?? 0;
    if (count === 0 && this.operators.size === MAX_KINDS) {
      throw tooMuch(`it has more than ${MAX_KINDS} kinds of operators`);
    }
    this.operators.set(key, count + 1);
  }

  /** AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23. */
  #attribute(message: Message): void {
    this.#file.eachField(message, (field) => {
      if (field.number === 5 || field.number === 10) this.#tensor(field);
      else if (field.number === 6 || field.number === 11) this.#subgraph(this.#file.message(field));
      else if (field.number === 22 || field.number === 23) this.#sparseTensor(field);
    });
  }

  #tensor(field: Field): OnnxTensor {
    return this.#counted(tensorAt(this.#file, this.#structure, this.#file.message(field)));
  }

  #sparseTensor(field: Field): OnnxTensor {
    return this.#counted(sparseTensorAt(this.#file, this.#structure, this.#file.message(field)));
  }

  #counted(tensor: OnnxTensor): OnnxTensor {
    this.parameters += tensor.numbers;
    if (Number.isSafeInteger(this.parameters)) return tensor;
    throw malformed('it says it holds more than 2^53 numbers');
  }

  #addValue(values: Map<string, TensorShape>, field: Field, what: string): void {
    const { name, type } = valueAt(this.#file, this.#file.message(field));
    if (name === '') throw malformed(`one of its ${what} has no name`);
    if (values.has(name)) throw malformed(`two of its ${what} are named ${quoted(name)}`);
    if (values.size === MAX_VALUES) throw tooMuch(`it has more than ${MAX_VALUES} ${what}`);
    values.set(name, type);
  }
}

/** '' and 'ai.onnx' both name ONNX's own. */
export function domainOf(name: string): string {
  return name === 'ai.onnx' ? '' : name;
}

function addTensor({ initializers }: Graph, { name, numbers: _, ...shape }: OnnxTensor): void {
  if (name === '') throw malformed('an initializer has no name');
  if (initializers.has(name)) throw malformed(`two initializers are named ${quoted(name)}`);
  if (initializers.size === MAX_TENSORS) {
    throw tooMuch(`it has more than ${MAX_TENSORS} initializers`);
  }
  initializers.set(name, shape);
}
