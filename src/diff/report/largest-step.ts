/** How far the numbers of two outputs lie apart. Outputs are hostile: any shape, depth and size. */

/** Longer outputs are not searched for numbers, so that two hundred of them can't hold up a report. */
const MAX_SEARCHED = 262_144;

/**
 * The largest |after − before| of a number that stands at one path of both JSON texts; 0 where all
 * such numbers agree, null where there is none (or a text is longer than 262,144 characters).
 * A number that no double can hold (1e400) is none.
 */
export function largestStep(before: string, after: string): number | null {
  if (before.length > MAX_SEARCHED || after.length > MAX_SEARCHED) return null;
  let largest: number | null = null;
  // A list of what is still to visit, not recursion: depth costs memory, never the stack.
  const pending: [unknown, unknown][] = [[parsed(before), parsed(after)]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [a, b] = next;
    if (typeof a === 'number' && typeof b === 'number') {
      if (Number.isFinite(a) && Number.isFinite(b)) largest = Math.max(largest ?? 0, step(a, b));
    } else if (Array.isArray(a) && Array.isArray(b)) {
      for (let i = 0; i < Math.min(a.length, b.length); i++) pending.push([a[i], b[i]]);
    } else if (isObject(a) && isObject(b)) {
      for (const key of Object.keys(a)) {
        // Own keys only: an output may have a "__proto__" on one side.
        if (Object.hasOwn(b, key)) pending.push([a[key], b[key]]);
      }
    }
  }
  return largest;
}

/** Two doubles can lie further apart than a double can say. */
function step(a: number, b: number): number {
  return Math.min(Math.abs(b - a), Number.MAX_VALUE);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` where the text is no JSON: it has no numbers. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
