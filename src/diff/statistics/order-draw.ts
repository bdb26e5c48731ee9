/** Where the middle of a bootstrap sample falls, without drawing the sample. */
import type { Random } from './random.ts';

/**
 * The j-th smallest of n uniform numbers is Γ_j/(Γ_j + Γ_{n+1−j}), Γ_k being gamma variables; so the
 * middle of n draws from n sorted numbers has its place by two or three of them, whatever n is.
 *
 * Devroye 1986, Non-Uniform Random Variate Generation, V.3.
 * @param n 2 or more @returns the places, from 0, of the two middle ones; the same of an odd n
 */
export function middleOfDraws(random: Random, n: number): [number, number] {
  const isOdd = n % 2 === 1;
  const half = isOdd ? (n + 1) / 2 : n / 2;
  const below = gamma(random, half);
  const between = isOdd ? 0 : -Math.log(1 - random.next());
  const all = below + between + gamma(random, half);
  const place = (sum: number) => Math.min(n - 1, Math.floor((sum / all) * n));
  return [place(below), place(below + between)];
}

/** Marsaglia and Tsang 2000, ACM TOMS 26:363. @param shape 1 or more */
function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.next()) < x * x * 0.5 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Marsaglia's polar method, of which one number is used. */
function normal(random: Random): number {
  for (;;) {
    const [x, y] = [2 * random.next() - 1, 2 * random.next() - 1];
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
  }
}
