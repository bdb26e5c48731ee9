import { longestCommon, longestCommonSteps } from './common-subsequence.ts';
import { EXACT_STEPS } from './method.ts';

/** Past this many steps bits take more memory than it is worth, and alike texts are quicker step by step. */
const BIT_STEPS = 2e6;

/** A word is a run of letters, digits, marks and underscores; any other visible sign is one by itself. */
const WORD = /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;

export interface WordChange {
  removed: number;
  added: number;
  kept: number;
  /** From 0 (the same words) to 1 (no word kept). */
  rate: number;
  /** A lower bound where the words' order took too long to compare: then only words themselves count. */
  method: 'exact' | 'lower-bound';
}

/**
 * How much of a text's words changed: (removed + added)/(words of a + words of b) =
 * 1 − 2 LCS/(n_a + n_b), by the longest common subsequence of words and signs; white space doesn't
 * count. Two texts without words: 0. By bits, or for long texts in about words · changes steps; past
 * 10^7 of those the words are compared as bags, which finds no more change than there is.
 *
 * Myers 1986, An O(ND) difference algorithm.
 */
export function wordChangeRate({ a, b }: { a: string; b: string }): WordChange {
  const ids = new Map<string, number>();
  const [one, other] = [wordIds(a, ids), wordIds(b, ids)];
  const all = one.length + other.length;
  const longest = keptWords(one, other);
  const kept = longest ?? sharedWords(one, other);
  return {
    removed: one.length - kept,
    added: other.length - kept,
    kept,
    rate: all === 0 ? 0 : (all - 2 * kept) / all,
    method: longest === null ? 'lower-bound' : 'exact',
  };
}

function wordIds(text: string, ids: Map<string, number>): number[] {
  const found: number[] = [];
  for (const [word] of text.matchAll(WORD)) {
    const id = ids.get(word) ?? ids.size;
    if (id === ids.size) ids.set(word, id);
    found.push(id);
  }
  return found;
}

/** The longest common subsequence; null where that takes too many steps. */
function keptWords(a: readonly number[], b: readonly number[]): number | null {
  if (longestCommonSteps(a, b) < BIT_STEPS) return longestCommon(a, b);
  const changes = shortestScript(a, b);
  return changes === null ? null : (a.length + b.length - changes) / 2;
}

/** The fewest insertions and deletions that make b of a; null where that takes too many steps. */
function shortestScript(a: readonly number[], b: readonly number[]): number | null {
  const most = a.length + b.length;
  let furthest = new Int32Array(64); // the furthest x reached on diagonal k, at k + middle
  let steps = 0;
  for (let d = 0; d <= most; d++) {
    if (2 * d + 4 > furthest.length) furthest = widened(furthest);
    const middle = furthest.length >> 1;
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[middle + k - 1]! < furthest[middle + k + 1]!);
      let x = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1;
      const start = x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return d;
      steps += 1 + x - start;
    }
    if (steps > EXACT_STEPS) return null;
  }
  return most;
}

function widened(furthest: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * furthest.length);
  wider.set(furthest, furthest.length >> 1);
  return wider;
}

function sharedWords(a: readonly number[], b: readonly number[]): number {
  const left = new Map<number, number>();
  for (const id of a) left.set(id, (left.get(id) ?? 0) + 1);
  let shared = 0;
  for (const id of b) {
    const count = left.get(id) ?? 0;
    if (count === 0) continue;
    left.set(id, count - 1);
    shared++;
  }
  return shared;
}
