/** What differs between two JSON outputs, path by path. Outputs are hostile: any shape, depth and size. */
import type { Report } from '../../contract/diff.ts';
import { stepText } from '../cohorts/field-path.ts';
import { jsonStart, textStart } from './json-start.ts';

type ChangedPath = NonNullable<Report['cases'][number]['paths']>[number];

const MOST_PATHS = 20;
const MOST_VISITED = 50_000;
const LONGEST_PATH = 200;
const LONGEST_VALUE = 200;
const ABSENT = Symbol('absent');

/**
 * The first 20 paths that differ, keys in the order of their text. A value that has another kind
 * on the other side is one difference; so is one that is on one side only. The walk stops after
 * 50,000 places.
 */
export function changedPaths(before: unknown, after: unknown): ChangedPath[] {
  const found: ChangedPath[] = [];
  // A list of what is still to visit, not recursion: depth costs memory, never the stack.
  const pending: [path: string, before: unknown, after: unknown][] = [['$', before, after]];
  let left = MOST_VISITED;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (left-- === 0 || found.length === MOST_PATHS) break;
    const [path, a, b] = next;
    const inside = insideOf(path, a, b, left);
    if (inside) for (const each of inside.reverse()) pending.push(each);
    else if (a !== b) found.push({ path, before: shownValue(a), after: shownValue(b) });
  }
  return found;
}

function insideOf(path: string, a: unknown, b: unknown, most: number) {
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.min(Math.max(a.length, b.length), most) }, (_, i) =>
      place(`${path}[${i}]`, i < a.length ? a[i] : ABSENT, i < b.length ? b[i] : ABSENT),
    );
  }
  if (!isObject(a) || !isObject(b)) return null;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.slice(0, most).map((key) =>
    // Own keys only: an output may have a "__proto__" on one side.
    place(
      path + stepText(textStart(key, LONGEST_PATH)),
      Object.hasOwn(a, key) ? a[key] : ABSENT,
      Object.hasOwn(b, key) ? b[key] : ABSENT,
    ),
  );
}

function place(path: string, a: unknown, b: unknown): [string, unknown, unknown] {
  return [path.length <= LONGEST_PATH ? path : `${textStart(path, LONGEST_PATH)}…`, a, b];
}

function shownValue(value: unknown): string | null {
  return value === ABSENT ? null : jsonStart(value, LONGEST_VALUE);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
