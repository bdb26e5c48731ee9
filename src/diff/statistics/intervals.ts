import { binomialLower } from './binomial.ts';
import { checkCount, checkLevel, StatisticsError } from './errors.ts';
import { intervalZ } from './normal.ts';

export interface Interval {
  lo: number;
  hi: number;
}

const CONF = 0.95;

/**
 * Wilson's interval for a share k/n: (p̂ + z²/2n ± z √(p̂q̂/n + z²/4n²))/(1 + z²/n), within 0 … 1.
 * n = 0 says nothing: 0 … 1. Wilson 1927; Newcombe 1998, Stat Med 17:857.
 * Throws `bad-count` (k over n too), `bad-setting`.
 */
export function wilsonCI({ k, n, conf = CONF }: { k: number; n: number; conf?: number }): Interval {
  checkPart('k', k, n);
  checkLevel('conf', conf);
  if (n === 0) return { lo: 0, hi: 1 };
  const z2 = intervalZ(conf) ** 2;
  const middle = k + z2 / 2;
  const half = Math.sqrt(z2 * (k * ((n - k) / n) + z2 / 4));
  const lo = k === 0 ? 0 : (middle - half) / (n + z2);
  return { lo: Math.max(0, lo), hi: k === n ? 1 : Math.min(1, (middle + half) / (n + z2)) };
}

/**
 * The difference of two independent shares, k1/n1 − k2/n2, with Newcombe's hybrid interval (his
 * method 10): from the Wilson limits l, u of both, diff − √((p₁ − l₁)² + (u₂ − p₂)²) and
 * diff + √((u₁ − p₁)² + (p₂ − l₂)²). An empty side says nothing: 0, −1 … 1.
 *
 * Newcombe 1998, Stat Med 17:873. Throws `bad-count`, `bad-setting`.
 */
export function propDiffCI(argument: {
  k1: number;
  n1: number;
  k2: number;
  n2: number;
  conf?: number;
}): Interval & { diff: number } {
  const { k1, n1, k2, n2, conf = CONF } = argument;
  const first = wilsonCI({ k: k1, n: n1, conf });
  const second = wilsonCI({ k: k2, n: n2, conf });
  if (n1 === 0 || n2 === 0) return { diff: 0, lo: -1, hi: 1 };
  const [p1, p2] = [k1 / n1, k2 / n2];
  const diff = p1 - p2;
  return {
    diff,
    lo: Math.max(-1, diff - Math.hypot(p1 - first.lo, second.hi - p2)),
    hi: Math.min(1, diff + Math.hypot(first.hi - p1, p2 - second.lo)),
  };
}

/**
 * The difference of two paired shares, (b − c)/n, with Bonett and Price's adjusted Wald interval:
 * p̃₁₂ = (b + 1)/(n + 2), p̃₂₁ = (c + 1)/(n + 2), (p̃₁₂ − p̃₂₁) ± z √((p̃₁₂ + p̃₂₁ − (p̃₁₂ − p̃₂₁)²)/(n + 2)),
 * within −1 … 1. Works at b = c = 0; n = 0 says nothing: 0, −1 … 1.
 *
 * Bonett and Price 2012, JEBS 37:479; Fagerland, Lydersen and Laake 2014, Stat Med 33:2850.
 * @param b pairs that went one way @param c the other way @param n all pairs
 * Throws `bad-count` (b + c over n too), `bad-setting`.
 */
export function pairedPropDiffCI(argument: {
  b: number;
  c: number;
  n: number;
  conf?: number;
}): Interval & { diff: number } {
  const { b, c, n, conf = CONF } = argument;
  checkCount('b', b);
  checkPart('b + c', b + c, n);
  checkCount('c', c);
  checkLevel('conf', conf);
  const [there, back] = [(b + 1) / (n + 2), (c + 1) / (n + 2)];
  const middle = there - back;
  const half = intervalZ(conf) * Math.sqrt((there + back - middle ** 2) / (n + 2));
  return {
    diff: n === 0 ? 0 : (b - c) / n,
    lo: Math.max(-1, middle - half),
    hi: Math.min(1, middle + half),
  };
}

/**
 * How large a flip rate may be, given `flips` in n: the one-sided upper limit of Clopper and
 * Pearson, the rate at which as few flips have probability α = 1 − conf. Without flips 1 − α^(1/n)
 * (the rule of three: about 3/n at 95 %). n = 0 says nothing: 1.
 *
 * Clopper and Pearson 1934. Throws `bad-count` (flips over n too), `bad-setting`.
 */
export function zeroFlipsUpper(argument: { flips: number; n: number; conf?: number }): {
  hi: number;
} {
  const { flips, n, conf = CONF } = argument;
  checkPart('flips', flips, n);
  checkLevel('conf', conf);
  const alpha = 1 - conf;
  if (flips === n) return { hi: 1 };
  if (flips === 0) return { hi: -Math.expm1(Math.log(alpha) / n) };
  let [lo, hi] = [flips / n, 1];
  for (let i = 0; i < 100 && hi - lo > 1e-16; i++) {
    const middle = (lo + hi) / 2;
    if (binomialLower(flips, n, middle) > alpha) lo = middle;
    else hi = middle;
  }
  return { hi };
}

function checkPart(name: string, part: number, n: number): void {
  checkCount(name, part);
  checkCount('n', n);
  if (part > n)
    throw new StatisticsError('bad-count', `${name} is ${part}, more than the ${n} there are.`);
}
