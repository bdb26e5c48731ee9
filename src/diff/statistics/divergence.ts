import { StatisticsError } from './errors.ts';

const FLOOR = 1e-4;
/** Shares written as decimals sum to 1 about this closely. */
const SUMS_TO_ONE = 1e-9;

/**
 * The population stability index, Σ (q − p) ln(q/p), natural logarithm: a description, not a test.
 * A bin that one side never saw would make it infinite, so shares below `eps` are lifted to it: all
 * of them where `eps` is given, else those that are 0 on one side, to 10⁻⁴. `unstable` says
 * that a share was lifted: the value then depends on `eps`. A bin empty on both sides adds nothing.
 *
 * Counts, or shares that don't sum to 1, are divided by their sum; `renormalise: false` takes them
 * as they are, `true` divides again after lifting. A side without anything: 0, unstable.
 *
 * Siddiqi 2006, Credit Risk Scorecards; = KL(p‖q) + KL(q‖p). Throws `bad-share`, `bad-shape`, `bad-setting`.
 */
export function psi(argument: {
  ref: readonly number[];
  cur: readonly number[];
  eps?: number;
  renormalise?: boolean;
}): { psi: number; unstable: boolean } {
  const { ref, cur, eps, renormalise } = argument;
  checkShares(ref, cur);
  if (eps !== undefined && !(eps > 0 && eps < 1)) {
    throw new StatisticsError('bad-setting', `eps is ${eps}: it must lie between 0 and 1.`);
  }
  if (!ref.some((share) => share > 0) || !cur.some((share) => share > 0))
    return { psi: 0, unstable: true };
  const floor = eps ?? FLOOR;
  const asGiven = renormalise === false;
  let [p, q] = asGiven ? [ref, cur] : [sharesOf(ref), sharesOf(cur)];
  const isLow = (share: number) => (eps === undefined ? share === 0 : share < floor);
  const lifted = (shares: readonly number[], others: readonly number[]) =>
    shares.map((share, i) => (isLow(share) && (share > 0 || others[i]! > 0) ? floor : share));
  const unstable = p.some((share, i) => (share > 0 || q[i]! > 0) && (isLow(share) || isLow(q[i]!)));
  [p, q] = [lifted(p, q), lifted(q, p)];
  if (renormalise === true) [p, q] = [sharesOf(p), sharesOf(q)];
  let sum = 0;
  for (const [i, share] of p.entries()) {
    if (share > 0 && q[i]! > 0) sum += (q[i]! - share) * Math.log(q[i]! / share);
  }
  return { psi: sum, unstable };
}

/**
 * The Jensen-Shannon divergence H((p + q)/2) − (H(p) + H(q))/2 and its root, the distance; in base 2
 * (the default) both lie from 0 to 1. Each side is divided by its sum. A side without anything: 0.
 *
 * Lin 1991. @param base 2, 'e' or any number above 1. Throws `bad-share`, `bad-shape`, `bad-setting`.
 */
export function jensenShannon(argument: {
  p: readonly number[];
  q: readonly number[];
  base?: number | 'e';
}): { distance: number; divergence: number } {
  const { base = 2 } = argument;
  checkShares(argument.p, argument.q);
  if (base !== 'e' && !(base > 1 && Number.isFinite(base))) {
    throw new StatisticsError('bad-setting', `base is ${base}: it must be above 1, or 'e'.`);
  }
  const unit = base === 'e' ? 1 : Math.log(base);
  const [p, q] = [sharesOf(argument.p), sharesOf(argument.q)];
  const isEmpty = (shares: readonly number[]) => shares.every((share) => share === 0);
  if (isEmpty(p) || isEmpty(q)) return { distance: 0, divergence: 0 };
  let sum = 0;
  for (const [i, share] of p.entries()) {
    const middle = (share + q[i]!) / 2;
    if (share > 0) sum += (share / 2) * Math.log(share / middle);
    if (q[i]! > 0) sum += (q[i]! / 2) * Math.log(q[i]! / middle);
  }
  const divergence = Math.min(Math.LN2, Math.max(0, sum)) / unit;
  return { distance: Math.sqrt(divergence), divergence };
}

function checkShares(p: readonly number[], q: readonly number[]): void {
  if (p.length !== q.length) {
    throw new StatisticsError(
      'bad-shape',
      `${p.length} shares on one side, ${q.length} on the other.`,
    );
  }
  for (const share of [...p, ...q]) {
    if (!(share >= 0 && Number.isFinite(share))) {
      throw new StatisticsError(
        'bad-share',
        `A share is ${share}: it must be a number, 0 or more.`,
      );
    }
  }
}

function sharesOf(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0 || Math.abs(sum - 1) <= SUMS_TO_ONE) return weights;
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0); // first divided by, as the sum may be too large to hold
  const scaled = weights.map((weight) => weight / largest);
  const total = scaled.reduce((all, weight) => all + weight, 0);
  return scaled.map((weight) => weight / total);
}
