/** Bits of a word of the vector: sums of two fit in a small integer with their carry. */
const BITS = 30;
const FULL = 2 ** BITS - 1;

/** About the steps of `longestCommon`, and the numbers it holds at most. */
export function longestCommonSteps(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(a.length, b.length) * Math.ceil(Math.min(a.length, b.length) / BITS);
}

/**
 * The length of the longest common subsequence, 30 places of the shorter list at a time: a bit is 0
 * where the best subsequence grows by one.
 *
 * Crochemore, Iliopoulos, Pinzon and Reid 2001, Inf Process Lett 80:279; Hyyrö 2004.
 * @param a whole numbers from 0, as b
 */
export function longestCommon(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [few, more] = a.length < b.length ? [a, b] : [b, a];
  const words = Math.ceil(few.length / BITS);
  const places = new Map<number, Int32Array>(); // of each number, as bits
  for (let i = 0; i < few.length; i++) {
    let bits = places.get(few[i]!);
    if (!bits) {
      bits = new Int32Array(words);
      places.set(few[i]!, bits);
    }
    bits[Math.floor(i / BITS)]! |= 1 << (i % BITS);
  }
  const vector = new Int32Array(words).fill(FULL);
  for (let j = 0; j < more.length; j++) {
    const bits = places.get(more[j]!);
    if (!bits) continue;
    let carry = 0;
    for (let w = 0; w < words; w++) {
      const v = vector[w]!;
      const met = v & bits[w]!;
      const sum = v + met + carry;
      carry = sum >>> BITS;
      vector[w] = (sum & FULL) | (v & ~met);
    }
  }
  let length = 0;
  for (let i = 0; i < few.length; i++)
    if (((vector[Math.floor(i / BITS)]! >> (i % BITS)) & 1) === 0) length++;
  return length;
}
