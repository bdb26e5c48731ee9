import { EXACT_STEPS } from './method.ts';

/**
 * The Levenshtein distance of two texts (single insertions, deletions and replacements of code
 * points), and that divided by the longer text's length; two empty texts: 0. Takes about
 * distance · length steps; where 10^7 aren't enough, `distance` is what it is at least, and
 * `method` says `lower-bound`.
 *
 * Levenshtein 1966; the band around the diagonal: Ukkonen 1985.
 */
export function levenshtein({ a, b }: { a: string; b: string }): {
  distance: number;
  normalised: number;
  method: 'exact' | 'lower-bound';
} {
  const [one, other] = [codePoints(a), codePoints(b)];
  const longest = Math.max(one.length, other.length);
  const { distance, method } = between(...trimmed(one, other));
  return { distance, normalised: longest === 0 ? 0 : distance / longest, method };
}

function codePoints(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let n = 0;
  for (const char of text) points[n++] = char.codePointAt(0)!;
  return points.subarray(0, n);
}

/** Without what both begin and end with. The shorter one first. */
function trimmed(a: Uint32Array, b: Uint32Array): [Uint32Array, Uint32Array] {
  let [from, endA, endB] = [0, a.length, b.length];
  while (from < endA && from < endB && a[from] === b[from]) from++;
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [one, other] = [a.subarray(from, endA), b.subarray(from, endB)];
  return one.length <= other.length ? [one, other] : [other, one];
}

function between(
  a: Uint32Array,
  b: Uint32Array,
): { distance: number; method: 'exact' | 'lower-bound' } {
  const difference = b.length - a.length;
  let steps = 0;
  let known = difference; // the distance is this at least
  for (let band = Math.max(difference, 1); ; band = Math.min(2 * band, b.length)) {
    const cost = (a.length + 1) * Math.min(2 * band + 1, b.length + 1);
    if (steps + cost > EXACT_STEPS) return { distance: known, method: 'lower-bound' };
    steps += cost;
    const distance = withinBand(a, b, band);
    if (distance <= band) return { distance, method: 'exact' };
    known = band + 1;
  }
}

/** The distance, if it is at most `band`; else something larger than `band`. */
function withinBand(a: Uint32Array, b: Uint32Array, band: number): number {
  const far = band + 1;
  const row = new Uint32Array(b.length + 1);
  for (let j = 0; j <= b.length; j++) row[j] = Math.min(j, far);
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - band);
    const to = Math.min(b.length, i + band);
    let corner = row[from - 1]!;
    row[from - 1] = from === 1 ? Math.min(i, far) : far;
    for (let j = from; j <= to; j++) {
      const above = j === i + band ? far : row[j]!;
      const replaced = corner + (a[i - 1] === b[j - 1] ? 0 : 1);
      corner = row[j]!;
      row[j] = Math.min(replaced, above + 1, row[j - 1]! + 1, far);
    }
  }
  return row[b.length]!;
}
