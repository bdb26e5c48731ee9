/** Lists cut to what a report has room for: the count of the whole stays, and the order too. */
import type { Inside, Shapes } from '../contract/artifact-diff.ts';

export interface Room {
  items: number;
  /** Of JSON. */
  bytes: number;
}

export interface Cut<T> {
  count: number;
  items: T[];
}

/** The first items, as many as there is room for. */
export function cutList<T>({ count, items }: Cut<T>, room: Room): Cut<T> {
  const kept: T[] = [];
  let left = room.bytes;
  for (const item of items.slice(0, room.items)) {
    left -= jsonBytes(item);
    if (left < 0) break;
    kept.push(item);
  }
  return { count, items: kept };
}

/** @param room for each list in it */
export function cutInside(inside: Inside, room: Room): Inside {
  const { facts, tensors, inputs, outputs, operators, metadata } = inside;
  return {
    facts: cutList(facts, room),
    tensors: cutShapes(tensors, room),
    inputs: cutShapes(inputs, room),
    outputs: cutShapes(outputs, room),
    operators: cutList(operators, room),
    metadata: cutList(metadata, room),
  };
}

function cutShapes({ added, removed, changed, unchanged }: Shapes, room: Room): Shapes {
  return {
    added: cutList(added, room),
    removed: cutList(removed, room),
    changed: cutList(changed, room),
    unchanged,
  };
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1; // and a comma
}
