/**
 * ONNX: one protobuf message, the model, with its graph in it. Numbers of fields are those of
 * onnx.proto; what is not looked at (wiring, attributes, texts) counts in the structure's digest.
 *
 * https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
import type { FileWindow } from './file-window.ts';
import type { OnnxInspection, TensorShape } from './inspection.ts';
import { malformed, quoted, tooMuch } from './inspection-error.ts';
import { MAX_KINDS, MAX_METADATA } from './limits.ts';
import { domainOf, type Graph, GraphReader } from './onnx-graph.ts';
import { type Field, type Message, ProtoFile } from './proto-file.ts';
import { Structure } from './structure.ts';

/** From this version on, an initializer needn't be an input; one that is an input too is its default. */
const FREE_INITIALIZERS = 4;

/** @throws InspectionError */
export function readOnnx(window: FileWindow): OnnxInspection {
  return new ModelReader(window).read();
}

class ModelReader {
  readonly #file: ProtoFile;
  readonly #structure: Structure;
  readonly #graphs: GraphReader;
  readonly #opsets = new Map<string, number>();
  readonly #metadata = new Map<string, string>();
  #graph: Graph | null = null;
  #irVersion = 0;
  #functions = 0;
  #producer = ['', ''];

  constructor(window: FileWindow) {
    this.#file = new ProtoFile(window);
    this.#structure = new Structure(window);
    this.#graphs = new GraphReader(this.#file, this.#structure);
  }

  read(): OnnxInspection {
    this.#file.eachField(this.#file.whole(), (field) => this.#modelField(field));
    if (this.#irVersion < 1) throw malformed('it has no IR version');
    if (!this.#graph) throw malformed('it has no graph');
    const { name, outputs, initializers } = this.#graph;
    return {
      format: 'onnx',
      irVersion: this.#irVersion,
      producer: this.#producer.filter((part) => part !== '').join(' '),
      opsets: Object.fromEntries(this.#opsets),
      graph: name,
      operators: Object.fromEntries(this.#graphs.operators),
      nodes: this.#graphs.nodes,
      functions: this.#functions,
      inputs: Object.fromEntries(this.#inputsOf(this.#graph)),
      outputs: Object.fromEntries(outputs),
      initializers: Object.fromEntries(initializers),
      parameters: this.#graphs.parameters,
      metadata: Object.fromEntries(this.#metadata),
      structure: this.#structure.digest(),
    };
  }

  /** ModelProto. */
  #modelField(field: Field): void {
    if (field.number === 1) this.#irVersion = this.#file.integer(field);
    else if (field.number === 2) this.#producer[0] = this.#file.name(field);
    else if (field.number === 3) this.#producer[1] = this.#file.name(field);
    else if (field.number === 7) {
      if (this.#graph) throw malformed('it has two graphs');
      this.#graph = this.#graphs.graph(this.#file.message(field));
    } else if (field.number === 8) this.#addOpset(this.#file.message(field));
    else if (field.number === 14) this.#addMetadata(this.#file.message(field));
    else if (field.number === 25) this.#addFunction(this.#file.message(field));
  }

  /** OperatorSetIdProto. Of one domain twice, the higher version counts, as ONNX says. */
  #addOpset(message: Message): void {
    let [domain, version] = ['', 0];
    this.#file.eachField(message, (field) => {
      if (field.number === 1) domain = domainOf(this.#file.name(field));
      else if (field.number === 2) version = this.#file.integer(field);
    });
    this.#opsets.set(domain, Math.max(version, this.#opsets.get(domain) ?? version));
    if (this.#opsets.size > MAX_KINDS) throw tooMuch(`it has more than ${MAX_KINDS} operator sets`);
  }

  /** StringStringEntryProto. */
  #addMetadata(message: Message): void {
    let [key, value] = ['', ''];
    this.#file.eachField(message, (field) => {
      if (field.number === 1) key = this.#file.name(field);
      else if (field.number === 2) value = this.#file.text(field);
    });
    if (this.#metadata.has(key)) throw malformed(`it has the metadata ${quoted(key)} twice`);
    if (this.#metadata.size === MAX_METADATA) {
      throw tooMuch(`it has more than ${MAX_METADATA} metadata`);
    }
    this.#metadata.set(key, value);
  }

  /** FunctionProto. */
  #addFunction(message: Message): void {
    this.#functions++;
    this.#file.eachField(message, (field) => {
      if (field.number === 7) this.#graphs.node(field);
    });
  }

  #inputsOf({ inputs, initializers }: Graph): [string, TensorShape][] {
    if (this.#irVersion >= FREE_INITIALIZERS) return [...inputs];
    return [...inputs].filter(([name]) => !initializers.has(name));
  }
}
