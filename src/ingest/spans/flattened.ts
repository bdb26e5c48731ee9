/**
 * Lists and objects that were flattened into attribute names: `gen_ai.prompt.0.tool_calls.1.name`.
 * Whatever the names are, this costs no more than they do: an index is only a place in an order.
 */
import type { Attributes } from '../otlp/span.ts';
import { type Fields, type Json, jsonOf } from './json.ts';

/** Deeper names are nobody's. */
const MAX_SEGMENTS = 12;
const INDEX = /^(?:0|[1-9]\d{0,14})$/;
const FIRST_INDEX = /\.(?:0|[1-9]\d{0,14})(?=\.|$)/;

export interface Rebuilt {
  value: Json;
  /** The attributes it was made of. */
  keys: string[];
  /** True where an index is missing, or a name is both a value and the beginning of others (the value counts). */
  lost: boolean;
}

interface Node {
  leaf: Json | undefined;
  children: Map<string, Node>;
}

/** The attributes that belong to lists, by the name of their list: what stands before the first index. */
export type ListNames = ReadonlyMap<string, string[]>;

/** One pass for all lists. */
export function listNames(attributes: Attributes): ListNames {
  const lists = new Map<string, string[]>();
  for (const key in attributes) {
    const end = FIRST_INDEX.exec(key)?.index;
    if (end === undefined) continue;
    const prefix = key.slice(0, end);
    const keys = lists.get(prefix);
    if (keys) keys.push(key);
    else lists.set(prefix, [key]);
  }
  return lists;
}

/** @returns the list of that name, in order of its indexes; null where there is none */
export function listUnder(
  attributes: Attributes,
  prefix: string,
  names: ListNames = listNames(attributes),
): Rebuilt | null {
  const keys = names.get(prefix);
  return keys ? rebuilt(attributes, keys, prefix.length + 1) : null;
}

/** @param from where the names begin that count */
export function rebuilt(attributes: Attributes, keys: readonly string[], from: number): Rebuilt {
  const root = newNode();
  const used: string[] = [];
  for (const key of keys) {
    const path = key.slice(from).split('.', MAX_SEGMENTS + 1);
    if (path.length > MAX_SEGMENTS) continue;
    let node = root;
    for (const segment of path) {
      let next = node.children.get(segment);
      if (!next) {
        next = newNode();
        node.children.set(segment, next);
      }
      node = next;
    }
    node.leaf = jsonOf(attributes[key]!);
    used.push(key);
  }
  const state = { lost: used.length < keys.length };
  return { value: builtFrom(root, state), keys: used, lost: state.lost };
}

function newNode(): Node {
  return { leaf: undefined, children: new Map() };
}

function builtFrom(node: Node, state: { lost: boolean }): Json {
  if (node.leaf !== undefined) {
    if (node.children.size > 0) state.lost = true;
    return node.leaf;
  }
  const names = [...node.children.keys()];
  if (names.length > 0 && names.every((name) => INDEX.test(name))) {
    names.sort((a, b) => Number(a) - Number(b));
    if (Number(names.at(-1)) !== names.length - 1) state.lost = true;
    return names.map((name) => builtFrom(node.children.get(name)!, state));
  }
  const fields: Fields = Object.fromEntries(
    names.map((name) => [name, builtFrom(node.children.get(name)!, state)]),
  );
  return fields;
}
