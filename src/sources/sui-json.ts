/** An object's JSON, as a full node renders it: bounded, and looked into by a path. */
import { isObject } from './json.ts';

/** A full node renders a megabyte and 80 levels at most. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const MOST_VALUES = 200_000;
const DEEPEST = 100;

/** Whether there is no more of it than is read here. Without recursion, so that depth costs nothing. */
export function isBounded(json: unknown): boolean {
  let [values, characters] = [0, 0];
  const left: [value: unknown, depth: number][] = [[json, 0]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, depth] = next;
    if (++values > MOST_VALUES || depth > DEEPEST) return false;
    if (typeof value === 'string') characters += value.length;
    else if (Array.isArray(value)) for (const inner of value) left.push([inner, depth + 1]);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        characters += key.length;
        left.push([inner, depth + 1]);
      }
    }
    if (left.length > MOST_VALUES) return false;
    if (characters > MOST_CHARACTERS) return false;
  }
  return true;
}

/** What stands under a path such as `models.latest`; undefined where nothing does. */
export function valueAt(json: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, json);
}
