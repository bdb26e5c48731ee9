/**
 * Log-gamma and the incomplete gamma function, true to about 1e-13 of their value far into the
 * tails. Differences of large log-gammas lose digits, so probabilities are put together from
 * Stirling's remainder and deviances instead (Loader 2000, Fast and accurate computation of
 * binomial probabilities).
 */
const HALF_LOG_2PI = 0.9189385332046727;
const SERIES_FROM = 16;
const MAX_TERMS = 1_000_000;

/** ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π, for x > 0. */
export function stirlingRemainder(x: number): number {
  if (x < SERIES_FROM) {
    const known = Number.isInteger(x) ? SMALL[x] : undefined;
    return known ?? stirlingRemainder(x + 1) + (x + 0.5) * Math.log1p(1 / x) - 1;
  }
  const y = 1 / (x * x);
  return (
    (1 / 12 -
      y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - (y * 691) / 360360))))) /
    x
  );
}

const SMALL: number[] = [];
for (let x = SERIES_FROM - 1; x > 0; x--) SMALL[x] = stirlingRemainder(x);

/** x ln(x/m) + m − x, without loss where x and m are near; x ≥ 0, m > 0. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let j = 3; j < 100; j += 2) {
    power *= v * v;
    const next = sum + power / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 1) return logGamma(x + 1) - Math.log(x);
  if (x === 1 || x === 2) return 0;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + stirlingRemainder(x);
}

/** ln n! */
export function logFactorial(n: number): number {
  return n < 2 ? 0 : (n + 0.5) * Math.log(n) - n + HALF_LOG_2PI + stirlingRemainder(n);
}

/**
 * Q(a, x) = Γ(a, x)/Γ(a), the upper regularised incomplete gamma function, for a > 0, x ≥ 0: by the
 * series of its complement below x = a + 1, by Legendre's continued fraction (modified Lentz) above.
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  // x^a e^−x / Γ(a + 1)
  const front = Math.exp(-stirlingRemainder(a) - deviance(a, x) - HALF_LOG_2PI) / Math.sqrt(a);
  if (x < a + 1) return Math.max(0, 1 - front * series(a, x));
  return front * a * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let i = 1; i < MAX_TERMS && term > sum * 1e-17; i++) {
    term *= x / (a + i);
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < MAX_TERMS; i++) {
    const n = -i * (i - a);
    b += 2;
    d = 1 / nonZero(n * d + b);
    c = nonZero(b + n / c);
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return value;
}

function nonZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x;
}
