import { deviance, stirlingRemainder } from './gamma.ts';

/** ln P(X = k) of Binomial(n, p), by Loader's saddle-point form; 0 ≤ k ≤ n, 0 < p < 1. */
export function logBinomial(k: number, n: number, p: number, q = 1 - p): number {
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  return (
    stirlingRemainder(n) -
    stirlingRemainder(k) -
    stirlingRemainder(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * q) -
    0.5 * Math.log(2 * Math.PI * k * ((n - k) / n))
  );
}

/** ln C(n, k). */
export function logChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : logBinomial(k, n, 0.5) + n * Math.LN2;
}

/** part/C(n, k), without the rounding of logarithms where C(n, k) is not too large to hold. */
export function shareOfChoices(part: number, n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k && ways < 1e290; i++) ways = (ways * (n - k + i)) / i;
  return ways < 1e290 ? part / ways : Math.exp(Math.log(part) - logChoose(n, k));
}

/**
 * P(X ≤ k) of Binomial(n, p) as a sum from the largest term down, so that small tails keep their
 * digits; right for any k, quick below the mean.
 */
export function binomialLower(k: number, n: number, p: number): number {
  let term = 1;
  let sum = 1;
  const odds = (1 - p) / p;
  const top = Math.min(k, Math.floor((n + 1) * p)); // terms fall from the mode down
  for (let i = top; i > 0; i--) {
    term *= (i / (n - i + 1)) * odds;
    sum += term;
    if (term < sum * 1e-17) break;
  }
  term = 1;
  for (let i = top; i < k; i++) {
    term *= (n - i) / (i + 1) / odds;
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(1, sum * Math.exp(logBinomial(top, n, p)));
}
