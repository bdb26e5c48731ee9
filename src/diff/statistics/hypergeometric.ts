import { logBinomial } from './binomial.ts';
import { logFactorial } from './gamma.ts';
import type { Random } from './random.ts';

/** X = marked items among `drawn` of `total`, of which `marked` are marked. */
export interface Draw {
  marked: number;
  drawn: number;
  total: number;
}

/** The smallest and the largest value X can have. */
export function supportOf({ marked, drawn, total }: Draw): [number, number] {
  return [Math.max(0, drawn - (total - marked)), Math.min(marked, drawn)];
}

export function modeOf({ marked, drawn, total }: Draw): number {
  return Math.floor(((drawn + 1) * (marked + 1)) / (total + 2));
}

/** ln P(X = x), for x in the support: three binomial terms whose errors are small (Loader 2000). */
export function logHypergeometric(x: number, { marked, drawn, total }: Draw): number {
  if (drawn === 0 || drawn === total) return 0;
  const p = drawn / total;
  const q = (total - drawn) / total;
  return (
    logBinomial(x, marked, p, q) +
    logBinomial(drawn - x, total - marked, p, q) -
    logBinomial(drawn, total, p, q)
  );
}

/** P(X ≥ x) (`step` 1) or P(X ≤ x) (`step` −1), summed away from x until nothing is added. */
export function hypergeometricTail(x: number, step: 1 | -1, draw: Draw): number {
  const [low, high] = supportOf(draw);
  if (step === 1 ? x <= low : x >= high) return 1;
  if (x < low || x > high) return 0;
  let term = 1;
  let sum = 1;
  // The terms may rise to the mode first: no stopping before it.
  const mode = modeOf(draw);
  for (let at = x; step === 1 ? at < high : at > low; at += step) {
    term *= step === 1 ? ratioUp(at, draw) : 1 / ratioUp(at - 1, draw);
    sum += term;
    if (term < sum * 1e-17 && (step === 1 ? at > mode : at < mode)) break;
  }
  return Math.min(1, sum * Math.exp(logHypergeometric(x, draw)));
}

/** One draw, by inversion outwards from the mode: about as many steps as X has standard deviations' width. */
export function drawHypergeometric(random: Random, draw: Draw): number {
  const [low, high] = supportOf(draw);
  if (low === high) return low;
  const mode = modeOf(draw);
  let up = Math.exp(nearLogHypergeometric(mode, draw));
  let down = up;
  let left = random.next() - up;
  if (left < 0) return mode;
  for (let above = mode, below = mode; above < high || below > low; ) {
    if (above < high) {
      up *= ratioUp(above, draw);
      above++;
      left -= up;
      if (left < 0) return above;
    }
    if (below > low) {
      below--;
      down /= ratioUp(below, draw);
      left -= down;
      if (left < 0) return below;
    }
    if (up + down < 1e-18) break; // what is left is rounding
  }
  return mode;
}

const KNOWN = Float64Array.from({ length: 4096 }, (_, n) => logFactorial(n));
const quickLogFactorial = (n: number) => (n < KNOWN.length ? KNOWN[n]! : logFactorial(n));

/** `logHypergeometric` to about 1e-9, which chance doesn't notice, in a fraction of the time. */
function nearLogHypergeometric(x: number, { marked, drawn, total }: Draw): number {
  const rest = total - marked;
  return (
    quickLogFactorial(marked) -
    quickLogFactorial(x) -
    quickLogFactorial(marked - x) +
    (quickLogFactorial(rest) - quickLogFactorial(total)) +
    (quickLogFactorial(drawn) - quickLogFactorial(drawn - x)) +
    (quickLogFactorial(total - drawn) - quickLogFactorial(rest - drawn + x))
  );
}

/** P(X = x + 1)/P(X = x). */
function ratioUp(x: number, { marked, drawn, total }: Draw): number {
  return (((marked - x) / (x + 1)) * (drawn - x)) / (total - marked - drawn + x + 1);
}
