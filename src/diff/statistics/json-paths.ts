/** The values of a JSON text by path. Outputs are hostile: any shape, depth and size. */

/** Longer texts and those with more values are not taken apart. */
const MOST_CHARACTERS = 262_144;
const MOST_VALUES = 50_000;
/** A path is cut here: deeper or longer names fall together. */
const LONGEST_PATH = 200;

/**
 * What stands at each path: `$.a.b`, `$["odd key"]`, and `$.list[*]` for all places of a list,
 * their values one after the other. An empty object or list is a value too. Null where the text is
 * no JSON or too large.
 */
export function valuesByPath(text: string): Map<string, string> | null {
  if (text.length > MOST_CHARACTERS) return null;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return null;
  }
  const found = new Map<string, string[]>();
  // A list of what is still to visit, not recursion: depth costs memory, never the stack.
  const pending: [string, unknown][] = [['$', root]];
  let values = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (++values > MOST_VALUES) return null;
    const [path, value] = next;
    const inside = insideOf(path, value);
    if (inside.length > 0) for (const each of inside) pending.push(each);
    else {
      const list = found.get(path) ?? [];
      list.push(JSON.stringify(value));
      found.set(path, list);
    }
  }
  return new Map([...found].map(([path, list]) => [path, list.join()]));
}

function insideOf(path: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((each) => [cut(`${path}[*]`), each]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, each]) => [cut(path + step(key)), each]);
}

function step(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function cut(path: string): string {
  return path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`;
}
