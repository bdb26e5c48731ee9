/** Two models compared by what is inside: names that came, went, and changed. Nothing is cut yet. */
import type { Inside, Shapes } from '../contract/artifact-diff.ts';
import type { OnnxInspection, SafetensorsInspection, TensorShape } from './inspection.ts';

export type Inspected = SafetensorsInspection | OnnxInspection;
type Text = Inside['metadata']['items'][number];
type Texts = ReadonlyMap<string, string>;

/** Two of the same format. */
export function compareInside(before: Inspected, after: Inspected): Inside {
  const [a, b] = [partsOf(before), partsOf(after)];
  return {
    facts: whole(textChanges(a.facts, b.facts)),
    tensors: shapeChanges(a.tensors, b.tensors),
    inputs: shapeChanges(a.inputs, b.inputs),
    outputs: shapeChanges(a.outputs, b.outputs),
    operators: whole(
      union(a.operators, b.operators).flatMap((name) => {
        const [was, is] = [a.operators.get(name) ?? 0, b.operators.get(name) ?? 0];
        return was === is ? [] : [{ name, before: was, after: is }];
      }),
    ),
    metadata: whole(textChanges(a.metadata, b.metadata)),
  };
}

/** How many differences there are in all. */
export function countInside({ facts, operators, metadata, ...rest }: Inside): number {
  const { tensors, inputs, outputs } = rest;
  const shapes = [tensors, inputs, outputs].map(
    ({ added, removed, changed }) => added.count + removed.count + changed.count,
  );
  return facts.count + operators.count + metadata.count + shapes[0]! + shapes[1]! + shapes[2]!;
}

/** Maps, since names are anyone's: `constructor` is no name that every object has. */
function partsOf(inspection: Inspected) {
  const onnx = inspection.format === 'onnx' ? inspection : null;
  return {
    facts: onnx ? factsOf(onnx) : new Map<string, string>(),
    tensors: mapOf(inspection.format === 'onnx' ? inspection.initializers : inspection.tensors),
    inputs: mapOf(onnx?.inputs ?? {}),
    outputs: mapOf(onnx?.outputs ?? {}),
    operators: mapOf(onnx?.operators ?? {}),
    metadata: mapOf(inspection.metadata),
  };
}

function factsOf({ irVersion, producer, graph, functions, opsets }: OnnxInspection): Texts {
  return new Map([
    ['IR version', String(irVersion)],
    ['producer', producer],
    ['graph', graph],
    ['functions', String(functions)],
    ...Object.entries(opsets).map(([domain, version]): [string, string] => [
      `opset ${domain === '' ? 'ai.onnx' : domain}`,
      String(version),
    ]),
  ]);
}

function mapOf<T>(record: Record<string, T>): Map<string, T> {
  return new Map(Object.entries(record));
}

function textChanges(a: Texts, b: Texts): Text[] {
  return union(a, b).flatMap((name) => {
    const [before, after] = [a.get(name) ?? null, b.get(name) ?? null];
    return before === after ? [] : [{ name, before, after }];
  });
}

function shapeChanges(
  a: ReadonlyMap<string, TensorShape>,
  b: ReadonlyMap<string, TensorShape>,
): Shapes {
  const added: Shapes['added']['items'] = [];
  const removed: Shapes['removed']['items'] = [];
  const changed: Shapes['changed']['items'] = [];
  let unchanged = 0;
  for (const name of union(a, b)) {
    const [was, is] = [a.get(name), b.get(name)];
    if (!was) added.push({ name, ...typed(is!) });
    else if (!is) removed.push({ name, ...typed(was) });
    else {
      const what = differences(was, is);
      if (what.length === 0) unchanged++;
      else changed.push({ name, what, before: typed(was), after: typed(is) });
    }
  }
  return { added: whole(added), removed: whole(removed), changed: whole(changed), unchanged };
}

function differences(a: TensorShape, b: TensorShape): ('shape' | 'dtype' | 'kept')[] {
  const what: ('shape' | 'dtype' | 'kept')[] = [];
  if (JSON.stringify(a.shape) !== JSON.stringify(b.shape)) what.push('shape');
  if (a.dtype !== b.dtype) what.push('dtype');
  if (a.kept !== b.kept) what.push('kept');
  return what;
}

function typed({ dtype, shape, kept }: TensorShape) {
  return { dtype, shape, kept: kept ?? null };
}

/** All names, in order of UTF-16 code units. */
function union(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort();
}

function whole<T>(items: T[]): { count: number; items: T[] } {
  return { count: items.length, items };
}
