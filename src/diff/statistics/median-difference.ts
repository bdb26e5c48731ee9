import { checkLevel } from './errors.ts';
import type { TwoSamples } from './ks.ts';
import { intervalZ } from './normal.ts';
import { finite, medianOf } from './samples.ts';

/**
 * The difference of two independent medians, of y − of x. Each has its interval by the order of its
 * sample, ranks (n + 1)/2 ± z √n/2 (Woodruff 1952, JASA 47:635), and they are put together as
 * Newcombe does with shares: diff − √((u_x − m_x)² + (m_y − l_y)²), diff + √((m_x − l_x)² + (u_y − m_y)²).
 * Not finite numbers are left out. Fewer than 6 on a side: no interval; none: no difference either.
 *
 * Zou and Donner 2008, Stat Med 27:1693. Throws `bad-setting`.
 */
export function medianDiffCI({ x, y, conf = 0.95 }: TwoSamples & { conf?: number }): {
  diff: number | null;
  lo: number | null;
  hi: number | null;
} {
  checkLevel('conf', conf);
  const [one, other] = [finite(x).sorted, finite(y).sorted];
  const [from, to] = [medianOf(one), medianOf(other)];
  if (from === null || to === null) return { diff: null, lo: null, hi: null };
  const diff = to - from;
  // All of n lie on one side of the median with probability 2^(1 − n).
  if (2 ** (1 - Math.min(one.length, other.length)) > 1 - conf) return { diff, lo: null, hi: null };
  const [a, b] = [boundsOf(one, conf), boundsOf(other, conf)];
  return {
    diff,
    lo: diff - Math.hypot(a.hi - from, to - b.lo),
    hi: diff + Math.hypot(from - a.lo, b.hi - to),
  };
}

function boundsOf(sorted: Float64Array, conf: number): { lo: number; hi: number } {
  const n = sorted.length;
  const reach = (intervalZ(conf) * Math.sqrt(n)) / 2;
  const at = Math.max(0, (n - 1) / 2 - reach);
  return { lo: between(sorted, at, 1), hi: between(sorted, at, -1) };
}

/** So far from the start (`step` 1) or the end (−1), between two numbers by proportion. */
function between(sorted: Float64Array, at: number, step: 1 | -1): number {
  const from = step === 1 ? 0 : sorted.length - 1;
  const [near, far] = [sorted[from + step * Math.floor(at)]!, sorted[from + step * Math.ceil(at)]!];
  const share = at - Math.floor(at);
  return near === far ? near : near * (1 - share) + far * share;
}
