import { drawHypergeometric } from './hypergeometric.ts';
import type { Random } from './random.ts';

/** From this many equal numbers up, one draw for all of them is quicker than one for each. */
const DRAWN_FROM = 24;

/** Of `count` numbers, how many go to the side that still takes `left` of the `total` not yet dealt. */
export function relabelled(random: Random, count: number, left: number, total: number): number {
  if (count >= DRAWN_FROM) return drawHypergeometric(random, { marked: count, drawn: left, total });
  let taken = 0;
  for (let i = 0; i < count; i++) if (random.chance(left - taken, total - i)) taken++;
  return taken;
}

/** About the steps of dealing out numbers that repeat `counts` times to sides of m and n once. */
export function relabelSteps(counts: ArrayLike<number>, m: number, n: number): number {
  const share = (m / (m + n)) * (n / (m + n));
  let steps = 0;
  for (let k = 0; k < counts.length; k++) {
    const count = counts[k]!;
    steps += count < DRAWN_FROM ? count : 20 + 3 * Math.sqrt(count * share);
  }
  return steps;
}
