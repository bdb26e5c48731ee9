/** What differs between two texts, word by word. Texts are hostile: any length, any script. */
import type { Report } from '../../contract/diff.ts';

export type WordRun = NonNullable<Report['cases'][number]['words']>[number];

const MOST_WORDS = 2000;
const LONGEST = 16_000; // UTF-16 code units

/** A run of letters, digits, marks and underscores, or one other sign; with the white space before it. */
const WORD = /\s*(?:[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_])|\s+$/gu;

/**
 * Runs of words that stay, go and come, in the order of the texts; of a place that changed, what
 * went stands first. White space counts for nothing, but is kept. Swapping the texts swaps
 * `removed` and `added`. Null where a text has more than 2,000 words or 16,000 characters.
 */
export function wordDiff(before: string, after: string): WordRun[] | null {
  if (before.length > LONGEST || after.length > LONGEST) return null;
  const [one, other] = [wordsOf(before), wordsOf(after)];
  if (one.length > MOST_WORDS || other.length > MOST_WORDS) return null;
  // Of several shortest ways the same one is told whichever text comes first.
  if (before <= after) return merged(one, other, 'removed', 'added');
  return merged(other, one, 'added', 'removed');
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => word);
}

function merged(
  a: readonly string[],
  b: readonly string[],
  onlyA: 'removed' | 'added',
  onlyB: 'removed' | 'added',
): WordRun[] {
  const runs: WordRun[] = [];
  let changed = { removed: '', added: '' };
  const flush = () => {
    for (const op of ['removed', 'added'] as const) {
      if (changed[op] !== '') runs.push({ op, text: changed[op] });
    }
    changed = { removed: '', added: '' };
  };
  for (const [op, word] of script(a, b)) {
    if (op === 'a') changed[onlyA] += word;
    else if (op === 'b') changed[onlyB] += word;
    else {
      flush();
      const last = runs.at(-1);
      if (last?.op === 'same') last.text += word;
      else runs.push({ op: 'same', text: word });
    }
  }
  flush();
  return runs;
}

/** By the longest common subsequence: at most 4 million cells, two bytes each. */
function* script(
  a: readonly string[],
  b: readonly string[],
): Generator<['a' | 'b' | 'same', string]> {
  const ids = new Map<string, number>();
  const [one, other] = [idsOf(a, ids), idsOf(b, ids)];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] =
        one[i] === other[j]
          ? lengths[at + width + 1]! + 1
          : Math.max(lengths[at + width]!, lengths[at + 1]!);
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (one[i] === other[j]) {
      yield ['same', a[i]!];
      i++;
      j++;
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) yield ['a', a[i++]!];
    else yield ['b', b[j++]!];
  }
  while (i < a.length) yield ['a', a[i++]!];
  while (j < b.length) yield ['b', b[j++]!];
}

/** Numbers are compared faster than texts. White space around a word is none of it. */
function idsOf(words: readonly string[], ids: Map<string, number>): Int32Array {
  return Int32Array.from(words, (word) => {
    const bare = word.trim();
    const id = ids.get(bare) ?? ids.size;
    ids.set(bare, id);
    return id;
  });
}
