import { upperGamma } from './gamma.ts';
import { asP } from './p-value.ts';

/**
 * P(Z > z) of the standard normal distribution: erfc(z/√2)/2, where erfc(x) = Q(½, x²), true to
 * 1e-12 of its value down to 1e-300. Never 0; NaN gives 1.
 */
export function normalSf({ z }: { z: number }): { p: number } {
  return { p: asP(upperTail(z)) };
}

/** P(|Z| ≥ |z|). */
export function twoSidedNormal(z: number): number {
  return asP(2 * upperTail(Math.abs(z)));
}

/** The z with P(Z > z) = p, for 0 < p < 1: a rational start (Abramowitz and Stegun 26.2.23), then Newton on ln P. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let z =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 6; i++) {
    const tail = upperTail(z);
    const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
    const step = (Math.log(tail / p) * tail) / density;
    z += step;
    if (Math.abs(step) < 1e-15 * (1 + Math.abs(z))) break;
  }
  return z;
}

/** The z of a two-sided interval with this confidence: 1.96 for 0.95. */
export function intervalZ(conf: number): number {
  return normalQuantile((1 - conf) / 2);
}

function upperTail(z: number): number {
  if (Number.isNaN(z)) return 1;
  const half = upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? 1 - half : half;
}
