import type { Random } from './random.ts';

/** How many of so many fair coins fall on heads, 32 coins a word. */
export function headsOf(random: Random, coins: number): number {
  let heads = 0;
  let left = coins;
  for (; left >= 32; left -= 32) heads += onesIn(random.bits());
  return left > 0 ? heads + onesIn(random.bits() >>> (32 - left)) : heads;
}

/** Words that takes. */
export function headsSteps(coins: number): number {
  return Math.ceil(coins / 32);
}

function onesIn(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
